/** Keycloak as the provider of a sign-in: a realm with one confidential client, refresh tokens that count once, and Traefik. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { internalEntryPoint, signInConfiguration } from "../../stack/sign-in.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { startKeycloak, type Keycloak } from "../../stack/keycloak/keycloak.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { adminRequest } from "../keycloak/admin.ts";
import { personOf } from "../keycloak/realm.ts";
import { ageIn, ageInWindow } from "./older.ts";

const realmName = "site";
const clientId = "site";

/** Seconds that an access token lives: a session's life as well. */
export const life = 6;

/** Roles of the realm and of the client. The password is the name. */
const people: Record<string, { realmRoles?: string[]; ofClient?: string[] }> = {
  alice: { realmRoles: ["viewer"] },
  bob: { realmRoles: ["runner"] },
  carol: { ofClient: ["owner"] },
  dora: { realmRoles: ["runner"] },
  emil: { realmRoles: ["runner"] },
  fred: { ofClient: ["owner"] },
};

const realm = (url: string, secret: string) => ({
  realm: realmName,
  enabled: true,
  accessTokenLifespan: life,
  revokeRefreshToken: true,
  refreshTokenMaxReuse: 0,
  roles: {
    realm: [{ name: "viewer" }, { name: "runner" }],
    client: { [clientId]: [{ name: "owner" }] },
  },
  clients: [
    {
      clientId,
      secret,
      standardFlowEnabled: true,
      // For the tests themselves: to see what the realm does to a refresh token that comes twice.
      directAccessGrantsEnabled: true,
      redirectUris: [`${url}/oidc/callback`],
      attributes: {
        "post.logout.redirect.uris": `${url}/`,
        "backchannel.logout.url": `${url}/oidc/backchannel-logout`,
        "backchannel.logout.session.required": "true",
        "pkce.code.challenge.method": "S256",
      },
    },
  ],
  users: Object.entries(people).map(([name, { realmRoles = [], ofClient = [] }]) =>
    personOf(name, realmRoles, { [clientId]: ofClient }),
  ),
});

export class KeycloakSetting {
  #undo = new Undo();
  url!: string;
  keycloak!: Keycloak;
  traefik!: Traefik;
  upstream!: Upstream;
  #secret = randomBytes(24).toString("base64url");
  #sessionSecret = randomBytes(32).toString("base64url");

  async start(): Promise<void> {
    const [port] = await freePorts(1);
    this.url = `http://localhost:${port}`;
    const state = temporaryFolder("state");
    this.#undo.add(() => state.remove());
    this.keycloak = await startKeycloak({ realm: realm(this.url, this.#secret) });
    this.#undo.add(() => this.keycloak.stop());
    this.upstream = await startUpstream();
    this.#undo.add(() => this.upstream.stop());
    this.traefik = await startTraefik({
      dynamic: (ports) =>
        signInConfiguration({
          block: this.#block(),
          host: "localhost",
          upstreamUrl: this.upstream.url,
          providerUrl: this.keycloak.url,
          internalUrl: `http://${loopback}:${ports[internalEntryPoint]}`,
          interval: "1s",
          patience: "10s",
          tls: null,
        }),
      mounts: { "/state": state.path },
      envs: { CLIENT_SECRET: this.#secret, SESSION_SECRET: this.#sessionSecret },
      entryPoints: { web: port!, [internalEntryPoint]: 0 },
    });
    this.#undo.add(() => this.traefik.stop());
    const keys = join(state.path, stateFile("jwks", this.keycloak.issuer));
    for (const end = Date.now() + 30_000; !existsSync(keys); await sleep(50)) {
      if (Date.now() > end) throw new Error(`no keys:\n${this.traefik.log.tail()}`);
    }
    await this.#warmUp();
  }

  /** Keycloak's first page takes it many times as long as those after it: on a busy machine, longer than a window waits. */
  async #warmUp(): Promise<void> {
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      scope: "openid",
      redirect_uri: `${this.url}/oidc/callback`,
      code_challenge: randomBytes(32).toString("base64url"),
      code_challenge_method: "S256",
    });
    const page = await fetch(`${this.keycloak.issuer}/protocol/openid-connect/auth?${query}`);
    const text = await page.text();
    if (!text.includes('id="kc-login"')) throw new Error(`no page to sign in: ${text}`);
  }

  /** Roles are read where Keycloak puts them: nothing is said of that. */
  #block() {
    return {
      issuer: this.keycloak.issuer,
      clientId,
      publicUrl: this.url,
      session: { secrets: ["env:SESSION_SECRET"] },
      login: { clientSecret: "env:CLIENT_SECRET" },
      stateDir: "/state",
      roleHierarchy: { owner: ["runner"], runner: ["viewer"] },
      rules: [
        { match: "Path(`/health`)", allow: "public" },
        { match: "PathPrefix(`/owner`)", allow: "Role(`owner`)" },
        { match: "PathPrefix(`/run`)", allow: "Role(`runner`)" },
        { match: "PathPrefix(`/view`)", allow: "Role(`viewer`)" },
        { match: "Path(`/`)", allow: "authenticated" },
      ],
      forwardHeaders: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Groups": "@roles" },
    };
  }

  /** The client's own call of the token endpoint, past Traefik. */
  async token(parameters: Record<string, string>): Promise<Record<string, string>> {
    const response = await fetch(`${this.keycloak.issuer}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        client_id: clientId,
        client_secret: this.#secret,
        ...parameters,
      }),
    });
    return (await response.json()) as Record<string, string>;
  }

  /** A request to Keycloak's admin API. */
  async admin(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await adminRequest(this.keycloak, realmName, method, path, body);
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  }

  async userId(name: string): Promise<string> {
    const [user] = (await this.admin("GET", `/users?exact=true&username=${name}`)) as [
      { id: string },
    ];
    return user.id;
  }

  /** As if a session were over, and could still be refreshed. */
  async expire(who: HttpBrowser | Page): Promise<void> {
    const { issuer } = this.keycloak;
    const source = {
      url: this.url,
      issuer,
      clientId,
      secret: this.#sessionSecret,
      name: "rolegate",
    };
    if (who instanceof HttpBrowser) await ageIn(who, source, life + 1);
    else await ageInWindow(who.context(), source, life + 1);
  }

  stop(): Promise<void> {
    return this.#undo.all();
  }
}
