/** The caller of a row: with roles, claims, scopes, of an issuer, or with an API key. */
import { type Block, textsOf } from "../middleware/block.ts";
import { callersOf } from "../matrix/caller.ts";
import type { Place } from "../source/file.ts";
import { plainOf } from "../source/plain.ts";
import { type Entry, type MapTree, textAt, textsAt, valueAt } from "../source/tree.ts";
import { tableError } from "./mistake.ts";

export interface Anonymous {
  kind: "anonymous";
}

export interface KeyHolder {
  kind: "apiKey";
  name: string;
  /** Empty: the key is one of the block's, which has its roles. */
  roles: string[];
  /** Null: not of a table, and the key need not be the block's. */
  place: Place | null;
}

export interface TokenHolder {
  kind: "token";
  roles: string[];
  claims: Record<string, unknown>;
  user: string | undefined;
  issuer: string | undefined;
  place: Place | null;
}

export type Person = Anonymous | KeyHolder | TokenHolder;

/** The prefix of callers with an API key in the log. */
const API_KEY = "apikey:";
export const ANONYMOUS = "anonymous";
export const SIGNED_IN = "signed-in";

const KEYS = ["roles", "claims", "scopes", "user", "issuer", "apiKey"];

/** An entry of `who`. */
export function personOf({ key, value, keyPlace: place }: Entry): Person {
  if (value.kind === "scalar" && value.text === ANONYMOUS) return { kind: "anonymous" };
  if (value.kind !== "map") {
    throw tableError(place, `who.${key}: expected a map`, `with ${KEYS.join(", ")}`);
  }
  const unknown = value.entries.find((entry) => !KEYS.includes(entry.key));
  if (unknown) {
    const message = `who.${key}: unknown key ${unknown.key}`;
    throw tableError(unknown.keyPlace, message, `it has ${KEYS.join(", ")}`);
  }
  return textAt(value, "apiKey") === undefined
    ? tokenHolder(key, value, place)
    : keyHolder(key, value, place);
}

function keyHolder(key: string, tree: MapTree, place: Place): KeyHolder {
  const other = tree.entries.find((entry) => !["apiKey", "roles"].includes(entry.key));
  if (other) throw tableError(other.keyPlace, `who.${key}: an API key has no ${other.key}`);
  return { kind: "apiKey", name: textAt(tree, "apiKey")!, roles: textsAt(tree, "roles"), place };
}

function tokenHolder(key: string, tree: MapTree, place: Place): TokenHolder {
  const claims = valueAt(tree, "claims");
  if (claims && claims.kind !== "map") {
    throw tableError(claims.place, `who.${key}.claims: expected a map`);
  }
  const scopes = textsAt(tree, "scopes");
  return {
    kind: "token",
    roles: textsAt(tree, "roles"),
    claims: {
      ...(claims ? (plainOf(claims) as Record<string, unknown>) : {}),
      ...(scopes.length > 0 ? { scope: scopes.join(" ") } : {}),
    },
    ...{ user: textAt(tree, "user"), issuer: textAt(tree, "issuer"), place },
  };
}

/**
 * The meaning of a row's word: a name of `who`, or else anonymous, signed-in, roles of the block,
 * or an API key.
 */
export function personNamed(
  who: string,
  place: Place,
  people: ReadonlyMap<string, Person>,
  block: Block,
): Person {
  const named = people.get(who);
  if (named) return named;
  if (who === ANONYMOUS) return { kind: "anonymous" };
  if (who.startsWith(API_KEY)) {
    return { kind: "apiKey", name: who.slice(API_KEY.length), roles: [], place };
  }
  const roles = who === SIGNED_IN ? [] : who.split("+");
  const known = new Set(callersOf(block).flatMap((it) => it.roles ?? []));
  const stranger = roles.find((role) => !known.has(role));
  if (stranger === undefined) {
    return { kind: "token", roles, claims: {}, user: undefined, issuer: undefined, place };
  }
  const names = [...people.keys(), ANONYMOUS, SIGNED_IN, ...known, `${API_KEY}NAME`];
  const message = `${stranger} is unknown: neither in \`who\` nor a role of the block`;
  throw tableError(place, message, `there are ${names.join(", ")}`);
}

/** The first of several issuers. */
export function issuersOf(block: Block): string[] {
  const list = block.issuers;
  const others = Array.isArray(list) ? (list as Block[]) : [];
  return [block, ...others].flatMap((it) => textsOf(it, "issuer"));
}
