/**
 * Sessions for the load: cookies of many people, sealed as the guest does, for the workload's configuration. The
 * first is signed in by the guest itself on the Node host, and tells what all have in common.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { bakedSession, placeOf, sealSession } from "../test/support/baked-session.ts";
import { keySet, rsa } from "../test/support/keys.ts";
import { loadGuest } from "../src/guest/load.ts";
import { type loadGate, pluginWasm } from "../test/support/gate.ts";
import { HOST, LoginHost } from "../test/support/login-host.ts";
import { CLIENT, ISSUER } from "../test/support/tokens.ts";
import type { Tree } from "../stack/traefik/config.ts";
import { claims } from "./keys.ts";
import { APPLICATION } from "./workload.ts";

const DAY = 86_400;

export interface Sessions {
  /** The middleware's block with sessions. */
  block(plain: Tree): Tree;
  /** A cookie as it is sent, of a new user. */
  make(): string;
}

/** A middleware's block, with sessions. */
export const withSessions = (base: Tree, secret: Buffer): Tree => ({
  ...base,
  issuer: ISSUER,
  clientId: CLIENT,
  // The second is where the Node host signs in.
  publicUrl: [`https://${APPLICATION}`, `https://${HOST}`],
  session: { secrets: [secret.toString("hex")], refreshEvery: DAY, maxAge: DAY },
});

/** The user's claims, of which roles and headers are made. */
function runner() {
  const { realm_access, preferred_username, email, email_verified } = claims();
  return { realm_access, preferred_username, email, email_verified };
}

const loading =
  (wasm: string): typeof loadGate =>
  (config, more) =>
    loadGuest({ wasm, config, ...more });

/** Cookies as the browser sends them to HOST, after that plugin.wasm has signed the user in on the Node host. */
export async function signIn(block: Tree, wasm: string): Promise<string> {
  const login = { clientSecret: "rp-secret-for-benchmarks-0123456789" };
  const host = await LoginHost.start({ ...block, mode: "login", login }, {}, loading(wasm));
  host.provider.accessToken = runner();
  const { response } = await host.signIn();
  const cookies = host.jar.header("/");
  if (!cookies)
    throw new Error(`${wasm} did not sign the user in: ${response.status} ${response.body}`);
  return cookies;
}

/** Sessions that a plugin.wasm accepts: the checkout's, unless it is another. */
export async function makeSessions(plain: Tree, wasm = pluginWasm): Promise<Sessions> {
  const secret = randomBytes(32);
  const block = (base: Tree) => withSessions(base, secret);
  const place = (host: string) => placeOf(secret, `https://${host}`);
  const { jwksFile: _, ...unkeyed } = block(plain);
  const keyed = { ...unkeyed, mode: "login", jwks: JSON.stringify(keySet(rsa)) };
  const session = await bakedSession(keyed, {}, place(HOST), runner(), loading(wasm));
  return {
    block,
    make() {
      const id = randomBytes(16).toString("hex");
      const text = { ...session, id, sid: randomUUID(), end: session.signedIn + DAY - 1 };
      return sealSession(place(APPLICATION), text);
    },
  };
}
