/** The functions about the caller: the second table of docs/policy.md. Each is false when there is none. */
import { type Json, namesOf, occurrences, scalar, utf8 } from "./json.ts";
import type { RuleFunction } from "./request-functions.ts";
import type { Caller, Scene } from "./scene.ts";

type Holds = (args: readonly string[], caller: Caller, scene: Scene) => boolean;

const caller = (least: number, most: number, holds: Holds): RuleFunction => ({
  about: "caller",
  arguments: [least, most],
  holds: (args, scene) => scene.caller !== null && holds(args, scene.caller, scene),
});

const anyOf = (wanted: readonly string[], given: readonly string[]) =>
  wanted.some((it) => given.includes(utf8(it)));

export const CALLER_FUNCTIONS: Record<string, RuleFunction> = {
  Authenticated: caller(0, 0, () => true),
  Role: caller(1, Infinity, (roles, { roles: given }) => roles.some((role) => given.has(role))),
  Scope: caller(1, Infinity, (scopes, { claims }) => anyOf(scopes, scopesOf(claims))),
  Group: caller(1, Infinity, (groups, { claims }) => {
    const given = groupsOf(claims);
    const below = groups.filter((it) => it.endsWith("/**")).map((it) => utf8(it.slice(0, -3)));
    const isBelow = (group: string) => below.some((it) => `${group}/`.startsWith(`${it}/`));
    return anyOf(groups, given) || given.some(isBelow);
  }),
  EmailDomain: caller(1, Infinity, (domains, { claims }) => {
    const address = claim(claims, "email");
    const verified = claim(claims, "email_verified");
    const isVerified = verified !== undefined && scalar(verified) === "true";
    if (!isVerified || address?.kind !== "text") return false;
    const [, domain] = /^(?:[^@]+|".*")@([^@]*)$/s.exec(address.text) ?? [];
    return domains.some((it) => it.toLowerCase() === domain?.toLowerCase());
  }),
  Issuer: caller(1, Infinity, (issuers, { issuer }) => issuer !== null && issuers.includes(issuer)),
  ApiKey: caller(1, Infinity, (names, { apiKey }) => apiKey !== null && names.includes(apiKey)),
  Equals: caller(2, 2, ([path, value], { claims }, scene) => {
    const wanted = filledIn(value!, scene);
    return wanted !== null && scalar(claim(claims, path!)) === wanted;
  }),
  Prefix: caller(2, 2, ([path, value], { claims }, scene) => {
    const wanted = filledIn(value!, scene);
    return wanted !== null && scalar(claim(claims, path!))?.startsWith(wanted) === true;
  }),
  Contains: caller(2, 2, ([path, value], { claims }, scene) => {
    const wanted = filledIn(value!, scene);
    return wanted !== null && itemsOf(claim(claims, path!)).includes(wanted);
  }),
  SplitContains: caller(3, 3, ([path, separator, value], { claims }, scene) => {
    const wanted = filledIn(value!, scene);
    const parts = scalar(claim(claims, path!))?.split(utf8(separator!));
    return wanted !== null && parts?.includes(wanted) === true;
  }),
  OneOf: caller(2, Infinity, ([path, ...values], { claims }, scene) => {
    const given = scalar(claim(claims, path!));
    return given !== null && values.some((value) => filledIn(value, scene) === given);
  }),
  Exists: caller(1, 1, ([path], { claims }) => {
    const value = claim(claims, path!);
    return value !== undefined && value.kind !== "null";
  }),
};

function claim(claims: Json, path: string): Json | undefined {
  return occurrences(claims, namesOf(path))[0];
}

/** Of a list, what is compared as it is written. */
function itemsOf(value: Json | undefined): string[] {
  if (value?.kind !== "list") return [];
  return value.items.map(scalar).filter((item) => item !== null);
}

/** A single group may come as a text. */
function groupsOf(claims: Json): string[] {
  const groups = claim(claims, "groups");
  return groups?.kind === "text" ? [groups.text] : itemsOf(groups);
}

function scopesOf(claims: Json): string[] {
  const scope = claim(claims, "scope");
  return scope?.kind === "text" ? scope.text.split(" ").filter((it) => it !== "") : [];
}

/** With what the match has captured in the place of `{name}`; null where it has captured nothing of that name. */
function filledIn(value: string, { captures }: Scene): string | null {
  let missing = false;
  const text = utf8(value).replace(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    missing ||= !captures.has(name);
    return captures.get(name) ?? "";
  });
  return missing ? null : text;
}
