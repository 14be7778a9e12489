/** Reads logs into metrics, and writes these: once, or again and again while a stream goes on. */
import { rename, writeFile } from "node:fs/promises";
import type { Context } from "../command.ts";
import { CliError, EXIT, reasonOf } from "../failure.ts";
import { Metrics } from "./metrics.ts";
import type { AuditOptions } from "./options.ts";
import { eachLine } from "./stream.ts";

export async function measureLogs(
  logs: string[],
  { output, every }: Pick<AuditOptions, "output" | "every">,
  { terminal, signal }: Context,
): Promise<void> {
  const metrics = new Metrics();
  if (output === undefined) {
    await eachLine(logs, signal, (line) => metrics.take(line));
    return terminal.write(metrics.text());
  }
  let written = "";
  let failure: unknown = null;
  const write = async () => {
    const text = metrics.text();
    if (text === written) return;
    // Whoever reads it sees one whole file or the other.
    await writeFile(`${output}.tmp`, text);
    await rename(`${output}.tmp`, output);
    written = text;
  };
  // A missing folder is reported at once, and not when the log ends.
  await write().catch((error: unknown) => fail(output, error));
  let running = Promise.resolve();
  const again = () =>
    (running = running.then(write).catch((error: unknown) => {
      failure = error;
    }));
  const timer = setInterval(() => void again(), every * 1000);
  try {
    await eachLine(logs, signal, (line) => metrics.take(line));
  } finally {
    clearInterval(timer);
    await again();
  }
  if (failure !== null) fail(output, failure);
}

function fail(output: string, error: unknown): never {
  throw new CliError("file_unwritable", `${output}: ${reasonOf(error)}`, "", EXIT.outside);
}
