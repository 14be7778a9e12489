/** The three modes in a real Traefik, whose Go collects garbage as often as it can. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TemporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Provider } from "../../stack/provider/provider.ts";
import { startSignInStack } from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import type { Gateway } from "./life.ts";

/**
 * A program in Traefik's place: a collection at each tenth of growth, for it is what waits for all threads; and on
 * SIGQUIT the stacks of threads that run.
 */
export function eagerCollector(folder: TemporaryFolder, traefik: string): string {
  const program = join(folder.path, "traefik");
  writeFileSync(program, `#!/bin/sh\nGOGC=10 GOTRACEBACK=crash exec '${traefik}' "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

export async function startOnTraefik(provider: Provider, pluginDir?: string): Promise<Gateway> {
  const stack = await startSignInStack({
    provider,
    pluginDir,
    interval: "500ms",
    // The shortest that there is: most ticks fetch.
    block: { keys: { refresh: "10s" } },
    waitForKeys: false,
  });
  const { traefik } = stack;
  return {
    pid: traefik.pid,
    url: stack.url,
    keysFile: join(stack.stateFolder, stateFile("jwks", provider.issuer)),
    ended: traefik.ended,
    output: () =>
      traefik.log
        .lines(0)
        .map(({ text }) => text)
        .join("\n"),
    stop: () => stack.stop(),
  };
}
