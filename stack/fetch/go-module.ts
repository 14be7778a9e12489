/**
 * A program out of the Go module proxy, built once from its pinned sources by Go, which checks
 * every module against go.sum.
 */
import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { outputOf, runShown } from "../machine/command.ts";
import { cached } from "./download.ts";

export interface GoProgram {
  name: string;
  version: string;
  /** The package with its `main`. */
  module: string;
  /** Has the go.mod and go.sum that pin it. */
  folder: string;
  /** What it is built with. */
  tags?: string[];
}

/** The binary's path. Throws when there is no Go. */
export async function goProgram(program: GoProgram): Promise<string> {
  const { name, version, module, folder, tags = [] } = program;
  if ((await outputOf({ program: "go", args: ["version"] })) === null) {
    throw new Error(`${name} is built with Go 1.26 or newer, and there is none on PATH`);
  }
  const sums = readFileSync(join(folder, "go.sum"));
  return cached({
    name: `${name}-${version}-${process.platform}-${process.arch}`,
    sha256: createHash("sha256").update(sums).digest("hex"),
    async fetch(work) {
      for (const file of ["go.mod", "go.sum"]) cpSync(join(folder, file), join(work, file));
      return join(work, "go.sum");
    },
    async unpack(file, work) {
      console.error(`Building ${name} ${version} (some minutes) …`);
      const built = tags.length > 0 ? `-tags ${tags.join(",")} ` : "";
      const run = `cd '${work}' && GOBIN='${work}' GOWORK=off go install -mod=readonly ${built}${module}`;
      await runShown({ program: "sh", args: ["-c", run] });
      return join(file, "..", basename(module.replace(/\/v\d+$/, "")));
    },
  });
}
