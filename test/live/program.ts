/** Providers as programs: the one that the environment names, or one that is built from the Go module proxy. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type GoProgram, goProgram } from "../../stack/fetch/go-module.ts";
import { startChild } from "../../stack/machine/child.ts";
import type { Undo } from "../../stack/machine/undo.ts";
import { root } from "../../tools/root.ts";

const folder = (name: string) => join(root, "test/live", name);

/** By the variable that names a program to use in its place. */
const PROGRAMS: Record<"ROLEGATE_DEX" | "ROLEGATE_HYDRA", GoProgram> = {
  // Dex's releases are no versions of its module, so this is the commit of release 2.45.1.
  ROLEGATE_DEX: {
    ...{ name: "dex", version: "2.45.1" },
    ...{ module: "github.com/dexidp/dex/cmd/dex", folder: folder("dex") },
  },
  ROLEGATE_HYDRA: {
    ...{ name: "hydra", version: "2.3.0" },
    ...{ module: "github.com/ory/hydra/v2", folder: folder("hydra") },
    tags: ["sqlite", "sqlite_omit_load_extension"],
  },
};

export const programOf = async (variable: keyof typeof PROGRAMS) =>
  process.env[variable] || goProgram(PROGRAMS[variable]);

export interface Running {
  program: string;
  args: string[];
  env?: Record<string, string>;
  cwd: string;
  /** Answers with success when it is ready. */
  ready: string;
}

/** Starts it, and waits until it answers. */
export async function run({ program, args, env = {}, cwd, ready }: Running, undo: Undo) {
  const lines: string[] = [];
  const child = await startChild(program, args, {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, ...env },
    onLine: (line) => lines.push(line),
  });
  undo.add(() => child.stop());
  const answers = () =>
    fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = Date.now() + 60_000; !(await answers()); await sleep(100)) {
    if (Date.now() > end || !child.running()) throw new Error(lines.slice(-30).join("\n"));
  }
}
