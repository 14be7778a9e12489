/** Cookies of sessions for the cases: the guest's own fingerprint and identity (see support/baked-session.ts), times and seals by the oracle. */
import type { Purpose } from "../../src/session/keys.ts";
import { seal } from "../../src/session/seal.ts";
import { bakedSession, COOKIE, placeOf } from "../support/baked-session.ts";
import { type SessionText, writeSession } from "../support/session-text.ts";
import { CLIENT, ISSUER, seconds } from "../support/tokens.ts";
import { ENVIRONMENT, GATES, SESSION_HOSTS, SESSION_SECRETS } from "./gates.ts";

export const HOST = "app.example.com";
const [SITE, OTHER_SITE] = SESSION_HOSTS as [string, string];
const PLACE = placeOf(SESSION_SECRETS[0]!, SITE);
export const AT_B = { site: OTHER_SITE };
export const URLS = {
  login_url: `${SITE}/oidc/login`,
  refresh_url: `${SITE}/oidc/refresh`,
};
export const NAVIGATION = {
  "Sec-Fetch-Dest": "document",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-Site": "none",
};

/** Alice, who may view and run, signed in a minute ago, for an hour. */
const roles = { realm_access: { roles: ["app-runner"] } };
export const ALICE = await bakedSession(GATES.session, ENVIRONMENT, PLACE, roles);
/** Of the configurations that forward the caller's token, and that have roles of API keys. */
const own = async (name: "session-forwarding" | "session-keys") => {
  const { fingerprint, identity } = await bakedSession(GATES[name], ENVIRONMENT, PLACE, roles);
  return { fingerprint, identity };
};
export const FORWARDING = await own("session-forwarding");
export const WITH_KEYS = await own("session-keys");

interface Sealing {
  /** One of the two that are configured, or another one. */
  secret?: 0 | 1 | Uint8Array;
  site?: string;
  name?: string;
  purpose?: Purpose;
  clientId?: string;
  issuer?: string;
  audience?: string;
}

let nanoseconds = BigInt(Date.now()) * 1_000_000n;

export function sealed(session: SessionText | Uint8Array, how: Sealing = {}): string {
  const { secret = 0, site = SITE, name = COOKIE, purpose = "session" } = how;
  const { clientId = CLIENT, issuer = ISSUER, audience = "" } = how;
  const key = typeof secret === "number" ? SESSION_SECRETS[secret]! : secret;
  const text = session instanceof Uint8Array ? session : writeSession(session);
  const scope = { issuer, clientId, site, audience };
  return seal(key, { purpose, name, scope }, nanoseconds++, text);
}

type Times = Pick<SessionText, "signedIn" | "made" | "refreshAt" | "end">;

/** Alice's, with times in seconds from now, and other changes. */
export function variant(times: Partial<Times>, changes: Partial<SessionText> = {}): string {
  const now = seconds();
  const moved = Object.entries(times).map(([name, offset]) => [name, now + offset]);
  return sealed({ ...ALICE, ...Object.fromEntries(moved), ...changes });
}

export const EXPIRED = variant({ signedIn: -7200, made: -7200, refreshAt: -4000, end: -3600 });
/** Ended a minute ago, and can be renewed for nine more. */
export const GRACE = variant({ signedIn: -600, made: -600, refreshAt: -120, end: -60 });
export const DUE = variant({ signedIn: -600, made: -600, refreshAt: -60, end: 3600 });
export const OUTDATED = sealed({
  ...ALICE,
  fingerprint: "00".repeat(16),
  refreshAt: seconds(3000),
});

export const cookie = (value: string) => `${COOKIE}=${value}`;

/** The value in so many cookies. */
export function chunks(value: string, count: number): string[] {
  const size = Math.ceil(value.length / count);
  return Array.from(
    { length: count },
    (_, i) => `${COOKIE}.${i}=${value.slice(i * size, (i + 1) * size)}`,
  );
}
