/**
 * Carries out an exchange with the provider. The browser's headers are not sent to the provider,
 * nor the provider's response to the browser: a trap in handle_response would release the
 * response's current content, so it is emptied before anything else.
 */
import { capitalize } from "../http/header";
import { Request } from "../http/request";
import { Response } from "../http/response";
import { EMPTY_READS } from "../limits";
import { ProviderResponse, ProviderRequest } from "../login/provider-message";
import { trim } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { setHeader } from "./exchange";
import * as host from "./imports";

/** Status of the response before Rolegate's own replaces it. */
const BAD_GATEWAY = 502;
const FIRST = 4096;
const STEP: i32 = 64 * 1024;
const TYPE_BYTES = 256;
/** Headers that describe the replaced body. */
const STALE = ["Content-Length", "Content-Encoding", "ETag", "Last-Modified"];

// Memory that exists before any response does.
const type = memory.data(TYPE_BYTES);
const first = memory.data(1);

/**
 * Turns the request into one for the provider, and holds the response back for `receive`. False
 * when the names of the request's headers are not all known: it must not be forwarded then.
 */
export function send(request: Request, outgoing: ProviderRequest): bool {
  if (request.tooLarge) return false;
  host.enableFeatures(host.BUFFER_RESPONSE);
  // All headers are removed, because a provider that trusts a proxy builds its own address from
  // X-Forwarded-*.
  const names = request.names.all;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    host.removeHeader(host.REQUEST, name.start, name.length);
  }
  const method = outgoing.method;
  const uri = outgoing.uri;
  const headers = outgoing.headers;
  const body = outgoing.body;
  host.setMethod(method.start, method.length);
  host.setUri(uri.start, uri.length);
  // Go would ask for gzip if this header were missing.
  setHeader(host.REQUEST, Bytes.of("Accept-Encoding"), Bytes.of("identity"));
  for (let i = 0; i < headers.length; i++) {
    setHeader(host.REQUEST, headers.names[i], headers.values[i]);
  }
  // An empty body is written as well, or the browser's would be forwarded.
  host.writeBody(host.REQUEST, body.start, body.length);
  return true;
}

/**
 * Reads the provider's response. Call it before anything else in handle_response: after its third
 * host call the response is empty. `isError` as handle_response got it; `cap` in bytes.
 */
export function receive(isError: i32, cap: i32): ProviderResponse {
  // The first read creates the host's reader, which keeps its source; it needs no memory until the
  // body has been emptied.
  const result = host.readBody(host.RESPONSE, first, 1);
  host.writeBody(host.RESPONSE, 0, 0);
  const status = host.getStatusCode();
  host.setStatusCode(BAD_GATEWAY);
  const typeIs = contentType();
  removeAll(host.RESPONSE);
  removeAll(host.RESPONSE_TRAILERS);
  return new ProviderResponse(isError != 0, status, typeIs, restOfBody(result, cap));
}

/** Responds to the browser: after `receive`, or in handle_request if the provider is not asked. */
export function respond(response: Response): void {
  for (let i = 0; i < STALE.length; i++) {
    const name = Bytes.of(STALE[i]);
    host.removeHeader(host.RESPONSE, name.start, name.length);
  }
  const headers = response.headers;
  for (let i = 0; i < headers.length; i++) {
    const name = headers.names[i];
    const value = headers.values[i];
    const isFurther = i > 0 && name.equals(headers.names[i - 1]);
    if (isFurther || name.isInAnyCase("Set-Cookie")) {
      host.addHeaderValue(host.RESPONSE, name.start, name.length, value.start, value.length);
    } else setHeader(host.RESPONSE, name, value);
  }
  host.setStatusCode(response.status);
  const body = response.body;
  if (body.length > 0) host.writeBody(host.RESPONSE, body.start, body.length);
}

/** Allocated in the active region. */
function contentType(): Bytes | null {
  const name = "content-type";
  const result = host.getHeaderValues(
    host.RESPONSE,
    Bytes.of(name).start,
    name.length,
    type,
    TYPE_BYTES,
  );
  const length = <i32>result;
  if (result >> 32 != 1 || length > TYPE_BYTES) return null;
  return new Bytes(type, length - 1).copy();
}

function removeAll(kind: i32): void {
  let room = FIRST;
  while (true) {
    const start = heap.alloc(room);
    const length = <i32>host.getHeaderNames(kind, start, room);
    trim(start + min(length, room));
    if (length <= room) return removeEach(kind, new Bytes(start, length));
    room = length;
  }
}

/** `names`: each with a NUL after it. */
function removeEach(kind: i32, names: Bytes): void {
  let from = 0;
  let to = 0;
  while ((to = names.indexOf(0, from)) >= 0) {
    // The host gives all names in lower case, but finds a trailer only under Go's form of the name
    // (measured).
    if (kind == host.RESPONSE_TRAILERS) capitalize(names, from, to);
    if (to > from) host.removeHeader(kind, names.start + from, to - from);
    from = to + 1;
  }
}

/**
 * The body, of which the first byte has been read with that result; null when it is larger than
 * `cap`, or never ends.
 */
function restOfBody(result: i64, cap: i32): Bytes | null {
  let length = <i32>result;
  let ended = result >> 32 != 0;
  let room = min(FIRST, cap + 1);
  let start = heap.alloc(room);
  if (length > 0) store<u8>(start, load<u8>(first));
  let empty = 0;
  while (!ended && length <= cap) {
    if (length == room) {
      const more = min(STEP, cap + 1 - room);
      start = extended(start, room, more);
      room += more;
    }
    result = host.readBody(host.RESPONSE, start + length, room - length);
    length += <i32>result;
    ended = result >> 32 != 0;
    empty = <i32>result == 0 ? empty + 1 : 0;
    if (empty == EMPTY_READS) return null;
  }
  trim(start + min(length, room));
  return length <= cap ? new Bytes(start, length) : null;
}

/** Usually the region gives the next bytes, and nothing is copied. */
function extended(start: usize, length: i32, more: i32): usize {
  const next = heap.alloc(more);
  if (next == start + length) return start;
  const copy = heap.alloc(length + more);
  memory.copy(copy, start, length);
  return copy;
}
