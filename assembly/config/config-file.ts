/**
 * `configFile`: the whole configuration stands in a JSON file on a mount, where types are real, keys have no order of
 * labels, and Traefik's API shows no secret. Only `mode` may stand beside it, and wins: one file serves all modes.
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
/** What may stand beside the key, and wins. */
const MODE = "mode";
/** Editors look there for what describes the file. */
const SCHEMA = "$schema";

/** What is to be read: the document itself when it names no file. Null: the file, or what stands beside it, is wrong. */
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
  // The document may be forgotten; what is said about it may not.
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
  if (take(inner, KEY))
    top.error(KEY, "misplaced", "stands in the file itself; take it away there");
  if (top.has(MODE)) {
    const mode = take(outer, MODE)!;
    take(inner, MODE);
    mode.next = inner.first;
    inner.first = mode;
  }
  sources.isPrivate = true;
  return inner;
}

/** By name, as the maps that Traefik hands on are: roles are numbered as they come, and sessions hold their numbers. */
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
    top.error(name.toString(), "misplaced", "stands beside configFile; move it into the file");
  }
}

/** Takes a key away, in any case, and returns its value. */
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
