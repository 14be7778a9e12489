/** Prefect with Keycloak and Traefik before it, all of them real: the files of examples/prefect, and addresses of this machine. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./cleanup.ts";
import { waitForKeys } from "./fetched-keys.ts";
import { startKeycloak, type Keycloak } from "./keycloak.ts";
import { freePorts, loopback } from "./ports.ts";
import { exampleConfiguration, exampleRealm, secretOf } from "./prefect-example.ts";
import { startPrefect, type Prefect } from "./prefect.ts";
import { Undo } from "./stack.ts";
import { stateFile } from "./state-files.ts";
import { startTraefik } from "./traefik.ts";
import type { Traefik } from "./traefik-running.ts";

/** The example's people, by role; a password is the name. */
export const people = { viewer: "vera", runner: "rudi", developer: "dana", owner: "olga" } as const;

export interface PrefectStackOptions {
  /** Of Prefect as people see it; 0 or absent: one that is free. */
  port?: number;
  /** A list as `apiKeysFile` has it. */
  apiKeys?: object[];
}

export interface PrefectStack {
  /** Where browsers see Prefect, `http://localhost:port`. */
  url: string;
  keycloak: Keycloak;
  prefect: Prefect;
  traefik: Traefik;
  /** Traefik's dynamic configuration, as the example has it. */
  configuration: string;
  /** Of a client of the example's realm. */
  secretOf(client: string): string;
  stop(): Promise<void>;
}

/** Starts all parts, or none, and waits until Rolegate has Keycloak's keys. The first time takes some minutes. */
export function startPrefectStack(options: PrefectStackOptions = {}): Promise<PrefectStack> {
  const undo = new Undo();
  return undo.orKeep(() => start(options, undo));
}

async function start(options: PrefectStackOptions, undo: Undo): Promise<PrefectStack> {
  const state = temporaryFolder("state");
  undo.add(() => state.remove());
  writeFileSync(join(state.path, "api-keys.json"), JSON.stringify(options.apiKeys ?? []));
  // Keycloak is told where it may send people before Traefik is there.
  const [free = 0, internal = 0] = await freePorts(2);
  const port = options.port || free;
  const url = `http://localhost:${port}`;
  const realm = exampleRealm(url);
  // One after the other: each takes both cores while it starts.
  const keycloak = await startKeycloak({ realm });
  undo.add(() => keycloak.stop());
  const prefect = await startPrefect();
  undo.add(() => prefect.stop());
  const configuration = exampleConfiguration({
    publicUrl: url,
    issuer: keycloak.issuer,
    keycloak: keycloak.url,
    prefect: prefect.url,
    internal: `http://${loopback}:${internal}`,
  });
  const traefik = await startTraefik({
    mounts: { "/state": state.path },
    envs: {
      SESSION_SECRET: randomBytes(32).toString("base64url"),
      CLIENT_SECRET: secretOf(realm, "prefect"),
    },
    entryPoints: { websecure: port, inside: 0, rolegate: internal },
    dynamic: configuration,
  });
  undo.add(() => traefik.stop());
  await waitForKeys(join(state.path, stateFile("jwks", keycloak.issuer)), traefik, 60_000);
  return {
    ...{ url, keycloak, prefect, traefik, configuration },
    secretOf: (client) => secretOf(realm, client),
    stop: () => undo.all(),
  };
}
