/**
 * `configFile`: the whole configuration is in a JSON file on a mount, with real types, no order by
 * labels, and no secret in Traefik's API. Only `mode` may be beside it, and overrides the file's,
 * so one file serves all modes.
 */
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { request } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { TopOptions } from "./options";
import { Report } from "./report";
import { SecretSources } from "./secret";
import { Section } from "./section";

const KEY = "configFile";
/** The option that may be beside `configFile`, and overrides the file's. */
const MODE = "mode";
/** Editors read the file's schema from this member. */
const SCHEMA = "$schema";

/**
 * The configuration to read: the document itself when it names no file. Null: the file, or an
 * option beside it, is wrong.
 */
export function openConfigFile(outer: Json, report: Report, sources: SecretSources): Json | null {
  const top = new Section(outer, "", report);
  const path = TopOptions.configFile(top);
  if (!path) return report.hasErrorAt(KEY) ? null : outer;
  refuseNeighbours(top, outer);
  if (path.at(0) != Char.Slash) {
    top.error(
      KEY,
      "wrong_value",
      "expected an absolute path on a mount, as in /state/rolegate.json",
    );
    return null;
  }
  // The document may be released, but findings about it must outlive it.
  const before = request.enter();
  const text = sources.configuration(path);
  const inner = text ? parse(text) : null;
  before.enter();
  if (!text) {
    top.error(
      KEY,
      "unreadable",
      `${path.toString()} cannot be read: it must be on a mount of settings.mounts, and not too large`,
    );
    return null;
  }
  if (!inner || !inner.isObject) {
    top.error(
      KEY,
      "not_a_map",
      `${path.toString()} holds no JSON map, at most 32 levels deep, each key once`,
    );
    return null;
  }
  sort(inner);
  take(inner, SCHEMA);
  if (take(inner, KEY)) top.error(KEY, "misplaced", "is in the file itself; remove it there");
  if (top.has(MODE)) {
    const mode = take(outer, MODE)!;
    take(inner, MODE);
    mode.next = inner.first;
    inner.first = mode;
  }
  sources.isPrivate = true;
  return inner;
}

/**
 * Sorts by name, as Traefik does with maps: roles are numbered in order, and sessions hold their
 * numbers.
 */
function sort(value: Json): void {
  let sorted: Json | null = null;
  let it = value.first;
  while (it) {
    const next: Json | null = it.next;
    sort(it);
    if (value.isObject) sorted = insert(it, sorted);
    it = next;
  }
  if (value.isObject) value.first = sorted;
}

function insert(member: Json, sorted: Json | null): Json {
  let before: Json | null = null;
  let it = sorted;
  while (it && isBefore(it.name!, member.name!)) {
    before = it;
    it = it.next;
  }
  member.next = it;
  if (!before) return member;
  before.next = member;
  return sorted!;
}

function isBefore(a: Bytes, b: Bytes): bool {
  const order = memory.compare(a.start, b.start, min(a.length, b.length));
  return order != 0 ? order < 0 : a.length < b.length;
}

function refuseNeighbours(top: Section, outer: Json): void {
  for (let it = outer.first; it; it = it!.next) {
    const name = it.name!;
    if (name.isInAnyCase(KEY) || name.isInAnyCase(MODE)) continue;
    top.error(name.toString(), "misplaced", "is beside configFile; move it into the file");
  }
}

/** Removes a member, in any case, and returns its value. */
function take(object: Json, name: string): Json | null {
  let taken: Json | null = null;
  let before: Json | null = null;
  for (let it = object.first; it; it = it!.next) {
    if (!it.name!.isInAnyCase(name)) before = it;
    else {
      taken = it;
      if (before) before.next = it.next;
      else object.first = it.next;
    }
  }
  return taken;
}
