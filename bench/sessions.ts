/**
 * Sessions for the load: cookies of many people, sealed as the guest does, for the workload's configuration. The
 * first is signed in by the guest itself on the Node host, and tells what all have in common.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { bakedSession, placeOf, sealSession } from "../test/support/baked-session.ts";
import { keySet, rsa } from "../test/support/keys.ts";
import { HOST } from "../test/support/login-host.ts";
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

export async function makeSessions(plain: Tree): Promise<Sessions> {
  const secret = randomBytes(32);
  const block = (base: Tree): Tree => ({
    ...base,
    issuer: ISSUER,
    clientId: CLIENT,
    // The second is where the Node host signs in.
    publicUrl: [`https://${APPLICATION}`, `https://${HOST}`],
    session: { secrets: [secret.toString("hex")], refreshEvery: DAY, maxAge: DAY },
  });
  const place = (host: string) => placeOf(secret, `https://${host}`);
  const { jwksFile: _, ...unkeyed } = block(plain);
  const keyed = { ...unkeyed, mode: "login", jwks: JSON.stringify(keySet(rsa)) };
  const { realm_access, preferred_username, email, email_verified } = claims();
  const mine = { realm_access, preferred_username, email, email_verified };
  const session = await bakedSession(keyed, {}, place(HOST), mine);
  return {
    block,
    make() {
      const id = randomBytes(16).toString("hex");
      const text = { ...session, id, sid: randomUUID(), end: session.signedIn + DAY - 1 };
      return sealSession(place(APPLICATION), text);
    },
  };
}
