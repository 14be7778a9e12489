/**
 * Users for trying out the example's realm, on this machine only: their passwords are made at each
 * start, and there are clients that take them without a browser, which the example does not have.
 */
import { randomBytes } from "node:crypto";
import type { ExampleRealm } from "./example.ts";

/** Person -> group of the example's realm. */
const GROUPS = {
  vera: "data-analysts",
  rudi: "data-operations",
  dana: "data-engineers",
  olga: "platform",
  nora: null,
} as const;

export type Person = keyof typeof GROUPS;

/** By role. Nora has none. */
export const people = {
  ...{ viewer: "vera", runner: "rudi", developer: "dana", owner: "olga" },
} as const satisfies Record<string, Person>;

export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  id_token: string;
}

/** Tokens of one are for Prefect, and those of the other for nothing. */
type Client = "trial" | "trial-elsewhere";

export class Trial {
  #passwords = new Map<string, string>();
  #secret = randomBytes(24).toString("hex");
  readonly realm: ExampleRealm;

  constructor(example: ExampleRealm) {
    for (const name of Object.keys(GROUPS)) {
      this.#passwords.set(name, randomBytes(9).toString("base64url"));
    }
    const { protocolMappers } = example.clients.find(({ clientId }) => clientId === "prefect-cli")!;
    this.realm = {
      ...example,
      clients: [
        ...example.clients,
        this.#client("trial", protocolMappers),
        this.#client("trial-elsewhere", []),
      ],
      users: [
        ...example.users,
        ...Object.entries(GROUPS).map(([name, group]) => this.#user(name, group)),
      ],
    };
  }

  passwordOf(person: string): string {
    const password = this.#passwords.get(person);
    if (password === undefined) throw new Error(`no one is named ${person}`);
    return password;
  }

  /** By name and password (RFC 6749 §4.3). Access tokens live for eight hours. */
  async tokens(issuer: string, person: string, client: Client = "trial"): Promise<TokenAnswer> {
    const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        ...{ grant_type: "password", scope: "openid" },
        ...{ client_id: client, client_secret: this.#secret },
        ...{ username: person, password: this.passwordOf(person) },
      }),
    });
    if (!response.ok) throw new Error(`no token for ${person}: ${await response.text()}`);
    return (await response.json()) as TokenAnswer;
  }

  #client(clientId: Client, protocolMappers: object[] = []) {
    return {
      ...{ clientId, secret: this.#secret, publicClient: false, protocolMappers },
      ...{ standardFlowEnabled: false, directAccessGrantsEnabled: true },
      attributes: { "access.token.lifespan": "28800" },
    };
  }

  #user(username: string, group: string | null) {
    return {
      ...{ username, enabled: true, email: `${username}@example.com`, emailVerified: true },
      ...{ firstName: username[0]!.toUpperCase() + username.slice(1), lastName: "Example" },
      groups: group ? [`/${group}`] : [],
      credentials: [{ type: "password", value: this.passwordOf(username), temporary: false }],
    };
  }
}
