/**
 * Parses strict JSON, RFC 8259, into a tree: UTF-8 without a byte order mark, no duplicate name in
 * an object (two readers of one token must not see two values), no lone surrogate, bounded depth
 * and members.
 */
import { JSON_DEPTH, JSON_MEMBERS } from "../limits";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { keyOf } from "../text/names";
import { isUtf8 } from "../text/utf8";
import { Scanner } from "./scanner";
import { Json, Kind } from "./value";

/** The document's value, or null when it is not strict JSON. */
export function parse(document: Bytes): Json | null {
  if (!isUtf8(document)) return null;
  const scanner = new Scanner(document.start, document.end);
  const value = readValue(scanner, 0);
  scanner.space();
  return value && scanner.at == scanner.end ? value : null;
}

function readValue(scanner: Scanner, depth: i32): Json | null {
  let c = scanner.peek();
  if (c <= Char.Space) {
    scanner.space();
    c = scanner.peek();
  }
  const start = scanner.at;
  if (c == Char.Quote) return scanner.string() ? new Json(Kind.String, scanner.text()) : null;
  if (c == Char.OpenBrace) return readObject(scanner, depth + 1);
  if (c == Char.OpenBracket) return readArray(scanner, depth + 1);
  const kind = scanner.scalar();
  return kind < 0 ? null : new Json(kind, new Bytes(start, <i32>(scanner.at - start)));
}

function readArray(scanner: Scanner, depth: i32): Json | null {
  scanner.at++;
  const list = new Json(Kind.Array, Bytes.empty());
  if (depth > JSON_DEPTH) return null;
  if (scanner.takeNext(0x5d)) return list;
  let last: Json | null = null;
  do {
    const element = readValue(scanner, depth);
    if (!element) return null;
    if (last) last.next = element;
    else list.first = element;
    last = element;
    list.count++;
  } while (scanner.takeNext(0x2c));
  return scanner.take(0x5d) ? list : null;
}

function readObject(scanner: Scanner, depth: i32): Json | null {
  scanner.at++;
  const object = new Json(Kind.Object, Bytes.empty());
  if (depth > JSON_DEPTH) return null;
  if (scanner.takeNext(0x7d)) return object;
  let last: Json | null = null;
  do {
    scanner.space();
    if (!scanner.string()) return null;
    const name = scanner.text();
    const key = keyOf(name);
    if (object.count == JSON_MEMBERS || object.find(name, key)) return null;
    if (!scanner.takeNow(0x3a) && !scanner.takeNext(0x3a)) return null;
    const member = readValue(scanner, depth);
    if (!member) return null;
    member.call(name, key);
    if (last) last.next = member;
    else object.first = member;
    last = member;
    object.count++;
  } while (scanner.takeNow(0x2c) || scanner.takeNext(0x2c));
  return scanner.take(0x7d) ? object : null;
}
