/** Reads from the host what a decision on the request needs, and carries the decision out. */
import { Settings } from "../config/settings";
import { Hash, Hasher } from "../crypto/hash";
import { Decision } from "../gate/decision";
import { KnownNames } from "../gate/header-names";
import { Field, FIELD_NAMES, FIELDS, LATE, Request } from "../http/request";
import { HEADER_BYTES, SMALL_HEADER_BYTES, URI_BYTES } from "../limits";
import { isSaneId, madeId, REQUEST_ID } from "../http/request-id";
import { HeaderNames } from "../http/header-names";
import * as arena from "../runtime/arena";
import { spare } from "../runtime/arena";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { ABSENT, lengthAt, PREFIX } from "../text/packed";
import * as host from "./imports";

/** Enough for most values; a larger one takes a second call. */
const FIRST_TRY = 2048;

/** One for all requests: a guest handles one after the other. */
const request: Request = new Request(Bytes.empty(), Bytes.empty());

/**
 * Reads the request. `nanoseconds` is the time now; a request without an id gets one made from it.
 */
export function readRequest(settings: Settings, known: KnownNames, nanoseconds: i64): Request {
  const method = readMethod();
  const uri = readUri();
  const names = readNames(known);
  const it = request;
  it.begin(method || Bytes.empty(), uri || Bytes.empty());
  it.time = nanoseconds;
  it.tooLarge = !method || !uri || !names;
  const vocabulary = settings.vocabulary;
  const usesClientIp = vocabulary.usesClientIp;
  const asked = vocabulary.headers.length;
  if (asked > 0) it.headers = new StaticArray<Bytes | null>(asked);
  if (names) readValues(it, names);
  identify(it, nanoseconds);
  if (names && usesClientIp) readPeer(it);
  return it;
}

function readMethod(): Bytes | null {
  const start = spare(FIRST_TRY);
  const length = host.getMethod(start, FIRST_TRY);
  if (length <= FIRST_TRY) return taken(start, length);
  return read((buffer, size) => host.getMethod(buffer, size), length, SMALL_HEADER_BYTES);
}

function readUri(): Bytes | null {
  const start = spare(FIRST_TRY);
  const length = host.getUri(start, FIRST_TRY);
  if (length <= FIRST_TRY) return taken(start, length);
  return read((buffer, size) => host.getUri(buffer, size), length, URI_BYTES);
}

/** Null: the names are larger than the limit. */
function readNames(known: KnownNames): HeaderNames | null {
  const start = spare(FIRST_TRY);
  const length = <i32>host.getHeaderNames(host.REQUEST, start, FIRST_TRY);
  const same = length <= FIRST_TRY ? known.same(start, length) : null;
  if (same) return same;
  const text = length <= FIRST_TRY ? taken(start, length) : readLongNames(length);
  return text ? known.of(text) : null;
}

function readLongNames(length: i32): Bytes | null {
  return read(
    (buffer, size) => <i32>host.getHeaderNames(host.REQUEST, buffer, size),
    length,
    HEADER_BYTES,
  );
}

/** Reads the address that connected to Traefik, unless it is known already. */
export function readPeer(request: Request): void {
  if (request.peer) return;
  request.peer = read((buffer, size) => host.getSourceAddr(buffer, size), FIRST_TRY, HEADER_BYTES);
}

/** Reads the values of the headers that the decision or a rule may need. */
function readValues(request: Request, names: HeaderNames): void {
  within(names);
  request.names = names;
  const mode = names.fetchMode;
  let next = names.wanted;
  while (next) {
    const header = next;
    within(header);
    next = header.next;
    const field = header.field;
    const asked = header.asked;
    const isLarge = field == Field.Token || field == Field.Cookie;
    const values = readHeader(header.name, isLarge ? HEADER_BYTES : SMALL_HEADER_BYTES);
    if (!values) request.tooLarge = true;
    if (field >= 0) request.set(field, values);
    if (asked >= 0) request.headers[asked] = values;
  }
  // Same-origin requests do not need Sec-Fetch-Mode: this saves a host call for most requests of a
  // browser.
  if (!mode || request.has(Field.FetchSite, "same-origin")) return;
  request.set(Field.FetchMode, readHeader(mode, SMALL_HEADER_BYTES));
}

/** A header's values joined by NUL; null when they are larger than `limit`. */
function readHeader(name: Bytes, limit: i32): Bytes | null {
  within(name);
  const nameStart = name.start;
  const nameLength = name.length;
  let room = FIRST_TRY;
  while (true) {
    const start = spare(room);
    const length = <i32>host.getHeaderValues(host.REQUEST, nameStart, nameLength, start, room);
    // The host ends each value with a NUL.
    if (length <= room) return taken(start, max(length - 1, 0));
    if (length > limit) return null;
    room = length;
  }
}

/**
 * What the host writes into a buffer of at least `room` bytes; null when it is larger than `limit`.
 */
function read(source: (buffer: usize, size: i32) => i32, room: i32, limit: i32): Bytes | null {
  while (room <= limit) {
    const start = spare(room);
    const length = source(start, room);
    if (length <= room) return taken(start, length);
    room = length;
  }
  return null;
}

/** Takes what the host has written into spare bytes. */
function taken(start: usize, length: i32): Bytes {
  return changetype<Bytes>(arena.taken(start, length));
}

function identify(request: Request, nanoseconds: i64): void {
  let id = request.get(Field.RequestId);
  const isMade = !id || !isSaneId(id);
  if (isMade) id = madeId(nanoseconds);
  within(request);
  request.idWasMade = isMade;
  request.id = id!;
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
  within(decision);
  const changes = decision.changes;
  within(changes);
  // All at once: after a loop it would be checked again.
  const answerName = decision.answerName;
  const uri = decision.path!.uri;
  const first = changes.first;
  const id = changes.id;
  const names = changes.names;
  let value = changes.values;
  for (let it = changes.removed; it; it = it!.next) {
    host.removeHeader(host.REQUEST, it.name.start, it.name.length);
  }
  for (let it = first; it; it = it!.next) {
    within(it);
    const name = it.nameStart;
    if (it.isRemoval) host.removeHeader(host.REQUEST, name, it.nameLength);
    else host.setHeaderValue(host.REQUEST, name, it.nameLength, it.valueStart, it.valueLength);
  }
  if (id) setHeader(host.REQUEST, REQUEST_ID, id);
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
  within(uri);
  host.setUri(uri.start, uri.length);
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
