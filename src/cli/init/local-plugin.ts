/** The plugin beside Traefik's configuration, in local mode, and the folder for its state. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newSecret } from "../secret.ts";
import { packageFolder, pluginWasm } from "../plugin.ts";
import type { PlannedFile } from "./planned.ts";

export function localPlugin(): PlannedFile[] {
  const folder = "plugins-local/src/rolegate";
  return [
    {
      path: `${folder}/.traefik.yml`,
      content: readFileSync(join(packageFolder, ".traefik.yml"), "utf8"),
    },
    { path: `${folder}/plugin.wasm`, content: readFileSync(pluginWasm()) },
  ];
}

export function sessionSecret(): PlannedFile {
  return { path: "state/session-secret", content: `${newSecret()}\n`, mode: 0o600, secret: true };
}

/** Traefik mounts folders that exist: a folder without a secret gets a note. */
export function stateFolder(): PlannedFile {
  return {
    path: "state/README",
    content: "What Rolegate keeps: the provider's keys, ended sessions.\n",
  };
}
