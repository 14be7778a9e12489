/**
 * An OpenID provider on the loopback address (oidc-provider, certified) for alice, bob and carol:
 * sign-in with the authorization code flow, JWT access tokens (RFC 9068), RS256 and ES256, with
 * keys that can be rotated; and what goes wrong with providers, at a test's wish. All of it in
 * memory, for development.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { JSONWebKeySet, JWTPayload } from "jose";
import type { Certificate } from "../machine/certificate.ts";
import { passwordGrant, registerPasswordGrant } from "./password-grant.ts";
import { loopback } from "../machine/ports.ts";
import { Clients } from "./clients.ts";
import {
  providerConfiguration,
  resourceInfo,
  resourceOf,
  type Lifetimes,
  type Rotation,
  type Settings,
} from "./configuration.ts";
import { Front } from "./front.ts";
import { interact, isInteraction } from "./interaction.ts";
import { SigningKeys, type SigningAlgorithm } from "./keys.ts";
import { endSessions, forgetSessions, sessionsOf, type Told } from "./logout.ts";
import { Misbehaviour } from "./misbehaviour.ts";
import { endpoints, Network, pathOf } from "./network.ts";
import { post } from "./post.ts";
import { addTokenHash, Signer, type Header } from "./signing.ts";
import { memoryStorage } from "./storage.ts";
import { userinfo } from "./userinfo.ts";
import { People } from "./users.ts";

export interface ProviderOptions {
  /** 0 or absent: one that is free. */
  port?: number;
  /** Id of the client with `client_secret_basic`; also the audience of all access tokens. */
  clientId?: string;
  /** A random one when absent. */
  clientSecret?: string;
  /** Life of an access token, in seconds. */
  lifetime?: number;
  /** Where a proxy has it, when that is not its own address. */
  issuer?: string;
  /** It speaks TLS, with that certificate. */
  tls?: Certificate;
}

export interface Tokens {
  access_token: string;
  id_token: string;
  /** Opaque. */
  refresh_token: string;
  expires_in: number;
}

export interface Provider {
  /** Byte for byte the value of `iss`: its own address, unless a proxy is in front of it. */
  issuer: string;
  /** Its own address, `http://127.0.0.1:port`. */
  url: string;
  /** Id of the client that authenticates with `client_secret_basic`. */
  clientId: string;
  clients: Clients;
  people: People;
  lifetimes: Lifetimes;
  /** True if a refresh token is good once, as it is at the start. */
  rotation: Rotation;
  network: Network;
  faults: Misbehaviour;
  /** The token endpoint's answer for a user's name and password. */
  tokens(user: string, alg?: SigningAlgorithm): Promise<Tokens>;
  /** The access token of it. */
  token(user: string, alg?: SigningAlgorithm): Promise<string>;
  /** Any claims, signed by the provider. */
  sign(claims: JWTPayload, header?: Header): Promise<string>;
  /** Any claims, signed by another key under the name of the provider's. */
  forge(claims: JWTPayload, header?: Header): Promise<string>;
  /** For which application a user is signed in, and under which `sid`, oldest first. */
  sessions(user: string): { clientId: string; sid: string }[];
  /** Ends all sessions of a user, and tells the applications. */
  endSessions(user: string): Promise<Told[]>;
  /** The public keys as published now. */
  keys(): JSONWebKeySet;
  /** Called with the public keys now and after each change; the result takes it back. */
  watchKeys(listener: (keys: JSONWebKeySet) => void): () => void;
  /** Publishes keys that will sign after the next rotation, as providers do it. */
  announce(): Promise<void>;
  /** New keys, or those that were announced, sign from now on; the old ones stay published. */
  rotate(): Promise<void>;
  /** Publishes only the keys that sign now, or those of the last so many rotations. */
  retire(rotations?: number): void;
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

/** Before a person's name: their access token, as text. */
export const tokenPath = "/token-of/";

export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { port = 0, clientId = "app", lifetime = 3600 } = options;
  const { Provider: OidcProvider, errors } = await loadPackage();
  const keys = await SigningKeys.create();
  const clients = new Clients(clientId, options.clientSecret);
  const people = new People();
  const lifetimes = { access: lifetime, id: lifetime, refresh: 8 * 3600, session: 8 * 3600 };
  const storage = memoryStorage((id) => clients.find(id));
  // The library cannot handle a session without a user.
  people.onRemoved = (name) => void forgetSessions(storage, name);
  const rotation: Rotation = { isOn: true };
  const settings: Settings = { rotation, keys, storage, clients, people, lifetimes, post };
  const signer = new Signer(keys);
  const network = new Network();
  const faults = new Misbehaviour(signer);
  const listeners = new Set<(keys: JSONWebKeySet) => void>();

  const front = options.issuer === undefined ? null : new Front(options.issuer);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (front && !front.enter(request)) return void response.writeHead(404).end();
    const { url = "" } = request;
    if (!(await network.pass(request, response))) return;
    faults.affect(url, response);
    if (url.startsWith(tokenPath)) await giveToken(url, response);
    else if (isInteraction(url)) await interact(provider, people, request, response, front?.path);
    else if (pathOf(url) === endpoints.userinfo) {
      await userinfo(issuer, keys.publicSet(), people, request, response);
    } else await handle(request, response);
  };
  const { tls } = options;
  const server = tls
    ? createTlsServer({ cert: tls.certificate, key: tls.key }, serve)
    : createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, loopback, resolve);
  });
  // Traefik keeps connections; the default of 5 s would close one just as a request goes out on it.
  server.keepAliveTimeout = 120_000;
  const own = `${tls ? "https" : "http"}://${loopback}:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? own;

  // The library reads its keys once: a change of keys makes a new one on the same storage.
  const build = () => {
    const made = new OidcProvider(issuer, providerConfiguration(settings, front?.path));
    made.proxy = front !== null;
    made.on("server_error", (_context, { message }) => console.error("provider:", message));
    registerPasswordGrant(made, {
      people,
      resource: (identifier = resourceOf("RS256")) => ({
        identifier,
        info: resourceInfo(settings, identifier),
      }),
      refuse: (description) => new errors.InvalidGrant(description),
    });
    addTokenHash(made, signer);
    return made;
  };
  let provider = build();
  let handle = provider.callback();
  const changed = () => {
    provider = build();
    handle = provider.callback();
    for (const listener of listeners) listener(keys.publicSet());
  };

  const tokens = async (user: string, alg: SigningAlgorithm = "RS256"): Promise<Tokens> => {
    const response = await fetch(`${own}${front?.path ?? ""}${endpoints.token}`, {
      method: "POST",
      headers: { Authorization: clients.basicAuthorization() },
      body: new URLSearchParams({
        grant_type: passwordGrant,
        username: user,
        password: user,
        resource: resourceOf(alg),
      }),
    });
    if (!response.ok) throw new Error(`no token for ${user}: ${await response.text()}`);
    return (await response.json()) as Tokens;
  };

  /** For command lines: `T=$(curl -s …)`. This provider asks for no password anyway. */
  const giveToken = async (url: string, response: ServerResponse) => {
    const user = people.find(url.slice(tokenPath.length));
    if (!user) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-store" });
    response.end((await tokens(user.name)).access_token);
  };

  return {
    issuer,
    url: own,
    clientId,
    clients,
    people,
    lifetimes,
    rotation,
    network,
    faults,
    tokens,
    token: async (user, alg) => (await tokens(user, alg)).access_token,
    sign: (claims, header) => signer.sign(claims, header),
    forge: (claims, header) => signer.forge(claims, header),
    sessions: (user) => sessionsOf(storage, user),
    endSessions: (user) => endSessions(provider, storage, user),
    keys: () => keys.publicSet(),
    watchKeys(listener) {
      listeners.add(listener);
      listener(keys.publicSet());
      return () => listeners.delete(listener);
    },
    async announce() {
      await keys.announce();
      changed();
    },
    async rotate() {
      await keys.rotate();
      changed();
    },
    retire(rotations) {
      keys.retire(rotations);
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
