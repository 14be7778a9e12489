/** The benchmark's Go programs: built when they are needed, run as child processes. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { onExit } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { findGo } from "./toolchain.ts";

const execute = promisify(execFile);

export interface Build {
  /** Go's name of the processor's kind; default: this machine's. */
  arch?: string;
  /** The program's name; default: the folder's. */
  as?: string;
  /** A file for `go build -overlay`. */
  overlay?: string | undefined;
  go?: string;
}

/** Builds bench/`name` and gives the program's path. Go's own cache makes a second time quick. */
export async function buildProgram(name: string, build: Build = {}): Promise<string> {
  const folder = join(root, "bench", name);
  const programs = join(root, "build", "bench", "programs");
  const program = join(programs, build.as ?? name);
  // Test files run beside each other: none may see half of a program.
  const mine = `${program}-${process.pid}`;
  mkdirSync(programs, { recursive: true });
  const go = build.go ?? (await findGo());
  // The installed Go or none: another release would be another measurement.
  const env = {
    ...process.env,
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOFLAGS: "-buildvcs=false",
    ...(build.arch === undefined ? {} : { GOARCH: build.arch }),
  };
  const overlay = build.overlay === undefined ? [] : ["-overlay", build.overlay];
  await execute(go, ["build", ...overlay, "-o", mine, "."], { cwd: folder, env });
  renameSync(mine, program);
  return program;
}

/** Runs a program to its end, its standard error shown, and reads its standard output as JSON. */
export async function runProgram<T>(program: string, args: string[]): Promise<T> {
  const child = started(program, args);
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(signal ?? status));
  });
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ""} ended with ${code}`);
  return JSON.parse(output) as T;
}

export interface Server {
  pid: number;
  port: number;
  stop(): void;
}

/** Starts a program that prints the port it listens on. */
export async function startServer(program: string, args: string[]): Promise<Server> {
  const child = started(program, args);
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", (line) => resolve(Number(line)));
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { pid: child.pid!, port, stop: () => void child.kill("SIGKILL") };
}

function started(program: string, args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const forget = onExit(() => child.kill("SIGKILL"));
  child.on("close", forget);
  return child;
}
