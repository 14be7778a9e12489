/** The functions about the request: the first table of docs/policy.md and its section 'Bodies'. */
import { BlockList, isIPv6 } from "node:net";
import {
  isAlike,
  isPartOf,
  type Json,
  looseOccurrences,
  namesOf,
  occurrences,
  readJson,
  utf8,
} from "./json.ts";
import { matchPattern } from "./paths.ts";
import type { Scene } from "./scene.ts";

export interface RuleFunction {
  about: "request" | "caller";
  /** Fewest and most arguments. */
  arguments: [number, number];
  holds(args: readonly string[], scene: Scene): boolean;
}

const request = (least: number, most: number, holds: RuleFunction["holds"]): RuleFunction => ({
  about: "request",
  arguments: [least, most],
  holds,
});

export const REQUEST_FUNCTIONS: Record<string, RuleFunction> = {
  Path: request(1, Infinity, (patterns, scene) => isPath(patterns, scene, false)),
  PathPrefix: request(1, Infinity, (patterns, scene) => isPath(patterns, scene, true)),
  Method: request(1, Infinity, (methods, scene) => methods.includes(scene.request.method)),
  Host: request(1, Infinity, (names, scene) =>
    names.some((name) => isHost(name.toLowerCase(), hostOf(scene.request.host))),
  ),
  Header: request(2, 2, ([name, value], scene) =>
    scene.request.headers.values(name!).includes(utf8(value!)),
  ),
  Query: request(1, 2, ([name, value], scene) =>
    pairsOf(scene.request.query).some(
      (pair) => pair?.[0] === utf8(name!) && pair[1] === utf8(value ?? ""),
    ),
  ),
  QueryOnly: request(1, Infinity, ([name, ...values], scene) =>
    pairsOf(scene.request.query).every((pair) => {
      if (pair === null || !isCertain(pair[0]) || isPartOf(pair[0], utf8(name!))) return false;
      return !isAlike(pair[0], utf8(name!)) || values.map(utf8).includes(pair[1]);
    }),
  ),
  WebSocket: request(
    0,
    0,
    (_, scene) => scene.request.method === "GET" && protocolsOf(scene).includes("websocket"),
  ),
  Upgrade: request(1, Infinity, (wanted, scene) => {
    const names = wanted.map((it) => it.toLowerCase());
    const offered = protocolsOf(scene);
    return offered.length > 0 && offered.every((it) => names.includes(it));
  }),
  ClientIP: request(1, Infinity, (ranges, scene) => isInside(scene.request.remote, ranges)),
  BodyJSON: request(1, Infinity, ([path, ...values], scene) =>
    inBody(path!, scene).some((it) => values.length === 0 || isOneOf(it, values)),
  ),
  BodyOnly: request(2, Infinity, ([path, ...values], scene) =>
    looseOccurrences(scene.readBody(), namesOf(path!)).every(
      (it) => it !== "unknown" && isOneOf(it, values),
    ),
  ),
};

/** What the request asks to go on in; none where the connection is not to change. */
export function protocolsOf({ request: { headers } }: Scene): string[] {
  const tokens = (name: string) =>
    headers
      .values(name)
      .flatMap((value) => value.toLowerCase().split(/[ \t]*,[ \t]*/))
      .filter((it) => it !== "");
  if (!tokens("Connection").includes("upgrade")) return [];
  const offered = tokens("Upgrade");
  // A field without a name in it is passed on as well.
  return offered.length > 0 || !headers.get("Upgrade") ? offered : [""];
}

function isPath(patterns: readonly string[], scene: Scene, asPrefix: boolean): boolean {
  for (const pattern of patterns) {
    const captures = matchPattern(pattern, scene.path, asPrefix);
    if (!captures) continue;
    for (const [name, value] of captures) scene.captures.set(name, value);
    return true;
  }
  return false;
}

/** Lower case, without port and the root's dot. */
function hostOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

function isHost(wanted: string, host: string): boolean {
  if (wanted.startsWith("**.")) return host.endsWith(wanted.slice(2));
  return host === wanted || host.replace(/^[^.]+/, "*") === wanted;
}

/** Names and values, decoded; null: an escape in the pair is broken. */
function pairsOf(query: string): ([string, string] | null)[] {
  const parts = query.split("&").filter((part) => part !== "");
  return parts.map((part) => {
    const equals = part.indexOf("=");
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = decoded(equals < 0 ? "" : part.slice(equals + 1));
    return name === null || value === null ? null : [name, value];
  });
}

/** Everybody reads the same name: it is UTF-8, and decoded once more it would be the same. */
function isCertain(name: string): boolean {
  const text = Buffer.from(name, "latin1");
  return !/%[0-9A-Fa-f]{2}/.test(name) && Buffer.from(text.toString("utf8")).equals(text);
}

function decoded(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  return text
    .replaceAll("+", " ")
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function isInside(remote: string, ranges: readonly string[]): boolean {
  const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
  const client = remote.slice(0, remote.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split("/");
    // A range of the one kind holds no address of the other.
    if (family(address!) !== family(client)) continue;
    if (bits === undefined) list.addAddress(address!, family(address!));
    else list.addSubnet(address!, Number(bits), family(address!));
  }
  return list.check(client, family(client));
}

function inBody(path: string, scene: Scene): Json[] {
  return occurrences(scene.readBody(), namesOf(path));
}

/** By kind, and as it is written. */
function isOneOf(value: Json, literals: readonly string[]): boolean {
  return literals.some((literal) => {
    const wanted = readJson(Buffer.from(literal))!;
    if (wanted.kind !== value.kind) return false;
    return "text" in wanted && "text" in value ? wanted.text === value.text : true;
  });
}
