/**
 * A session of a configuration, to be changed and sealed anew: the Node host signs alice in by mode login once, and the
 * oracle opens the cookie. So the fingerprint and the packed identity are the guest's own; times and the seal are not.
 */
import type { Configuration } from "../cases/gates.ts";
import { loadGate } from "./gate.ts";
import { LoginHost } from "./login-host.ts";
import {
  NEVER,
  openSession,
  sealSession,
  type SessionPlace,
  type SessionText,
} from "./session-text.ts";
import { type Claims, CLIENT, ISSUER, seconds } from "./tokens.ts";

export const COOKIE = "__Host-rolegate";

/** Where a session of a configuration is good: that cookie, of that origin. */
export function placeOf(secret: Uint8Array, site: string, name = COOKIE): SessionPlace {
  return { secret, name, scope: { issuer: ISSUER, clientId: CLIENT, site, audience: "" } };
}

/** `claims`: changes to the access token's. Good from a minute ago for an hour, and never due. */
export async function bakedSession(
  config: Configuration,
  environment: Record<string, string>,
  place: SessionPlace,
  claims: Claims = {},
  load = loadGate,
): Promise<SessionText> {
  const { stateDir: _, login, ...rest } = config;
  const host = await LoginHost.start(
    {
      ...rest,
      login: { ...(login as object), clientSecret: "rp-secret-for-tests-only-0123456789" },
    },
    { env: environment },
    load,
  );
  host.provider.accessToken = claims;
  const { response } = await host.signIn();
  const cookie = host.jar.get(place.name);
  if (!cookie) throw new Error(`nobody was signed in: ${response.status} ${response.body}`);
  const session = openSession(place, cookie);
  const now = seconds();
  const times = { signedIn: now - 60, made: now - 60, refreshAt: NEVER, end: now + 3600 };
  return { ...session, ...times };
}

export { sealSession };
