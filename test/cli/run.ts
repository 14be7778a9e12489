/** Runs the bundled command as a process of its own, and holds its output to files in golden/. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { root } from "../../tools/root.ts";

export const program = join(root, "dist/rolegate.mjs");
export const fixtures = join(root, "test/cli/fixtures");

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Written to standard input, which is closed then. */
  input?: string | Buffer;
  /** Written after it, when the process has begun to read it: it must be more than a pipe holds. */
  later?: string | Buffer;
  /** Another copy of the program. */
  program?: string;
  /** Called with the process when it runs. */
  started?: (child: {
    pid?: number;
    stderr: Readable;
    kill(signal: NodeJS.Signals): boolean;
  }) => void;
  /** Called with the process when it has said the first thing on standard error. */
  spoken?: (child: { kill(signal: NodeJS.Signals): boolean }) => void;
}

/** Never a terminal; the environment is only what is given, and PATH. */
export function rolegate(args: string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [options.program ?? program, ...args], {
    cwd: options.cwd ?? fixtures,
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...options.env },
    stdio: "pipe",
  });
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (ran.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (ran.stderr += text));
  child.stdin.on("error", () => {});
  if (options.later === undefined) child.stdin.end(options.input ?? "");
  else child.stdin.write(options.input!, () => child.stdin.end(options.later));
  options.started?.(child);
  child.stderr.once("data", () => options.spoken?.(child));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      // On a busy machine it says what takes so long.
      const stderr = ran.stderr.replace(/^.* …\n/gm, "");
      resolve({ ...ran, stderr, code });
    });
  });
}

/** The text is what golden/<name> holds; ROLEGATE_GOLDEN=write writes it anew, for people to look at in the diff. */
export function golden(name: string, text: string): void {
  const path = join(root, "test/cli/golden", name);
  if (process.env.ROLEGATE_GOLDEN === "write") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `there is no golden/${name}; ROLEGATE_GOLDEN=write makes it`);
  assert.equal(text, readFileSync(path, "utf8"), `golden/${name}`);
}

/** What a failed command says, in its three parts, and nothing else. */
export function complaint({ stderr }: Ran): { code: string; message: string; hint: string } {
  const match = /^error \[(\w+)\] (.+)\n(?: {2}hint: ((?:.+\n)+))?$/.exec(stderr);
  assert.ok(match, stderr);
  return { code: match[1]!, message: match[2]!, hint: (match[3] ?? "").trim() };
}

/**
 * How many times the processor time of Node's own start a run takes, the least of seven each, by turns: the clock would
 * measure who else works on the machine, and how fast it is. On an idle one, Node starts in 40 to 50 ms.
 */
export function starts(args: string[], input = ""): { times: number; stdout: string } {
  const run = (words: string[]) => {
    const command = [process.execPath, ...words].map((it) => `'${it}'`).join(" ");
    const script = `TIMEFORMAT='%U %S'; time ${command}`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { input, encoding: "utf8" });
    const [user, system] = stderr.trim().split("\n").at(-1)!.split(" ").map(Number);
    return { seconds: user! + system!, stdout };
  };
  const pairs = Array.from({ length: 7 }, () => [run(["-e", "0"]), run([program, ...args])]);
  const least = (index: number) => Math.min(...pairs.map((pair) => pair[index]!.seconds));
  return { times: least(1) / least(0), stdout: pairs[0]![1]!.stdout };
}
