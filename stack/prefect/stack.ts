/**
 * Prefect with Keycloak and Traefik before it, all of them real: the files of examples/prefect, and
 * addresses of this machine.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../machine/cleanup.ts";
import { waitForKeys } from "../traefik/fetched-keys.ts";
import { startKeycloak, type Keycloak } from "../keycloak/keycloak.ts";
import { freePorts, loopback } from "../machine/ports.ts";
import { exampleConfiguration, exampleKeycloak, exampleRealm, exampleSso } from "./example.ts";
import { Trial } from "./trial.ts";
import { startPrefect, type Prefect } from "./prefect.ts";
import { type Report, step } from "../machine/step.ts";
import { Undo } from "../machine/undo.ts";
import { stateFile } from "../traefik/state-files.ts";
import { startTraefik } from "../traefik/traefik.ts";
import type { Traefik } from "../traefik/running.ts";

export interface PrefectStackOptions {
  /** Prefect's public port; 0 or absent: a free one. */
  port?: number;
  /** True if it is reachable at 127.0.0.1 as well as at localhost. */
  alsoLoopback?: boolean;
  /** Told what is being done, when it takes a while. */
  report?: Report;
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
  trial: Trial;
  stop(): Promise<void>;
}

/**
 * Starts all parts, or none, and waits until Rolegate has Keycloak's keys. The first time takes
 * some minutes.
 */
export function startPrefectStack(options: PrefectStackOptions = {}): Promise<PrefectStack> {
  const undo = new Undo();
  return undo.orKeep(() => start(options, undo));
}

async function start(options: PrefectStackOptions, undo: Undo): Promise<PrefectStack> {
  const state = temporaryFolder("state");
  undo.add(() => state.remove());
  writeFileSync(join(state.path, "api-keys.json"), JSON.stringify(options.apiKeys ?? []));
  // Keycloak needs the redirect addresses before Traefik is there.
  const [free = 0, internal = 0, sso = 0] = await freePorts(3);
  const port = options.port || free;
  const url = `http://localhost:${port}`;
  const alsoUrl = options.alsoLoopback ? `http://${loopback}:${port}` : undefined;
  const { report = () => {} } = options;
  const trial = new Trial(exampleRealm(url, alsoUrl));
  const ssoUrl = `http://${loopback}:${sso}`;
  const clientSecret = randomBytes(32).toString("base64url");
  // One after the other: each takes both cores while it starts.
  const keycloak = await step("Starting Keycloak", report, () =>
    startKeycloak({
      realm: trial.realm,
      command: exampleKeycloak(ssoUrl),
      env: { CLIENT_SECRET: clientSecret },
      url: ssoUrl,
    }),
  );
  undo.add(() => keycloak.stop());
  const prefect = await step("Starting Prefect", report, () => startPrefect());
  undo.add(() => prefect.stop());
  const addresses = {
    publicUrl: url,
    alsoUrl,
    issuer: keycloak.issuer,
    keycloak: keycloak.address,
    prefect: prefect.url,
    internal: `http://${loopback}:${internal}`,
  };
  const configuration = exampleConfiguration(addresses);
  const traefik = await startTraefik({
    mounts: { "/state": state.path },
    envs: {
      SESSION_SECRET: randomBytes(32).toString("base64url"),
      CLIENT_SECRET: clientSecret,
    },
    entryPoints: { websecure: port, inside: 0, rolegate: internal, sso },
    dynamic: configuration,
    files: { "keycloak.yml": exampleSso("sso", addresses) },
  });
  undo.add(() => traefik.stop());
  const keys = join(state.path, stateFile("jwks", keycloak.issuer));
  await step("Fetching Keycloak's keys", report, () => waitForKeys(keys, traefik, 60_000));
  return {
    ...{ url, keycloak, prefect, traefik, configuration, trial },
    stop: () => undo.all(),
  };
}
