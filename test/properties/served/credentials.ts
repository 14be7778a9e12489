/**
 * Credentials of many people, good and bad ones: tokens, API keys, sessions' cookies. Many are of one length, so that
 * what is kept of one fits another.
 */
import { apiKey } from "../../support/api-keys.ts";
import type { Dice } from "../../support/dice.ts";
import { ec, rsa, strangerRsa, type TestKey } from "../../support/keys.ts";
import { CLIENT, type Claims, seconds, token } from "../../support/tokens.ts";
import {
  KEYS,
  otherRsa,
  OTHER_ISSUER,
  PERSONAL,
  TENANT,
  tenantIssuer,
  UNLISTED,
} from "../../cases/gates.ts";
import { ENDED } from "../../cases/files.ts";
import {
  ALICE,
  AT_B,
  chunks,
  cookie,
  DUE,
  EXPIRED,
  FORWARDING,
  GRACE,
  OUTDATED,
  sealed,
  WITH_KEYS,
} from "../../cases/session-cookies.ts";
import {
  type Configuration,
  GATES,
  ENVIRONMENT,
  SESSION_HOSTS,
  SESSION_SECRETS,
} from "../../cases/gates.ts";
import { CookieJar } from "../../support/cookie-jar.ts";
import { LoginHost } from "../../support/login-host.ts";
import { NEVER, openSession, type SessionText } from "../../support/session-text.ts";
import { COOKIE, placeOf } from "../../support/baked-session.ts";

/** Users whose claims are of one length, and whose roles differ. */
const person = (name: string, number: string, role: string, more: Claims = {}): Claims => ({
  sub: `8d6f3a6e-${number}`,
  preferred_username: name,
  email: `${name}@example.com`,
  realm_access: { roles: [role] },
  ...more,
});
const PEOPLE: Claims[] = [
  person("alice", "0001", "app-viewer"),
  person("berta", "0002", "app-runner"),
  person("clara", "0003", "app-owner", { scope: "openid sudo" }),
  person("doris", "0004", "app-nobody"),
  person("emily", "0005", "app-viewer", { email_verified: false }),
  person("frida", "0006", "admins", { scope: "openid admin write", address: { a: ["b", 1] } }),
  person("greta", "0007", "app-viewer", {
    ...{ tenants: ["red", "blue"], team: { name: "red" }, list: "a;b;c", level: 2 },
    ...{ groups: ["g1", "/sales/eu", "staff"], name: "Greta, G", via: "x" },
  }),
  person("heidi", "0008", "app-runner", { tenants: ["green"], groups: ["banned"], level: 3 }),
  // Whose groups are elsewhere, because they are many.
  person("irene", "0009", "app-viewer", { hasgroups: true }),
  { ...person("julia", "0010", "app-viewer"), preferred_username: undefined, email: undefined },
];

const ENDS = [600, 600, 600, 30, 600, 90];

async function tokens(): Promise<{ good: string[]; bad: string[] }> {
  const good: Promise<string>[] = [];
  PEOPLE.forEach((claims, i) => {
    for (const key of [rsa, ec]) {
      good.push(token({ ...claims, exp: seconds(ENDS[i % ENDS.length]) }, key));
    }
  });
  const of = (issuer: string, claims: Claims = {}, key: TestKey = rsa, header: Claims = {}) =>
    good.push(token({ ...PEOPLE[0], iss: issuer, ...claims }, key, header));
  of(OTHER_ISSUER, { aud: "other", azp: "other", name: "Olga" }, otherRsa, { kid: rsa.kid });
  of(OTHER_ISSUER, { aud: "api://app", sub: "alice" }, otherRsa, { kid: rsa.kid });
  of(tenantIssuer(TENANT), { tid: TENANT });
  of(tenantIssuer(PERSONAL), { tid: PERSONAL }, ec);
  const alice = PEOPLE[0]!;
  const bad = [
    token({ ...alice, exp: seconds(-120) }),
    token({ ...alice, nbf: seconds(150) }),
    token({ ...alice, aud: "app2", azp: "app2" }),
    token({ ...alice, iss: "https://sso.example.com/realms/evil" }),
    token(alice, strangerRsa, { kid: rsa.kid }),
    token(alice, strangerRsa),
    token({ ...alice, iss: tenantIssuer(UNLISTED), tid: UNLISTED }),
    token({ ...alice, typ: "ID", nonce: "n" }),
    token({ ...alice, sub: undefined }),
    token({ ...alice, exp: undefined }),
    // Larger than what is kept.
    token({ ...alice, filler: "x".repeat(6000) }),
    token({ ...alice, azp: CLIENT, name: "y".repeat(9000) }),
  ];
  return { good: await Promise.all(good), bad: await Promise.all(bad) };
}

const { good: GOOD, bad: BAD } = await tokens();

const PLACE = placeOf(SESSION_SECRETS[0]!, SESSION_HOSTS[0]!);
const baked = new Map<string, Promise<string[]>>();

/** Cookies of sessions of a configuration, known by its name: valid ones of several people, and all kinds of bad ones. */
export function sessionsFor(name: string, config: Configuration): Promise<string[]> {
  const known = baked.get(name) ?? bake(config);
  baked.set(name, known);
  return known;
}

async function bake(config: Configuration): Promise<string[]> {
  const { session, mode: _, forwardAuth: __, stateDir: ___, ...rest } = config;
  if (!session || JSON.stringify(session).includes("domain")) return OTHERS;
  const files = { jwks: GATES.session.jwks, jwksFile: undefined, apiKeysFile: undefined };
  const login = { clientSecret: "rp-secret-for-tests-only-0123456789" };
  const host = await LoginHost.start({ ...rest, session, ...files, login }, { env: ENVIRONMENT });
  const people: SessionText[] = [];
  for (const claims of [PEOPLE[1]!, PEOPLE[2]!, PEOPLE[6]!]) {
    host.jar = new CookieJar();
    host.provider.accessToken = claims;
    host.provider.idToken = { sub: claims.sub, sid: `sid of ${claims.preferred_username}` };
    await host.signIn();
    const times = { signedIn: NOW - 60, made: NOW - 60, refreshAt: NEVER, end: NOW + 3600 };
    people.push({ ...openSession(PLACE, host.jar.get(COOKIE)!), ...times });
  }
  const berta = people[0]!;
  return [
    ...people.flatMap((it) =>
      [1, 2, 3, 4].map((kind) => sealed(it, { secret: kind === 4 ? 1 : 0 })),
    ),
    sealed({ ...berta, sid: ENDED.sid }),
    sealed({ ...berta, subject: ENDED.subject }),
    sealed(berta, AT_B),
    sealed({ ...berta, refreshAt: NOW - 9 }),
    sealed({ ...berta, refreshAt: NOW + 3, end: NOW + 20 }),
    ...[sealed(ALICE), EXPIRED, OUTDATED],
  ];
}

const NOW = seconds();
const OTHERS = [
  ...[sealed(ALICE), sealed({ ...ALICE, sid: ENDED.sid }), sealed(ALICE, AT_B)],
  sealed({ ...ALICE, ...FORWARDING, token: GOOD[0]! }),
  sealed({ ...ALICE, ...WITH_KEYS }),
  ...[EXPIRED, GRACE, DUE, OUTDATED],
];

const API_KEYS = [...Object.values(KEYS), apiKey()];

/** One character is another one of the alphabet: wherever it is, that is another token. */
function flipped(dice: Dice, text: string): string {
  const at = dice.below(text.length);
  const other = dice.pick(["A", "Q", "g", "w", "-", "1"].filter((it) => it !== text[at]));
  return text.slice(0, at) + other + text.slice(at + 1);
}

/** Parts of two. */
function mixed(dice: Dice, one: string, other: string): string {
  const [a, b] = [one.split("."), other.split(".")];
  return a.map((part, i) => (dice.chance(2) ? part : (b[i] ?? part))).join(".");
}

/** Half of the time one of the first few: what a guest knows comes again, also in the wrong place. */
const often = (dice: Dice, list: readonly string[]) =>
  dice.chance(2) ? list[dice.below(3)]! : dice.pick(list);

export function tokenOf(dice: Dice, sessions: readonly string[] = OTHERS): string {
  switch (dice.below(16)) {
    case 0:
      return dice.pick(BAD);
    case 1:
      return flipped(dice, dice.pick(GOOD));
    case 2:
      return mixed(dice, dice.pick(GOOD), dice.pick(GOOD));
    case 3:
      return dice.pick(GOOD).slice(0, -dice.between(1, 4));
    // In the wrong place.
    case 4:
      return dice.chance(3) ? dice.pick(API_KEYS) : often(dice, sessions);
    default:
      return often(dice, GOOD);
  }
}

export function keyOf(dice: Dice): string {
  if (dice.chance(6)) return flipped(dice, dice.pick(API_KEYS));
  return dice.chance(12) ? tokenOf(dice) : dice.pick(API_KEYS);
}

/** Cookies of a session, whole or in chunks. */
export function sessionOf(dice: Dice, sessions: readonly string[], name = ""): string[] {
  let value = often(dice, sessions);
  if (dice.chance(16)) value = flipped(dice, value);
  else if (dice.chance(20)) value = value.slice(0, -dice.between(1, 3));
  else if (dice.chance(16)) value = often(dice, GOOD);
  const parts = dice.chance(3) ? chunks(value, dice.between(2, 4)) : [cookie(value)];
  if (dice.chance(25)) parts.pop();
  if (dice.chance(25)) parts.push(cookie(dice.pick(sessions)));
  return name === "" ? parts : parts.map((it) => it.replace(/^__Host-rolegate/, name));
}
