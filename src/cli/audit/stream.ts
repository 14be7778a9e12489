/** Reads logs line by line, because a log may be larger than the memory. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { pipeline, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { CliError, reasonOf } from "../failure.ts";

/** The rest of a longer line is skipped; Traefik writes none. */
const LINE = 1 << 20;

/** `-` is standard input; a name that ends in `.gz` is unpacked. */
export async function eachLine(
  names: readonly string[],
  signal: AbortSignal,
  take: (line: string) => void,
): Promise<void> {
  for (const name of names) {
    const stream = streamOf(name);
    // A pipe whose other end is silent would not notice Ctrl-C.
    const end = () => stream.destroy();
    signal.addEventListener("abort", end);
    try {
      await linesOf(stream, take);
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw new CliError("file_unreadable", `${name}: ${reasonOf(error)}`);
    } finally {
      signal.removeEventListener("abort", end);
    }
  }
}

function streamOf(name: string): Readable {
  if (name === "-") return process.stdin;
  const file = createReadStream(name, { highWaterMark: 1 << 18 });
  // Its errors reach the reader at the end of the pipeline.
  return name.endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
}

async function linesOf(stream: AsyncIterable<Buffer>, take: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      take(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > LINE) rest = rest.slice(0, LINE);
  }
  if (rest !== "") take(rest);
}
