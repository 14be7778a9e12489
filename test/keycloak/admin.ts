/** Keycloak's admin API, and the realm's keys through it. */
import type { JSONWebKeySet } from "jose";
import type { Keycloak } from "../../stack/keycloak/keycloak.ts";
import { realmName } from "./realm.ts";
import { byPassword } from "./tokens.ts";

type KeyProvider = { id: string; config: Record<string, string[]> } & Record<string, unknown>;

const keyProviderType = "org.keycloak.keys.KeyProvider";

/** A request to Keycloak's admin API about a realm; an answer that is no success is an error. */
export async function adminRequest(
  { address, administrator }: Keycloak,
  realm: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  // The administrator's tokens live for a minute; a new one each time is simplest.
  const { name, password } = administrator;
  const { access_token } = await byPassword(
    `${address}/realms/master`,
    "admin-cli",
    name,
    password,
  );
  const response = await fetch(`${address}/admin/realms/${realm}${path}`, {
    method,
    headers: { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return response;
}

export class RealmKeys {
  #keycloak: Keycloak;

  constructor(keycloak: Keycloak) {
    this.#keycloak = keycloak;
  }

  #request(method: string, path: string, body?: unknown): Promise<Response> {
    return adminRequest(this.#keycloak, realmName, method, path, body);
  }

  /** What Keycloak publishes. */
  async published(): Promise<JSONWebKeySet> {
    const response = await fetch(`${this.#keycloak.issuer}/protocol/openid-connect/certs`);
    return (await response.json()) as JSONWebKeySet;
  }

  /** The key that signs RS256 now. */
  async active(): Promise<{ kid: string; provider: string }> {
    const answer = (await (await this.#request("GET", "/keys")).json()) as {
      active: Record<string, string>;
      keys: { kid: string; providerId: string }[];
    };
    const kid = answer.active.RS256!;
    return { kid, provider: answer.keys.find((key) => key.kid === kid)!.providerId };
  }

  /** Makes an RSA key. A passive one is published and does not sign. Gives the key provider's identifier. */
  async create(name: string, priority: number, active: boolean): Promise<string> {
    const response = await this.#request("POST", "/components", {
      name,
      providerId: "rsa-generated",
      providerType: keyProviderType,
      config: {
        priority: [String(priority)],
        enabled: ["true"],
        active: [String(active)],
        algorithm: ["RS256"],
        keySize: ["2048"],
      },
    });
    return response.headers.get("location")!.split("/").at(-1)!;
  }

  async #change(provider: string, config: Record<string, string[]>): Promise<void> {
    const path = `/components/${provider}`;
    const component = (await (await this.#request("GET", path)).json()) as KeyProvider;
    await this.#request("PUT", path, {
      ...component,
      config: { ...component.config, ...config },
    });
  }

  activate(provider: string): Promise<void> {
    return this.#change(provider, { active: ["true"] });
  }

  /** Neither signs nor is published any more. */
  disable(provider: string): Promise<void> {
    return this.#change(provider, { active: ["false"], enabled: ["false"] });
  }
}
