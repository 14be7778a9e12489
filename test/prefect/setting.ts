/** Real Prefect, Keycloak with the example's realm, and Traefik with the example's configuration between them. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../../src/dev/cleanup.ts";
import { freePorts, loopback } from "../../src/dev/ports.ts";
import { startPrefect, type Prefect } from "../../src/dev/prefect.ts";
import { startTraefik } from "../../src/dev/traefik.ts";
import type { Traefik } from "../../src/dev/traefik-running.ts";
import { startKeycloak, type Keycloak } from "../keycloak/keycloak.ts";
import { byPassword } from "../keycloak/tokens.ts";
import type { Caller } from "../presets/prefect/gate.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { exampleConfiguration, exampleRealm, type ExampleRealm, secretOf } from "./example.ts";

/** The example's people; the password is the name. */
const people = { viewer: "vera", runner: "rudi", developer: "dana", owner: "olga" } as const;

export interface Answer {
  status: number;
  body: string;
  headers: Headers;
}

export class Setting {
  #undo: (() => unknown)[] = [];
  #tokens = new Map<Caller, string>();
  #realm!: ExampleRealm;
  /** Where browsers see Prefect. */
  publicUrl = "";
  keycloak!: Keycloak;
  prefect!: Prefect;
  traefik!: Traefik;
  /** A worker's, as an API key. */
  workerKey = apiKey();

  async start(): Promise<void> {
    const state = temporaryFolder("state");
    this.#undo.push(() => state.remove());
    // Keycloak is told where it may send people before Traefik is there.
    const [port = 0, internal = 0] = await freePorts(2);
    this.publicUrl = `http://localhost:${port}`;
    this.#realm = exampleRealm(this.publicUrl);
    // One after the other: each takes both cores while it starts.
    this.keycloak = await startKeycloak({ realm: this.#realm });
    this.#undo.push(() => this.keycloak.stop());
    writeFileSync(
      join(state.path, "api-keys.json"),
      JSON.stringify([{ name: "worker", sha256: digestOf(this.workerKey), roles: ["worker"] }]),
    );
    this.prefect = await startPrefect();
    this.#undo.push(() => this.prefect.stop());
    this.traefik = await startTraefik({
      mounts: { "/state": state.path },
      envs: {
        SESSION_SECRET: randomBytes(32).toString("base64url"),
        CLIENT_SECRET: secretOf(this.#realm, "prefect"),
      },
      entryPoints: { websecure: port, inside: 0, rolegate: internal },
      dynamic: exampleConfiguration({
        publicUrl: this.publicUrl,
        issuer: this.keycloak.issuer,
        keycloak: this.keycloak.url,
        prefect: this.prefect.url,
        internal: `http://${loopback}:${internal}`,
      }),
    });
    this.#undo.push(() => this.traefik.stop());
    await this.#signIn();
    await this.#waitForKeys();
  }

  /** Traefik's health check has them fetched. */
  async #waitForKeys(): Promise<void> {
    for (const end = Date.now() + 30_000; ; await sleep(100)) {
      const { status, body } = await this.ask("viewer", "GET", "/api/admin/version");
      if (status === 200) return;
      if (Date.now() > end) throw new Error(`${status} ${body}\n${this.traefik.log.tail()}`);
    }
  }

  async #signIn(): Promise<void> {
    for (const [role, user] of Object.entries(people)) {
      this.#tokens.set(role as Caller, await this.tokenOf(user));
    }
    this.#tokens.set("worker", await this.workerToken());
  }

  /** By name and password, which for the example's people is the name. */
  async tokenOf(user: string): Promise<string> {
    return (await byPassword(this.keycloak.issuer, "prefect-cli", user)).access_token;
  }

  /** By client credentials, RFC 6749 §4.4. */
  async workerToken(): Promise<string> {
    const response = await fetch(`${this.keycloak.issuer}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "prefect-worker",
        client_secret: secretOf(this.#realm, "prefect-worker"),
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  /** Empty for nobody. */
  token(caller: Caller): string {
    return this.#tokens.get(caller) ?? "";
  }

  authorization(caller: Caller): Record<string, string> {
    return caller === "anonymous" ? {} : { Authorization: `Bearer ${this.token(caller)}` };
  }

  /** The API through Traefik, as clients have it in PREFECT_API_URL. */
  get api(): string {
    return `${this.traefik.url}/api`;
  }

  /** JSON to and from Prefect, through Traefik. */
  async ask(caller: Caller, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.traefik.url + path, {
      method,
      redirect: "manual",
      headers: { ...this.authorization(caller), "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  async stop(): Promise<void> {
    for (let last = this.#undo.pop(); last; last = this.#undo.pop()) await last();
  }
}
