/** Reads from the host what a decision on the request needs, and carries the decision out. */
import { Hash, Hasher } from "../crypto/hash";
import { Decision } from "../gate/decision";
import { KnownNames } from "../gate/header-names";
import { Field, FIELD_NAMES, FIELDS, LATE, Request } from "../http/request";
import { HEADER_BYTES, KNOWN_NAMES_BYTES, SMALL_HEADER_BYTES, URI_BYTES } from "../limits";
import { isSaneId, madeId, REQUEST_ID } from "../http/request-id";
import { HeaderNames, NO_NAMES, WantedHeader } from "../http/header-names";
import { AROUND, buffer, nextView, PAIR, reserve } from "../runtime/arena";
import { within } from "../runtime/within";
import { Bytes, isSame } from "../text/bytes";
import { ABSENT, lengthAt, PREFIX } from "../text/packed";
import * as host from "./imports";

/** Enough for most values; a larger one takes a second call. */
const FIRST_TRY = 2048;
if (KNOWN_NAMES_BYTES > FIRST_TRY) ERROR("Longer names than one buffer's may seem to be known");

/** For the method, the target and the headers' names. */
const LINE_BYTES: usize = 3 * (AROUND + FIRST_TRY);

/** One for all requests: a guest handles one after the other. */
const request: Request = new Request(Bytes.empty(), Bytes.empty());

/** Set when the request's line or its headers' names are larger than the limits allow. */
let isTooLarge: bool = false;

/**
 * Reads the request. `nanoseconds` is the time now; a request without an id gets one made from it.
 */
export function readRequest(known: KnownNames, nanoseconds: i64): Request {
  within(known);
  const last = known.last;
  within(last);
  const text = last.text.start;
  const textLength = last.text.length;
  const asked = known.asked;
  const usesClientIp = known.usesClientIp;
  isTooLarge = false;
  reserve(LINE_BYTES);
  const method = readMethod();
  const uri = readUri();
  const view = nextView();
  const length = <i32>host.getHeaderNames(host.REQUEST, view + PAIR, FIRST_TRY);
  // Mostly they are those of the last request.
  const names =
    textLength == length && isSame(text, view + PAIR, length)
      ? last
      : readOtherNames(known, view, length);
  within(names);
  const mode = names.fetchMode;
  const wanted = names.wanted;
  const it = request;
  it.begin(method, uri, names, madeId(nanoseconds), nanoseconds, isTooLarge);
  if (asked > 0) it.headers = new StaticArray<Bytes | null>(asked);
  readValues(it, wanted, mode);
  const id = it.get(Field.RequestId);
  if (id && isSaneId(id)) {
    it.id = id;
    it.madeId = null;
  }
  if (usesClientIp) readPeer(it);
  return it;
}

function readMethod(): Bytes {
  const view = nextView();
  const length = host.getMethod(view + PAIR, FIRST_TRY);
  return length <= FIRST_TRY ? Bytes.filled(view, length) : readLongMethod(length);
}

function readLongMethod(length: i32): Bytes {
  return afterLong(read((at, size) => host.getMethod(at, size), length, SMALL_HEADER_BYTES));
}

function readUri(): Bytes {
  const view = nextView();
  const length = host.getUri(view + PAIR, FIRST_TRY);
  return length <= FIRST_TRY ? Bytes.filled(view, length) : readLongUri(length);
}

function readLongUri(length: i32): Bytes {
  return afterLong(read((at, size) => host.getUri(at, size), length, URI_BYTES));
}

/** Reserves again, because a long text has used what was reserved. Null: it is too large. */
function afterLong(text: Bytes | null): Bytes {
  buffer(LINE_BYTES);
  if (text) return text;
  isTooLarge = true;
  return Bytes.empty();
}

function readOtherNames(known: KnownNames, view: usize, length: i32): HeaderNames {
  const text = length <= FIRST_TRY ? Bytes.filled(view, length) : readLongNames(length);
  if (text) return known.of(text);
  isTooLarge = true;
  return NO_NAMES;
}

function readLongNames(length: i32): Bytes | null {
  return read((at, size) => <i32>host.getHeaderNames(host.REQUEST, at, size), length, HEADER_BYTES);
}

/** Reads the address that connected to Traefik, unless it is known already. */
export function readPeer(request: Request): void {
  if (request.peer) return;
  request.peer = read((at, size) => host.getSourceAddr(at, size), FIRST_TRY, HEADER_BYTES);
}

/** Reads the values of the headers that the decision or a rule may need. */
function readValues(request: Request, wanted: WantedHeader | null, mode: Bytes | null): void {
  for (let next = wanted; next;) {
    const header = next;
    within(header);
    next = header.next;
    const field = header.field;
    const asked = header.asked;
    const name = header.start;
    const nameLength = header.length;
    reserve(AROUND + FIRST_TRY);
    const view = nextView();
    const at = view + PAIR;
    const length = <i32>host.getHeaderValues(host.REQUEST, name, nameLength, at, FIRST_TRY);
    const values =
      length <= FIRST_TRY
        ? Bytes.filled(view, length - (length != 0 ? 1 : 0))
        : readLarge(header, length);
    request.set(field, values);
    if (asked >= 0) request.headers[asked] = values;
  }
  // Same-origin requests do not need Sec-Fetch-Mode: this saves a host call for most requests of a
  // browser.
  if (!mode || request.has(Field.FetchSite, "same-origin")) return;
  request.set(Field.FetchMode, readHeader(mode, SMALL_HEADER_BYTES));
}

/** The same for values that are larger than the first buffer. */
function readLarge(header: WantedHeader, length: i32): Bytes | null {
  const field = header.field;
  const isLarge = field == Field.Token || field == Field.Cookie;
  const values = readLong(header.name, length, isLarge ? HEADER_BYTES : SMALL_HEADER_BYTES);
  if (!values) request.tooLarge = true;
  return values;
}

/** A header's values joined by NUL; null when they are larger than `limit`. */
function readHeader(name: Bytes, limit: i32): Bytes | null {
  return readLong(name, FIRST_TRY, limit);
}

/** The same with a buffer of at least `room` bytes. */
function readLong(name: Bytes, room: i32, limit: i32): Bytes | null {
  while (room <= limit) {
    const view = buffer(room);
    const at = view + PAIR;
    const length = <i32>host.getHeaderValues(host.REQUEST, name.start, name.length, at, room);
    // The host ends each value with a NUL.
    if (length <= room) return Bytes.filled(view, length - (length != 0 ? 1 : 0));
    room = length;
  }
  return null;
}

/**
 * What the host writes into a buffer of at least `room` bytes; null when it is larger than `limit`.
 */
function read(source: (at: usize, size: i32) => i32, room: i32, limit: i32): Bytes | null {
  while (room <= limit) {
    const view = buffer(room);
    const length = source(view + PAIR, room);
    if (length <= room) return Bytes.filled(view, length);
    room = length;
  }
  return null;
}

/**
 * SHA-256 of the whole request without its body: only the same request again has the same digest.
 */
export function digestOf(request: Request): Bytes {
  const hasher = new Hasher(Hash.Sha256);
  hasher.update(request.method).update(request.uri);
  const end = Bytes.make(1);
  const names = request.names.all;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    hasher.update(end).update(name).update(end);
    const values = readHeader(name, HEADER_BYTES);
    if (values) hasher.update(values);
  }
  return hasher.finish();
}

/** Forwards the request to the upstream. */
export function forward(decision: Decision): void {
  const path = decision.path!;
  within(decision);
  const answerName = decision.answerName;
  const changes = decision.changes;
  within(changes);
  // All at once: after a loop it would be checked again.
  const first = changes.first;
  const removed = changes.removed;
  const id = changes.id;
  const names = changes.names;
  let value = changes.values;
  const uri = path.uri;
  within(uri);
  const uriStart = uri.start;
  const uriLength = uri.length;
  for (let next = removed; next;) {
    const it = next;
    within(it);
    next = it.next;
    host.removeHeader(host.REQUEST, it.start, it.length);
  }
  for (let next = first; next;) {
    const it = next;
    within(it);
    next = it.next;
    const name = it.nameStart;
    if (it.isRemoval) host.removeHeader(host.REQUEST, name, it.nameLength);
    else host.setHeaderValue(host.REQUEST, name, it.nameLength, it.valueStart, it.valueLength);
  }
  if (id) {
    const name = REQUEST_ID;
    within(name);
    within(id);
    host.setHeaderValue(host.REQUEST, name.start, name.length, id.start, id.length);
  }
  if (names) {
    within(names);
    const end = names.end;
    for (let name = names.start; name < end;) {
      const nameLength = lengthAt(name);
      const length = lengthAt(value);
      name += PREFIX;
      value += PREFIX;
      if (length != ABSENT) {
        host.setHeaderValue(host.REQUEST, name, nameLength, value, length);
        value += length;
      }
      name += nameLength;
    }
  }
  if (answerName) setHeader(host.RESPONSE, answerName, decision.answerValue);
  // Always written: the proxy takes the path from what is written here (measured), and it is the
  // path that was decided on.
  host.setUri(uriStart, uriLength);
}

/** Reads headers that only the plugin's own responses need. */
export function readLate(request: Request): void {
  const names = request.names.all;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    for (let field = 1; field < FIELDS; field++) {
      const isLate =
        field >= LATE ||
        field == Field.Host ||
        field == Field.FetchSite ||
        field == Field.FetchMode;
      if (!isLate || request.get(field) || !name.isInAnyCase(FIELD_NAMES[field])) continue;
      request.set(field, readHeader(name, SMALL_HEADER_BYTES));
    }
  }
}

export function setHeader(kind: i32, name: Bytes, value: Bytes): void {
  within(name);
  within(value);
  host.setHeaderValue(kind, name.start, name.length, value.start, value.length);
}
