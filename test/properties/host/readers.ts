/** What servers and routers make of a Host: the real Go, Python with Starlette, and Node, each asked by lines. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "node:url";
import { findGo } from "../../../bench/toolchain.ts";
import { outputOf, runShown } from "../../../stack/machine/command.ts";
import { cached } from "../../../stack/fetch/download.ts";
import { findPip } from "../../../stack/fetch/python.ts";
import { root } from "../../../tools/root.ts";

/** The name that a reader sees, by the reader; empty: it sees none. */
export type Readings = Record<string, string>;
export type Readers = (hosts: readonly string[]) => Promise<Readings[]>;

const folder = join(root, "test", "properties", "host");
/** Starlette and what it imports, for pip. */
const STARLETTE = ["starlette==1.10.0", "anyio==4.16.0", "idna==3.20", "typing-extensions==4.16.0"];

/** `names`: what Go's mux has patterns for. */
export async function goReaders(names: readonly string[]): Promise<Readers> {
  const go = await findGo();
  const programs = join(root, "build", "test", "programs");
  const program = join(programs, "host");
  mkdirSync(programs, { recursive: true });
  const env = { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };
  // In Go's own cache a second time.
  await feed(go, ["build", "-C", folder, "-buildvcs=false", "-o", program, "."], [], env);
  return (hosts) => feed(program, names, hosts, {});
}

/** `names`: what applications are told to trust. */
export async function pythonReaders(names: readonly string[]): Promise<Readers> {
  const { program: python } = await findPip("Starlette is installed");
  const says = "import sys; print('%d.%d' % sys.version_info[:2])";
  const version = (await outputOf({ program: python, args: ["-c", says] }))?.trim();
  const list = STARLETTE.join("\n");
  const packages = await cached({
    name: `${STARLETTE[0]!.replace("==", "-")}-python${version}`,
    sha256: createHash("sha256").update(list).digest("hex"),
    async fetch(work) {
      const file = join(work, "requirements.txt");
      writeFileSync(file, list);
      return file;
    },
    async unpack(file, work) {
      const target = join(work, "packages");
      const quietly = ["--quiet", "--disable-pip-version-check", "--root-user-action", "ignore"];
      const args = ["-m", "pip", "install", ...quietly, "--no-deps", "--only-binary", ":all:"];
      await runShown({ program: python, args: [...args, "--target", target, "-r", file] });
      return target;
    },
  });
  const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1" };
  return (hosts) => feed(python, [join(folder, "readings.py"), ...names], hosts, env);
}

/** This process: the URL standard's parser, and the one from before it. */
export const nodeReaders: Readers = async (hosts) =>
  hosts.map((host) => ({
    URL: attempt(() => new URL(`http://${host}/`).hostname),
    "url.parse": attempt(() => parse(`http://${host}/`).hostname ?? ""),
  }));

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

/** Runs a program to its end with those lines as its input; it answers each with a line of JSON. */
function feed(
  program: string,
  args: readonly string[],
  lines: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Readings[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code !== 0) return reject(new Error(`${program} ended with ${code ?? signal}`));
      const answers = text.split("\n").slice(0, -1);
      if (answers.length === lines.length) resolve(answers.map((it) => JSON.parse(it) as Readings));
      else reject(new Error(`${program}: ${answers.length} answers to ${lines.length} lines`));
    });
    child.stdin.on("error", reject);
    child.stdin.end(lines.map((line) => `${line}\n`).join(""), "latin1");
  });
}
