/**
 * A real Keycloak on the loopback address, in memory, with the realm imported; gone without a trace
 * when it is stopped.
 */
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../machine/child.ts";
import { temporaryFolder } from "../machine/cleanup.ts";
import { freePorts, loopback } from "../machine/ports.ts";
import { keycloakDistribution } from "./distribution.ts";
import { findJava } from "../fetch/java.ts";

export interface Keycloak {
  /** As browsers see it: `hostname`, or the address itself. */
  url: string;
  /** Where it listens, `http://127.0.0.1:port`. */
  address: string;
  /** The realm's issuer. */
  issuer: string;
  /** The administrator of realm master. */
  administrator: { name: string; password: string };
  stop(): Promise<void>;
}

export interface KeycloakOptions {
  /** In the form of its import. */
  realm: { realm: string };
  /** The command line as for any machine; where it listens, and what it was built for, is added. */
  command?: string[];
  /** Its environment, for `${NAME}` in the realm. */
  env?: Record<string, string>;
  /** How browsers reach it, when `command` has it behind a proxy. */
  url?: string;
  /** 0 or absent: one that is free. */
  port?: number;
  /** How long it may take until it answers. Milliseconds. */
  timeout?: number;
}

const COMMAND = ["start", "--import-realm", "--http-enabled=true", "--hostname-strict=false"];

/** A home of its own on top of the shared distribution: `data/` is written while Keycloak runs. */
function makeHome(home: string, distribution: string, realm: object): void {
  for (const folder of ["bin", "data/import"]) mkdirSync(join(home, folder), { recursive: true });
  for (const name of ["lib", "conf", "providers", "themes"]) {
    symlinkSync(join(distribution, name), join(home, name));
  }
  // A copy: the script follows links to find its home.
  cpSync(join(distribution, "bin", "kc.sh"), join(home, "bin", "kc.sh"));
  writeFileSync(join(home, "data", "import", "realm.json"), JSON.stringify(realm));
}

export async function startKeycloak(options: KeycloakOptions): Promise<Keycloak> {
  const { realm, command = COMMAND, env = {}, timeout = 240_000 } = options;
  const java = await findJava();
  const distribution = await keycloakDistribution(java);
  const home = temporaryFolder("keycloak");
  makeHome(home.path, distribution, realm);
  const [free] = await freePorts(1);
  const port = options.port || free;
  const address = `http://${loopback}:${port}`;
  const { url = address } = options;
  const administrator = { name: "administrator", password: randomBytes(18).toString("base64url") };
  const issuer = `${url}/realms/${realm.realm}`;
  const lines: string[] = [];
  const child = await startChild(
    "sh",
    [
      join(home.path, "bin", "kc.sh"),
      ...command,
      "--optimized",
      "--cache=local",
      `--http-host=${loopback}`,
      `--http-port=${port}`,
    ],
    {
      cwd: home.path,
      env: {
        ...env,
        PATH: process.env.PATH ?? "",
        JAVA: java,
        JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx512m",
        KC_BOOTSTRAP_ADMIN_USERNAME: administrator.name,
        KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      },
      onLine: (line) => lines.push(line),
      patience: 20_000,
      // The script runs Java as its child, which SIGKILL to the script alone would leave behind.
      group: true,
    },
  );
  const stop = async () => {
    await child.stop();
    home.remove();
  };
  const answers = () =>
    fetch(`${address}/realms/${realm.realm}`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = Date.now() + timeout; !(await answers()); await sleep(200)) {
    const why = !child.running() ? "Keycloak ended" : Date.now() > end ? "Keycloak is late" : null;
    if (!why) continue;
    await stop();
    throw new Error(`${why}:\n${lines.slice(-30).join("\n")}`);
  }
  return { url, address, issuer, administrator, stop };
}
