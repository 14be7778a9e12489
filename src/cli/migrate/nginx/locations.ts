/** A server's locations in nginx's order, each with its requests and the callers that it admits. */
import type { Given } from "../first-match.ts";
import { pathsOfRegex } from "../regex/paths.ts";
import { common, methods, type Region, region } from "../region.ts";
import { denied, exactly, strictly } from "../said.ts";
import { beginningWith, exactPath } from "../shape.ts";
import { andBoth, type Guard, guardAt } from "./guard.ts";
import type { Directive } from "./parse.ts";

export interface Location {
  kind: "=" | "^~" | "~" | "~*" | "" | "@";
  path: string;
  body: readonly Directive[];
  /** The surrounding blocks, from the outermost inward. */
  around: readonly (readonly Directive[])[];
  children: Location[];
}

export function locationsOf(block: readonly Directive[], around: Location["around"]): Location[] {
  const levels = [...around, block];
  return block.flatMap((it) => {
    if (it.name !== "location" || it.block === null) return [];
    const [first = "", second] = it.values;
    const isMarked = /^(=|\^~|~\*?)$/.test(first) && second !== undefined;
    // `location =/path` is read like `location = /path`.
    const [, mark = "", rest = ""] = /^(=|\^~|~\*|~|)(.*)$/s.exec(first) ?? [];
    const path = isMarked ? second : rest;
    const kind = (isMarked ? first : path.startsWith("@") ? "@" : mark) as Location["kind"];
    return [
      { kind, path, body: it.block, around: levels, children: locationsOf(it.block, levels) },
    ];
  });
}

/** Longest first. */
const byLength = (a: Location, b: Location) => b.path.length - a.path.length;
const isRegex = ({ kind }: Location) => kind === "~" || kind === "~*";
const isPrefix = ({ kind }: Location) => kind === "" || kind === "^~";

/** The regular expressions precede the longest prefix, unless it says otherwise. */
export function inOrder(
  list: readonly Location[],
  host: Region,
  given: (it: Location, own: Region) => Given[],
): Given[] {
  return order(list, [], host, given);
}

function order(
  list: readonly Location[],
  outer: readonly Location[],
  inside: Region,
  given: (it: Location, own: Region) => Given[],
): Given[] {
  const emit = (it: Location, within: Region) => given(it, common(within, regionOf(it)));
  const regexes = list.filter(isRegex);
  const prefixes = list.filter(isPrefix).toSorted(byLength);
  const exact = list.filter(({ kind }) => kind === "=").flatMap((it) => emit(it, inside));
  if (isFlat(list) && outer.length === 0) {
    const first = prefixes.filter(({ kind }) => kind === "^~");
    const rest = prefixes.filter(({ kind }) => kind === "");
    return [...exact, ...[...first, ...regexes, ...rest].flatMap((it) => emit(it, inside))];
  }
  return [
    ...exact,
    ...prefixes.flatMap((it) => {
      const own = common(inside, regionOf(it));
      const asked = it.kind === "^~" ? [] : [...regexes, ...outer];
      return [
        ...order(it.children, asked, own, given),
        ...asked.flatMap((regex) => emit(regex, own)),
        ...emit(it, inside),
      ];
    }),
    ...regexes.flatMap((it) => emit(it, inside)),
  ];
}

/** Then one row is enough: no location is inside another, and `^~` takes none from another. */
function isFlat(list: readonly Location[]): boolean {
  const isTaken = (it: Location) =>
    it.kind === "^~" &&
    list.some(
      (other) => other.kind === "" && other.path !== it.path && other.path.startsWith(it.path),
    );
  return list.every((it) => it.children.length === 0 && !isTaken(it));
}

function regionOf({ kind, path }: Location): Region {
  if (kind === "=") return region({ paths: exactPath(path) });
  if (kind === "~" || kind === "~*")
    return region({ paths: pathsOfRegex(path, { ignoresCase: kind === "~*" }) });
  return region({ paths: beginningWith(path) });
}

const nameOf = ({ kind, path }: Location) =>
  `location ${kind === "@" || kind === "" ? "" : `${kind} `}${path}`;

/** What nginx does at a place: it admits callers, or answers itself. */
export function given(
  it: Location,
  own: Region,
  others: readonly Location[],
  skipped: boolean,
): Given[] {
  const what = nameOf(it);
  const inside = it.body;
  const has = (name: string) => inside.find((directive) => directive.name === name);
  if (has("internal") || skipped) {
    const why = skipped
      ? "it led to what auth_request asked, which is not needed any more"
      : "internal";
    return [{ what, region: own, allow: "deny", said: exactly(), why }];
  }
  const answer = answerOf(inside);
  if (answer !== null) return [{ what, region: own, ...answer }];
  const guard = withFallback(guardAt([...it.around, inside]), it, others, 0);
  const except = has("limit_except");
  if (!except) return [{ what, region: own, ...guard }];
  const named = except.values.includes("GET") ? [...except.values, "HEAD"] : except.values;
  const listed: Region = { ...own, parts: [...own.parts, ...methods(named)] };
  const closed = (except.block ?? []).some(
    ({ name, values }) => name === "deny" && values[0] === "all",
  );
  const said =
    closed && except.block?.length === 1
      ? exactly()
      : denied("limit_except: write what other methods need");
  return [
    { what, region: listed, ...guard },
    { what: `${what}, limit_except`, region: own, allow: "deny", said },
  ];
}

/** Null: it does not answer. The application never saw requests that nginx answered. */
export function answerOf(block: readonly Directive[]): Guard | null {
  const found = block.find(({ name }) => name === "return");
  if (!found) return null;
  const text = found.values.join(" ");
  return /^[45]\d\d/.test(text)
    ? { allow: "deny", said: exactly() }
    : { allow: "deny", said: strictly(`nginx answered by itself: return ${text.split(" ")[0]}`) };
}

/** `try_files` continues in another location, whose conditions apply as well. */
function withFallback(
  guard: Guard,
  it: Location,
  others: readonly Location[],
  depth: number,
): Guard {
  const last = it.body.findLast(({ name }) => name === "try_files")?.values.at(-1);
  if (last === undefined || last.startsWith("=")) return guard;
  const target = depth > 3 ? undefined : targetOf(last.split("?")[0]!, others);
  if (target === it) return guard;
  if (target === undefined) {
    return andBoth(guard, {
      allow: "deny",
      said: denied(`try_files: where ${last} leads is not known`),
    });
  }
  const there = answerOf(target.body) ?? guardAt([...target.around, target.body]);
  return andBoth(guard, withFallback(there, target, others, depth + 1));
}

/** The location of a literal address; undefined: it is unknown. */
export function targetOf(uri: string, locations: readonly Location[]): Location | undefined {
  if (uri.includes("$")) return undefined;
  if (uri.startsWith("@")) return locations.find(({ kind, path }) => kind === "@" && path === uri);
  const exact = locations.find(({ kind, path }) => kind === "=" && path === uri);
  const prefix = locations
    .filter((it) => isPrefix(it) && uri.startsWith(it.path))
    .toSorted(byLength)[0];
  if (exact ?? (prefix?.kind === "^~" ? prefix : undefined)) return exact ?? prefix;
  if (locations.some((it) => it.children.length > 0)) return undefined;
  for (const it of locations.filter(isRegex)) {
    try {
      if (new RegExp(it.path, it.kind === "~*" ? "iu" : "u").test(uri)) return it;
    } catch {
      return undefined;
    }
  }
  return prefix;
}
