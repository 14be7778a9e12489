/** A peer that is a process of its own: started, seen to answer, ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Beside } from "../contenders.ts";

interface Start {
  args: string[] | ((folder: string) => string[]);
  env: Record<string, string>;
  /** Answers 200 when it is ready. */
  ready: string;
}

const PATIENCE = 20_000;
/** So many of its lines are in an error. */
const TAIL = 20;

export async function startBeside(program: string, { args, env, ready }: Start): Promise<Beside> {
  const folder = temporaryFolder("beside");
  const lines: string[] = [];
  const child = await startChild(program, typeof args === "function" ? args(folder.path) : args, {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "", ...env },
    onLine: (line) => lines.length < TAIL && lines.push(line),
  });
  const stop = async () => {
    await child.stop();
    folder.remove();
  };
  for (const end = Date.now() + PATIENCE; ; await sleep(50)) {
    const answer = await fetch(ready).catch(() => null);
    if (answer?.ok) return { pid: child.pid, stop };
    if (Date.now() > end || !child.running()) {
      await stop();
      throw new Error(`${program} does not start:\n${lines.join("\n")}`);
    }
  }
}
