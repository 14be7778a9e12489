/** Random callers: claims as the JSON text that a token holds, and what of them docs/configuration.md makes roles. */
import { createHmac } from "node:crypto";
import { apiKey, digestOf } from "../../support/api-keys.ts";
import type { Dice } from "../../support/dice.ts";
import { type Json, namesOf, occurrences, readJson } from "./json.ts";
import { type Aims, filledIn } from "./random-rules.ts";
import type { Caller } from "./scene.ts";
import * as words from "./vocabulary.ts";

export const SECRETS = [
  "1".repeat(20) + "abcdefghijkl-main",
  "2".repeat(20) + "abcdefghijkl-other",
];

/** `roles` and `roleHierarchy` of a configuration. */
export interface RoleSettings {
  roles?: Record<string, string[]>;
  roleHierarchy?: Record<string, string[]>;
}

/** What a request shows: nothing, a good token, or one that is none. */
export interface Credential {
  header: string | null;
  caller: Caller | null;
}

export function randomRoles(dice: Dice): RoleSettings {
  const settings: RoleSettings = {};
  if (dice.chance(2)) {
    settings.roles = Object.fromEntries(
      words.ROLES.map((role) => [role, dice.chance(4) ? [role, `p-${role}`] : [`p-${role}`]]),
    );
  }
  // No role comes by itself in the end: a list in which each has some of those after it.
  const order = dice.shuffled(words.ROLES);
  const edges = order
    .map((role, at) => [role, order.slice(at + 1).filter(() => dice.chance(3))] as const)
    .filter(([, below]) => below.length > 0);
  if (edges.length > 0) settings.roleHierarchy = Object.fromEntries(edges);
  return settings;
}

/** The configuration's API keys. Their roles are its own, not a provider's. */
export const KEYS = [
  { name: "ci", roles: ["runner"] },
  { name: "nightly job", roles: ["rôle x", "owner"] },
  { name: "ci", roles: ["viewer"] },
  { name: "old", roles: ["owner"], expires: "2026-01-01T00:00:00Z" },
].map((entry, index) => ({ ...entry, key: apiKey(Buffer.alloc(32, index + 1)) }));

export const API_KEYS = KEYS.map(({ key, ...entry }) => ({ ...entry, sha256: digestOf(key) }));

function randomKey(dice: Dice, settings: RoleSettings): Credential {
  const { name, roles, key, ...rest } = dice.pick(KEYS);
  const user = dice.pick([name, "", "somebody"]);
  const basic = dice.chance(2);
  const header = basic
    ? `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`
    : `Bearer ${key}`;
  if ("expires" in rest || (basic && user === "somebody")) return { header, caller: null };
  const all = withLower(roles, settings);
  const claims: Json = { kind: "map", members: [] };
  return { header, caller: { issuer: null, apiKey: name, roles: all, claims } };
}

export function randomCredential(dice: Dice, settings: RoleSettings, aims: Aims): Credential {
  if (dice.chance(4)) return { header: null, caller: null };
  if (dice.chance(6)) return randomKey(dice, settings);
  const which = dice.below(2);
  const payload = randomClaims(dice, which, aims);
  const token = sign(payload, SECRETS[which]!);
  if (dice.chance(8)) return { header: `Bearer ${token.slice(0, -2)}`, caller: null };
  const claims = readJson(Buffer.from(payload))!;
  const sub = occurrences(claims, ["sub"])[0];
  // A subject is a text that is not empty, or the token is none.
  const isToken = sub === undefined || (sub.kind === "text" && sub.text !== "");
  if (!isToken) return { header: `Bearer ${token}`, caller: null };
  return { header: `Bearer ${token}`, caller: callerOf(claims, which, settings) };
}

/** A good token of the first issuer, with more claims. */
export function bearer(claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000);
  const own = { iss: words.ISSUERS[0], aud: words.CLIENTS[0], typ: "Bearer", exp: now + 600 };
  return `Bearer ${sign(JSON.stringify({ ...own, ...claims }), SECRETS[0]!)}`;
}

function callerOf(claims: Json, which: number, settings: RoleSettings): Caller {
  const roles = rolesOf(claims, words.CLIENTS[which]!, settings);
  return { issuer: words.ISSUERS[which]!, apiKey: null, roles, claims };
}

/** The roles that claims give, with those that the hierarchy adds. */
function rolesOf(claims: Json, client: string, settings: RoleSettings): Set<string> {
  const paths = [
    ["realm_access", "roles"],
    ["resource_access", client, "roles"],
    ["roles"],
    ["groups"],
  ];
  const given = paths
    .flatMap((names) => occurrences(claims, names))
    .flatMap((value) => (value.kind === "list" ? value.items : [value]))
    .flatMap((item) => (item.kind === "text" ? [Buffer.from(item.text, "latin1").toString()] : []));
  const { roles } = settings;
  const direct = roles
    ? Object.keys(roles).filter((role) => roles[role]!.some((name) => given.includes(name)))
    : given;
  return withLower(direct, settings);
}

/** With the roles that the hierarchy adds. */
function withLower(roles: readonly string[], { roleHierarchy = {} }: RoleSettings): Set<string> {
  const all = new Set<string>();
  const add = (role: string): void => {
    if (all.has(role)) return;
    all.add(role);
    if (Object.hasOwn(roleHierarchy, role)) roleHierarchy[role]!.forEach(add);
  };
  roles.forEach(add);
  return all;
}

function sign(payload: string, secret: string): string {
  const part = (text: string) => Buffer.from(text).toString("base64url");
  const input = `${part('{"alg":"HS256","typ":"JWT"}')}.${part(payload)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** A claim's value as JSON text: of the type that functions look for, or of another. */
function randomValue(dice: Dice): string {
  const text = () => JSON.stringify(dice.pick(words.VALUES));
  const literal = () => dice.pick(["3", "true", "false", "1.0", "1e2", "-0", "null", "30"]);
  switch (dice.below(8)) {
    case 0:
    case 1:
      return text();
    case 2:
    case 3:
      return `[${dice.times(dice.below(4), () => (dice.chance(3) ? literal() : text())).join(",")}]`;
    case 4:
      return literal();
    case 5:
      return JSON.stringify(
        dice
          .times(dice.between(1, 3), () => dice.pick(words.VALUES))
          .join(dice.pick(words.SEPARATORS)),
      );
    case 6:
      return dice.pick(["{}", '{"a":"acme"}', "[[]]", '[{"a":1}]', '""', "[]"]);
    default:
      return JSON.stringify(dice.pick(words.VALUES) + dice.pick(words.VALUES));
  }
}

function randomClaims(dice: Dice, which: number, aims: Aims): string {
  const now = Math.floor(Date.now() / 1000);
  const members = [
    `"iss":${JSON.stringify(words.ISSUERS[which])}`,
    `"aud":${JSON.stringify(words.CLIENTS[which])}`,
    '"typ":"Bearer"',
    `"iat":${now - 10}`,
    `"exp":${now + 86_400}`,
  ];
  const tree: Tree = {};
  for (const path of words.CLAIMS) {
    if (path !== "absent" && dice.chance(2)) put(tree, namesOf(path), randomValue(dice));
  }
  if (dice.chance(2)) put(tree, namesOf("realm_access.roles"), names(dice, roleNames(words.ROLES)));
  if (dice.chance(3)) {
    const client = words.CLIENTS[dice.below(2)]!.replaceAll(".", "\\.");
    put(tree, namesOf(`resource_access.${client}.roles`), names(dice, roleNames(words.ROLES)));
  }
  if (dice.chance(3)) put(tree, ["roles"], names(dice, roleNames(words.ROLES)));
  if (dice.chance(2)) put(tree, ["groups"], names(dice, words.GROUPS));
  if (dice.chance(2)) put(tree, ["email"], JSON.stringify(dice.pick(words.MAIL)));
  if (!dice.chance(4)) put(tree, ["email_verified"], dice.pick(["true", '"true"', "false"]));
  if (dice.chance(2)) {
    const scopes = dice.times(dice.below(4), () => dice.pick(words.SCOPES));
    put(tree, ["scope"], JSON.stringify(scopes.join(" ")));
  }
  for (const call of aims.calls) {
    const aimed = AIMED[call.name];
    const [path, ...values] = call.args.map((it) => filledIn(it, aims));
    if (aimed && dice.chance(2)) put(tree, namesOf(path!), aimed(dice, values));
  }
  const own = Object.entries(tree).map(
    ([name, value]) => `${JSON.stringify(name)}:${write(value)}`,
  );
  return `{${dice.shuffled([...members, ...own]).join(",")}}`;
}

/** A text, or what it says without quotes. */
function spelt(dice: Dice, value: string): string {
  const kind = readJson(Buffer.from(value))?.kind;
  const bare = kind === "number" || kind === "true" || kind === "false";
  return bare && dice.chance(2) ? value : JSON.stringify(value);
}

/** Claims for which a function over a claim holds, by its arguments after the path. */
const AIMED: Record<string, (dice: Dice, values: string[]) => string> = {
  Equals: (dice, [value]) => spelt(dice, value!),
  OneOf: (dice, values) => spelt(dice, dice.pick(values)),
  Prefix: (dice, [value]) => spelt(dice, value! + dice.pick(["", "5", "x"])),
  Contains: (dice, [value]) =>
    `[${dice
      .shuffled([spelt(dice, value!), '"b"', "null"])
      .slice(dice.below(2))
      .join(",")}]`,
  SplitContains: (dice, [separator, value]) =>
    JSON.stringify(dice.shuffled([value!, "b"]).slice(dice.below(2)).join(separator)),
};

const roleNames = (roles: readonly string[]) =>
  roles.flatMap((role) => [role, `p-${role}`, role.toUpperCase()]);

function names(dice: Dice, list: readonly string[]): string {
  return JSON.stringify(dice.times(dice.below(4), () => dice.pick(list)));
}

interface Tree {
  [name: string]: string | Tree;
}

function put(tree: Tree, [first, ...rest]: readonly string[], value: string): void {
  const name = Buffer.from(first!, "latin1").toString("utf8");
  if (rest.length === 0) tree[name] = value;
  else {
    const inner = tree[name];
    const next: Tree = typeof inner === "object" ? inner : {};
    tree[name] = next;
    put(next, rest, value);
  }
}

function write(value: string | Tree): string {
  if (typeof value === "string") return value;
  const members = Object.entries(value).map(([name, it]) => `${JSON.stringify(name)}:${write(it)}`);
  return `{${members.join(",")}}`;
}
