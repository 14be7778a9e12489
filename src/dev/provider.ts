/**
 * An OpenID provider on the loopback address (oidc-provider, certified): JWT access tokens (RFC 9068) for
 * alice, bob and carol, RS256 and ES256, with keys that can be rotated. All of it in memory, for development.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JSONWebKeySet } from "jose";
import { passwordGrant, registerPasswordGrant } from "./password-grant.ts";
import { loopback } from "./ports.ts";
import {
  providerConfiguration,
  resourceInfo,
  resourceOf,
  type Settings,
} from "./provider-configuration.ts";
import { SigningKeys, type SigningAlgorithm } from "./provider-keys.ts";
import { memoryStorage } from "./provider-storage.ts";
import { users } from "./provider-users.ts";

export interface ProviderOptions {
  /** 0 or absent: one that is free. */
  port?: number;
  /** Also the audience of the access tokens. */
  clientId?: string;
  /** Of an access token, in seconds. */
  lifetime?: number;
}

export interface Tokens {
  access_token: string;
  id_token: string;
  /** Opaque. */
  refresh_token: string;
  expires_in: number;
}

export interface Provider {
  /** `http://127.0.0.1:port`, byte for byte what stands in `iss`. */
  issuer: string;
  clientId: string;
  /** The token endpoint's answer for a user's name and password. */
  tokens(user: string, alg?: SigningAlgorithm): Promise<Tokens>;
  /** The access token of it. */
  token(user: string, alg?: SigningAlgorithm): Promise<string>;
  /** The public keys as published now. */
  keys(): JSONWebKeySet;
  /** Called with the public keys now and after each change; the result takes it back. */
  watchKeys(listener: (keys: JSONWebKeySet) => void): () => void;
  /** New keys sign from now on; the old ones stay published. */
  rotate(): Promise<void>;
  /** Publishes only the keys that sign now. */
  retire(): void;
  stop(): Promise<void>;
}

/** The package speaks up on Node 20, on which it runs all the same. */
async function loadPackage(): Promise<typeof import("oidc-provider")> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { port = 0, clientId = "app", lifetime = 3600 } = options;
  const { Provider: OidcProvider, errors } = await loadPackage();
  const keys = await SigningKeys.create();
  const settings: Settings = { keys, adapter: memoryStorage(), clientId, lifetime };
  const listeners = new Set<(keys: JSONWebKeySet) => void>();

  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, loopback, resolve);
  });
  const issuer = `http://${loopback}:${(server.address() as AddressInfo).port}`;

  // The library reads its keys once: a change of keys makes a new one on the same storage.
  const build = () => {
    const provider = new OidcProvider(issuer, providerConfiguration(settings));
    provider.on("server_error", (_context, error) => console.error("provider:", error));
    registerPasswordGrant(provider, {
      users,
      resource: (identifier = resourceOf("RS256")) => ({
        identifier,
        info: resourceInfo(settings, identifier),
      }),
      refuse: (description) => new errors.InvalidGrant(description),
    });
    return provider.callback();
  };
  let handle = build();
  const changed = () => {
    handle = build();
    for (const listener of listeners) listener(keys.publicSet());
  };

  const tokens = async (user: string, alg: SigningAlgorithm = "RS256"): Promise<Tokens> => {
    const response = await fetch(`${issuer}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: passwordGrant,
        client_id: clientId,
        username: user,
        password: user,
        resource: resourceOf(alg),
      }),
    });
    if (!response.ok) throw new Error(`no token for ${user}: ${await response.text()}`);
    return (await response.json()) as Tokens;
  };

  return {
    issuer,
    clientId,
    tokens,
    token: async (user, alg) => (await tokens(user, alg)).access_token,
    keys: () => keys.publicSet(),
    watchKeys(listener) {
      listeners.add(listener);
      listener(keys.publicSet());
      return () => listeners.delete(listener);
    },
    async rotate() {
      await keys.rotate();
      changed();
    },
    retire() {
      keys.retire();
      changed();
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
