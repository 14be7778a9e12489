/** The applications behind the gate: real servers, each of which answers with a list of what it reads as `secrets`. */
import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { outputOf, runShown } from "../../stack/machine/command.ts";
import { cached } from "../../stack/fetch/download.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { installPackages } from "../../stack/fetch/python-packages.ts";
import { root } from "../../tools/root.ts";

export interface Server {
  name: string;
  port: number;
  /** Where a POST goes: frameworks whose routes declare what they read have several. */
  paths: string[];
  stop(): Promise<void>;
}

const folder = join(root, "test/upstreams");
export const requirementsFile = join(folder, "requirements.txt");

/** Rejects with its output when it ends before it says that it is ready. */
async function startProgram(
  name: string,
  ready: string,
  program: (port: string) => { program: string; args: string[]; env?: Record<string, string> },
  paths = ["/read"],
): Promise<Server> {
  const [port] = await freePorts(1);
  const { program: file, args, env = {} } = program(String(port));
  const lines: string[] = [];
  let isReady = () => {};
  const started = new Promise<void>((resolve) => (isReady = resolve));
  const child = await startChild(file, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", PYTHONDONTWRITEBYTECODE: "1", ...env },
    onLine(line) {
      lines.push(line);
      if (line.includes(ready)) isReady();
    },
  });
  const ended = child.ended.then((code) => {
    throw new Error(`${name} ended with ${code}: ${lines.join("\n")}`);
  });
  ended.catch(() => {});
  await Promise.race([started, ended]);
  return { name, port: port!, paths, stop: () => child.stop() };
}

async function startGo(): Promise<Server> {
  if ((await outputOf({ program: "go", args: ["version"] })) === null) {
    throw new Error("one of the servers is built with Go, and there is none on PATH");
  }
  const work = temporaryFolder("upstream");
  cpSync(join(folder, "server.go"), join(work.path, "server.go"));
  const binary = join(work.path, "server");
  await runShown({
    program: "go",
    args: ["build", "-o", binary, join(work.path, "server.go")],
  });
  const server = await startProgram("Go", "ready", (port) => ({ program: binary, args: [port] }));
  return {
    ...server,
    async stop() {
      await server.stop();
      work.remove();
    },
  };
}

/** The folder with Express and what it needs; npm checks every package against the lock file. */
function installExpress(): Promise<string> {
  const own = join(folder, "express");
  const sha256 = createHash("sha256")
    .update(readFileSync(join(own, "package-lock.json")))
    .digest("hex");
  return cached({
    name: `express-${sha256.slice(0, 8)}`,
    sha256,
    async fetch(work) {
      for (const name of ["package.json", "package-lock.json"]) {
        cpSync(join(own, name), join(work, "express", name));
      }
      return join(work, "express", "package-lock.json");
    },
    async unpack(file) {
      const args = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
      await runShown({ program: "npm", args: [...args, "--prefix", join(file, "..")] });
      return join(file, "..");
    },
  });
}

async function startExpress(): Promise<Server> {
  const packages = await installExpress();
  return startProgram("Express", "ready", (port) => ({
    program: process.execPath,
    args: ["express/server.mjs", port, packages],
  }));
}

export async function startServers(): Promise<Server[]> {
  const { python, folder: packages } = await installPackages({
    name: "upstreams",
    title: "FastAPI and Flask",
    requirements: requirementsFile,
  });
  const env = { PYTHONPATH: packages };
  const inPython = (file: string) => (port: string) => ({
    ...{ program: python, args: [file, port], env },
  });
  return Promise.all([
    startGo(),
    startProgram("FastAPI", "Uvicorn running", inPython("fastapi_server.py"), ["/read", "/form"]),
    startProgram("Flask", "ready", inPython("flask_server.py")),
    startExpress(),
  ]);
}
