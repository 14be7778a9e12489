/** Prefect's own client as a process: its command line, or a program in python/, as whoever it is told to be. */
import { join } from "node:path";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { environment } from "../../stack/prefect/prefect.ts";
import { root } from "../../tools/root.ts";
import type { Caller } from "../presets/prefect/gate.ts";
import type { Setting } from "./setting.ts";

const programs = join(root, "test/prefect/python");
/** Python's arguments for the command line. */
export const prefect = ["-m", "prefect"];
/** And for a program in python/. */
export const program = (name: string) => [join(programs, name)];

export interface Run {
  code: number | null;
  output: string;
}

export interface RunningClient {
  child: Child;
  /** What it has written so far. */
  output(): string;
  /** Resolves when `text` is in the output. Rejects when it ends before that, or after `timeout` ms. */
  says(text: string, timeout?: number): Promise<void>;
  /** Ctrl-C, and its end. */
  interrupt(): Promise<Run>;
  ended: Promise<Run>;
}

/** What puts a credential on all of a client's requests and WebSockets. */
export const customHeaders = (token: string): Record<string, string> =>
  token === ""
    ? {}
    : { PREFECT_CLIENT_CUSTOM_HEADERS: JSON.stringify({ Authorization: `Bearer ${token}` }) };

export async function startClient(
  setting: Setting,
  credential: Record<string, string>,
  args: string[],
): Promise<RunningClient> {
  const home = temporaryFolder("client");
  const lines: string[] = [];
  const output = () => lines.join("\n");
  const { installed } = setting.prefect;
  const child = await startChild(installed.python, args, {
    cwd: home.path,
    env: {
      ...environment(installed, home.path),
      PREFECT_API_URL: setting.api,
      PYTHONPATH: `${installed.folder}:${programs}`,
      ...credential,
    },
    onLine: (line) => lines.push(line),
    patience: 10_000,
    group: true,
  });
  const ended = child.ended.then((code) => {
    home.remove();
    return { code, output: output() };
  });
  return {
    child,
    output,
    ended,
    async says(text, timeout = 60_000) {
      for (const end = Date.now() + timeout; !output().includes(text);) {
        if (!child.running() || Date.now() > end) throw new Error(`no "${text}" in:\n${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async interrupt() {
      process.kill(-child.pid, "SIGINT");
      return ended;
    },
  };
}

/** Runs it to its end, which comes by force after two minutes. */
export async function runClient(
  setting: Setting,
  who: Caller | Record<string, string>,
  args: string[],
): Promise<Run> {
  const credential = typeof who === "string" ? customHeaders(setting.token(who)) : who;
  const client = await startClient(setting, credential, args);
  const late = setTimeout(() => void client.child.stop(), 120_000);
  const run = await client.ended;
  clearTimeout(late);
  return run;
}
