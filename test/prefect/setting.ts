/** Real Prefect, Keycloak and Traefik with the example's files, and a credential for each caller. */
import { parse } from "yaml";
import { type PrefectStack, startPrefectStack } from "../../stack/prefect/stack.ts";
import { people } from "../../stack/prefect/trial.ts";
import type { Prefect } from "../../stack/prefect/prefect.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { adminRequest } from "../keycloak/admin.ts";
import type { Caller } from "../presets/prefect/gate.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";

export interface Answer {
  status: number;
  body: string;
  headers: Headers;
}

/** Traefik's dynamic configuration, as far as tests change it. */
export interface Http {
  routers: Record<string, Tree & { rule: string; middlewares?: string[] }>;
  services: { prefect: { loadBalancer: { servers: { url: string }[] } } };
  middlewares: Record<string, Tree> & { rolegate: { plugin: { rolegate: Tree } } };
}

export class Setting {
  #tokens = new Map<Caller, string>();
  stack!: PrefectStack;
  /** A worker's, as an API key. */
  workerKey = apiKey();

  async start(): Promise<void> {
    const apiKeys = [{ name: "worker", sha256: digestOf(this.workerKey), roles: ["worker"] }];
    this.stack = await startPrefectStack({ apiKeys });
    for (const [role, user] of Object.entries(people)) {
      this.#tokens.set(role as Caller, await this.tokenOf(user));
    }
    this.#tokens.set("worker", await this.workerToken());
  }

  get keycloak() {
    return this.stack.keycloak;
  }

  get prefect(): Prefect {
    return this.stack.prefect;
  }

  get traefik() {
    return this.stack.traefik;
  }

  /** Where browsers see Prefect. */
  get publicUrl(): string {
    return this.stack.url;
  }

  async tokenOf(user: string): Promise<string> {
    return (await this.stack.trial.tokens(this.keycloak.issuer, user)).access_token;
  }

  passwordOf(user: string): string {
    return this.stack.trial.passwordOf(user);
  }

  /** By client credentials, RFC 6749 §4.4, with the secret that Keycloak has made. */
  async workerToken(): Promise<string> {
    const path = "/clients?clientId=prefect-worker";
    const [{ secret }] = await this.admin<[{ secret: string }]>("GET", path);
    const response = await fetch(`${this.keycloak.issuer}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "prefect-worker",
        client_secret: secret,
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

  /** Traefik goes by the example's configuration with a change, until `restore`. */
  async change(change: (http: Http) => void): Promise<void> {
    const tree = parse(this.stack.configuration, { merge: true }) as { http: Http };
    change(tree.http);
    await this.traefik.configure(tree as unknown as Tree);
  }

  restore(): Promise<void> {
    return this.traefik.configure(this.stack.configuration);
  }

  /** Keycloak's admin API, about the example's realm. */
  async admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await adminRequest(this.keycloak, "prefect", method, path, body);
    const text = await response.text();
    return (text ? JSON.parse(text) : null) as T;
  }

  async stop(): Promise<void> {
    await this.stack?.stop();
  }
}
