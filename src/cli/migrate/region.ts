/** The requests of another tool's rule: one set within what was meant, and one around it. */
import { call } from "./allow.ts";
import {
  ALL_PATHS,
  areApart as areApartPaths,
  isEverything,
  isInside,
  isSame,
  narrow,
  type Paths,
  textOf,
} from "./shape.ts";

/** A condition of a region besides paths: an expression, or one that cannot be expressed. */
export type Part = { exact: string } | { unsayable: string };

export interface Region {
  paths: Paths;
  /** Null: all hosts. */
  hosts: readonly string[] | null;
  parts: readonly Part[];
}

export const EVERYWHERE: Region = { paths: ALL_PATHS, hosts: null, parts: [] };

export const region = (given: Partial<Region>): Region => ({ ...EVERYWHERE, ...given });

export const methods = (list: readonly string[]): Part[] =>
  list.length > 0 ? [{ exact: call("Method", ...new Set(list)) }] : [];

/** An expression for a region. */
export function around(it: Region): string {
  const paths = textOf(it.paths.around);
  const hosts = it.hosts === null ? [] : [call("Host", ...it.hosts)];
  const words = it.parts.flatMap((part) => ("exact" in part ? [part.exact] : []));
  const list = [...hosts, ...(paths === "" ? [] : [grouped(paths)]), ...words];
  if (list.length === 1 && paths !== "") return paths;
  return list.join(" && ") || "PathPrefix(`/`)";
}

/** All requests that it may match. */
export const asAround = (it: Region): Region => ({
  ...it,
  paths: { within: it.paths.around, around: it.paths.around },
  parts: it.parts.filter((part) => "exact" in part),
});

/** Requests that it certainly matches; null: none can be named. */
export function asWithin(it: Region): Region | null {
  if (it.parts.some((part) => "unsayable" in part) || it.paths.within.length === 0) return null;
  return { ...it, paths: { within: it.paths.within, around: it.paths.within } };
}

/** True if a public rule can name a part of what it certainly matches. */
export const mayOpen = (it: Region): boolean =>
  asWithin(it) !== null && narrow(it.paths.within).length > 0;

export const isExact = (it: Region): boolean =>
  isSame(it.paths.within, it.paths.around) && !it.parts.some((part) => "unsayable" in part);

/** True if it can match no request at all. */
export const isNothing = (it: Region): boolean => it.paths.around.length === 0;

/** True if no request is in both; false if that is uncertain. */
export function areApart(one: Region, other: Region): boolean {
  if (areApartPaths(one.paths.around, other.paths.around)) return true;
  if (one.hosts === null || other.hosts === null) return false;
  return !one.hosts.some((a) => other.hosts!.some((b) => mayMeet(a, b)));
}

/** True if every request of `inner` is certainly in `outer`. */
export function covers(outer: Region, inner: Region): boolean {
  if (!isExact(outer)) return false;
  const hosts =
    outer.hosts === null ||
    (inner.hosts !== null &&
      inner.hosts.every((host) => outer.hosts!.some((it) => isOf(host, it))));
  const paths =
    isEverything(outer.paths.around) || isInside(inner.paths.around, outer.paths.around);
  const words = new Set(inner.parts.flatMap((part) => ("exact" in part ? [part.exact] : [])));
  return hosts && paths && outer.parts.every((part) => "exact" in part && words.has(part.exact));
}

/** Requests in both. */
export function common(one: Region, other: Region): Region {
  const [hosts, extra] = commonHosts(one.hosts, other.hosts);
  const [paths, more] = commonPaths(one.paths, other.paths);
  const all = [...extra, ...more, ...one.parts, ...other.parts];
  const parts = all.filter(
    (part, at) => all.findIndex((it) => JSON.stringify(it) === JSON.stringify(part)) === at,
  );
  return { paths, hosts, parts };
}

type Hosts = Region["hosts"];

function commonHosts(one: Hosts, other: Hosts): [Hosts, Part[]] {
  if (one === null || other === null) return [one ?? other, []];
  if (one.every((host) => other.some((it) => isOf(host, it)))) return [one, []];
  if (other.every((host) => one.some((it) => isOf(host, it)))) return [other, []];
  return [one, [{ exact: call("Host", ...other) }]];
}

function commonPaths(one: Paths, other: Paths): [Paths, Part[]] {
  if (isEverything(one.within)) return [other, []];
  if (isEverything(other.within) || textOf(one.within) === textOf(other.within)) return [one, []];
  const areExact = [one, other].every((it) => isSame(it.within, it.around));
  if (areExact && isInside(one.within, other.within)) return [one, []];
  if (areExact && isInside(other.within, one.within)) return [other, []];
  if (isSame(other.within, other.around)) return [one, [{ exact: grouped(textOf(other.within)) }]];
  if (isSame(one.within, one.around)) return [other, [{ exact: grouped(textOf(one.within)) }]];
  return [one, [{ unsayable: "paths" }]];
}

const grouped = (text: string) => (text.includes(" || ") ? `(${text})` : text);

function mayMeet(one: string, other: string): boolean {
  if (one === other) return true;
  const [wild, plain] = one.startsWith("*") ? [one, other] : [other, one];
  if (!wild.startsWith("*")) return false;
  return plain.startsWith("*") || plain.endsWith(wild.replace(/^\*+/, ""));
}

/**
 * True if every name of the one is certainly a name of the other: `**.` matches all names below.
 */
const isOf = (inner: string, outer: string): boolean =>
  inner === outer ||
  (outer.startsWith("**.") && inner.replace(/^\*+/, "").endsWith(outer.slice(2)));
