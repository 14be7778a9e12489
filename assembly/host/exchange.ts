/** One request at the host: what a decision needs is read, and what was decided is carried out. */
import { Settings } from "../config/settings";
import { Hash, Hasher } from "../crypto/hash";
import { Decision } from "../gate/decision";
import { Field, FIELD_NAMES, FIELDS, LATE, Request } from "../http/request";
import { HEADER_BYTES, SMALL_HEADER_BYTES, URI_BYTES } from "../limits";
import { isSaneId, madeId } from "../http/request-id";
import { trim } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import * as host from "./imports";

/** What most values need; a larger one is asked for twice. */
const FIRST_TRY = 2048;

/** `nanoseconds`: now, of which an id is made for a request without one. */
export function readRequest(settings: Settings, nanoseconds: i64): Request {
  const method = read((buffer, size) => host.getMethod(buffer, size), SMALL_HEADER_BYTES);
  const uri = read((buffer, size) => host.getUri(buffer, size), URI_BYTES);
  const request = new Request(method || Bytes.empty(), uri || Bytes.empty());
  const names = read(
    (buffer, size) => <i32>host.getHeaderNames(host.REQUEST, buffer, size),
    HEADER_BYTES,
  );
  request.tooLarge = !method || !uri || !names;
  request.headers = new Array<Bytes | null>(settings.vocabulary.headers.length);
  if (!names) {
    identify(request, nanoseconds);
    return request;
  }
  let from = 0;
  let to = 0;
  while ((to = names.indexOf(0, from)) >= 0) {
    const name = names.slice(from, to);
    request.names.push(name);
    readValue(request, name, settings);
    from = to + 1;
  }
  readMode(request, settings);
  identify(request, nanoseconds);
  if (settings.vocabulary.usesClientIp) {
    request.peer = read((buffer, size) => host.getSourceAddr(buffer, size), HEADER_BYTES);
  }
  return request;
}

/** Which wanted field a header is, or -1. */
function fieldOf(name: Bytes, settings: Settings): i32 {
  if (name.equalsInAnyCase(settings.tokenHeader)) return Field.Token;
  for (let field = 1; field < <i32>LATE; field++) {
    if (field == Field.FetchMode) continue;
    // Lengths first: each header of each request is compared with all of them.
    const known = unchecked(FIELD_NAMES[field]);
    if (known.length != name.length || !name.isInAnyCase(known)) continue;
    if (settings.wants(field)) return field;
  }
  return -1;
}

/** Of a page of our own nobody asks how: a call to the host less for each request of a browser. */
function readMode(request: Request, settings: Settings): void {
  if (!settings.wants(Field.FetchMode) || request.has(Field.FetchSite, "same-origin")) return;
  for (let i = 0; i < request.names.length; i++) {
    const name = request.names[i];
    if (!name.isInAnyCase(FIELD_NAMES[Field.FetchMode])) continue;
    request.values[Field.FetchMode] = readHeader(name, SMALL_HEADER_BYTES);
  }
}

/** Reads a header's values when the decision or a rule may need them. */
function readValue(request: Request, name: Bytes, settings: Settings): void {
  const field = fieldOf(name, settings);
  const asked = askedFor(name, settings.vocabulary.headers);
  if (field < 0 && asked < 0) return;
  const isLarge = field == Field.Token || field == Field.Cookie;
  const values = readHeader(name, isLarge ? HEADER_BYTES : SMALL_HEADER_BYTES);
  if (!values) {
    request.tooLarge = true;
    return;
  }
  if (field >= 0) request.values[field] = values;
  if (asked >= 0) request.headers[asked] = values;
}

function askedFor(name: Bytes, names: Names): i32 {
  for (let i = 0; i < names.length; i++) if (name.equalsInAnyCase(names.at(i))) return i;
  return -1;
}

/** A header's values joined by NUL; null when they are larger than the limit. */
function readHeader(name: Bytes, limit: i32): Bytes | null {
  let room = FIRST_TRY;
  while (true) {
    const start = heap.alloc(room);
    const length = <i32>host.getHeaderValues(host.REQUEST, name.start, name.length, start, room);
    if (length <= room) {
      trim(start + length);
      // The host ends each value with a NUL.
      return new Bytes(start, max(length - 1, 0));
    }
    trim(start);
    if (length > limit) return null;
    room = length;
  }
}

/** What the host writes into a buffer; null when it is larger than `limit`. */
function read(source: (buffer: usize, size: i32) => i32, limit: i32): Bytes | null {
  let room = FIRST_TRY;
  while (true) {
    const start = heap.alloc(room);
    const length = source(start, room);
    if (length <= room) {
      trim(start + length);
      return new Bytes(start, length);
    }
    trim(start);
    if (length > limit) return null;
    room = length;
  }
}

function identify(request: Request, nanoseconds: i64): void {
  const given = request.get(Field.RequestId);
  request.idWasMade = !given || !isSaneId(given);
  request.id = given && !request.idWasMade ? given : madeId(nanoseconds);
}

/** SHA-256 of the whole request but its body: what no other request is but the same one again. */
export function digestOf(request: Request): Bytes {
  const hasher = new Hasher(Hash.Sha256);
  hasher.update(request.method).update(request.uri);
  const end = Bytes.make(1);
  for (let i = 0; i < request.names.length; i++) {
    const name = request.names[i];
    hasher.update(end).update(name).update(end);
    const values = readHeader(name, HEADER_BYTES);
    if (values) hasher.update(values);
  }
  return hasher.finish();
}

/** Lets the request go on to the upstream. */
export function forward(decision: Decision): void {
  for (let i = 0; i < decision.remove.length; i++) {
    const name = decision.remove[i];
    host.removeHeader(host.REQUEST, name.start, name.length);
  }
  for (let i = 0; i < decision.setNames.length; i++) {
    setHeader(host.REQUEST, decision.setNames[i], decision.setValues[i]);
  }
  const answerName = decision.answerName;
  if (answerName) setHeader(host.RESPONSE, answerName, decision.answerValue);
  // Always: the proxy reads the path from where only this writes (measured), and it is the one that was decided on.
  const uri = decision.path!.uri;
  host.setUri(uri.start, uri.length);
}

/** Reads what only an answer of our own asks for. */
export function readLate(request: Request): void {
  for (let i = 0; i < request.names.length; i++) {
    const name = request.names[i];
    for (let field = 1; field < FIELDS; field++) {
      const isLate = field >= LATE || field == Field.FetchSite || field == Field.FetchMode;
      if (!isLate || request.values[field] || !name.isInAnyCase(FIELD_NAMES[field])) continue;
      request.values[field] = readHeader(name, SMALL_HEADER_BYTES);
    }
  }
}

function setHeader(kind: i32, name: Bytes, value: Bytes): void {
  host.setHeaderValue(kind, name.start, name.length, value.start, value.length);
}
