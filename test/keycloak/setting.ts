/** Keycloak, an application, and Traefik with the plugin between them, shared by the tests of this folder. */
import { join } from "node:path";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { writeJwks } from "../../stack/provider/jwks-file.ts";
import { pluginName } from "../../stack/traefik/config.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Received, type Upstream } from "../../stack/upstream/upstream.ts";
import { RealmKeys } from "./admin.ts";
import { startKeycloak, type Keycloak } from "../../stack/keycloak/keycloak.ts";
import { appClient, realm } from "./realm.ts";

export interface Answer {
  status: number;
  /** `code` of problem+json, empty when the request was let through. */
  code: string;
  /** Headers that the application received, by lower-case name. */
  headers: Record<string, string>;
}

export class Setting {
  #undo: (() => unknown)[] = [];
  #jwksFile = "";
  keycloak!: Keycloak;
  keys!: RealmKeys;
  upstream!: Upstream;
  traefik!: Traefik;

  async start(): Promise<void> {
    const state = temporaryFolder("state");
    this.#undo.push(() => state.remove());
    this.#jwksFile = join(state.path, "jwks.json");
    this.keycloak = await startKeycloak({ realm });
    this.#undo.push(() => this.keycloak.stop());
    this.keys = new RealmKeys(this.keycloak);
    await this.refreshKeys();
    this.upstream = await startUpstream();
    this.#undo.push(() => this.upstream.stop());
    this.traefik = await startTraefik({
      mounts: { "/state": state.path },
      dynamic: {
        http: {
          routers: { app: { rule: "PathPrefix(`/`)", middlewares: ["gate"], service: "app" } },
          services: { app: { loadBalancer: { servers: [{ url: this.upstream.url }] } } },
          middlewares: { gate: { plugin: { [pluginName]: this.#gate() } } },
        },
      },
    });
    this.#undo.push(() => this.traefik.stop());
  }

  /** `rolesFrom` is left to its default: Keycloak's claims are what it names first. */
  #gate(): Record<string, unknown> {
    return {
      issuer: this.keycloak.issuer,
      clientId: appClient,
      jwksFile: "/state/jwks.json",
      roles: { viewer: ["site-viewer"], runner: ["run"], owner: ["site-owner"] },
      roleHierarchy: { owner: ["runner"], runner: ["viewer"] },
      rules: [
        { match: "PathPrefix(`/owner`)", allow: "Role(`owner`)" },
        { match: "PathPrefix(`/run`)", allow: "Role(`runner`)" },
        { match: "PathPrefix(`/view`)", allow: "Role(`viewer`)" },
      ],
      forwardHeaders: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Groups": "@roles" },
    };
  }

  /** Brings the file that the plugin reads up to what Keycloak publishes now. */
  async refreshKeys(): Promise<void> {
    writeJwks(this.#jwksFile, await this.keys.published());
  }

  async get(path: string, token: string): Promise<Answer> {
    const response = await fetch(this.traefik.url + path, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as Partial<Received & { code: string }>;
    return {
      status: response.status,
      code: body.code ?? "",
      headers: Object.fromEntries(
        (body.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    };
  }

  async stop(): Promise<void> {
    for (let last = this.#undo.pop(); last; last = this.#undo.pop()) await last();
  }
}
