/**
 * The stages after the plugin: Traefik's reverse proxy, its `buffering` middleware if there is one,
 * and the upstream, which a caller gives as a function.
 */
import type { Exchange, ServerRequest } from "./exchange.ts";
import { Headers, type HeadersInit, TRAILER } from "./header.ts";
import type { Writer } from "./response.ts";
import { RequestUri } from "./uri.ts";

/** The request that the upstream gets. */
export interface ForwardedRequest {
  method: string;
  /** Escaped path and query. */
  target: string;
  /** Includes Host. */
  headers: Headers;
  body: Buffer;
}

export interface UpstreamResponse {
  status?: number;
  headers?: HeadersInit;
  body?: string | Buffer;
  trailers?: HeadersInit;
  /** The upstream fails in the middle of its body. */
  dies?: boolean;
  /** The upstream is missing, or fails before it answers. */
  unreachable?: boolean;
}

export type Upstream = (request: ForwardedRequest) => UpstreamResponse | Promise<UpstreamResponse>;

/**
 * Traefik's middleware of that name between the plugin and the proxy; 0 or undefined is no limit.
 */
export interface Buffering {
  maxRequestBodyBytes?: number;
  maxResponseBodyBytes?: number;
}

export interface Passage {
  /** The request that the upstream got; null: nothing was forwarded. */
  forwarded: ForwardedRequest | null;
  /** False: the response broke off, and the guest learns it. */
  whole: boolean;
}

/** Connection-level fields, RFC 9110 §7.6.1, as net/http/httputil lists them. */
const HOP_BY_HOP = [
  "Connection",
  "Proxy-Connection",
  "Keep-Alive",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Te",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
];
/** For these methods Go states that there is no body, RFC 9110 §8.6. */
const WITH_BODY = ["POST", "PUT", "PATCH"];
const TEXT: Record<number, string> = {
  413: "Request Entity Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
};

/** Sends the exchange's request to the upstream, and writes the response. */
export async function passOn(
  exchange: Pick<Exchange, "request" | "writer" | "bodyIsClosed">,
  upstream: Upstream,
  buffering: Buffering | null,
): Promise<Passage> {
  const { request, writer } = exchange;
  const refused = (status: number, forwarded: ForwardedRequest | null = null): Passage => {
    writer.writeHeader(status);
    writer.write(Buffer.from(TEXT[status]!));
    return { forwarded, whole: true };
  };
  let { contentLength } = request;
  if (buffering) {
    const most = buffering.maxRequestBodyBytes || Infinity;
    // Buffering looks at the announced length, even if the guest has replaced the body.
    if (contentLength > most) return refused(413);
    if (exchange.bodyIsClosed) return refused(500);
    if (request.body.length > most) return refused(413);
    contentLength = request.body.length;
  }
  if (exchange.bodyIsClosed) return refused(502);
  if (request.body.length < contentLength) return refused(500);
  const forwarded = outgoing(request, contentLength);
  // A body that is too long is noticed when the upstream has got the announced bytes.
  const tooLong = contentLength > 0 && request.body.length > contentLength;
  const response = await upstream(forwarded);
  if (tooLong) return refused(500, forwarded);
  if (response.unreachable) return refused(502, forwarded);
  if (!buffering) return { forwarded, whole: deliver(response, writer) };
  if (response.dies) return { forwarded, whole: false };
  const most = buffering.maxResponseBodyBytes || Infinity;
  if (Buffer.byteLength(response.body ?? "") > most) return refused(500, forwarded);
  return { forwarded, whole: deliver(response, writer) };
}

/**
 * `contentLength` as Go's client reads it: 0 is no body, whatever there is; -1 is sent in chunks.
 */
function outgoing(request: ServerRequest, contentLength: number): ForwardedRequest {
  const headers = request.headers.clone();
  const upgrade = headers.get("Connection")?.toLowerCase() === "upgrade" && headers.get("Upgrade");
  for (const name of HOP_BY_HOP) headers.delete(name);
  if (upgrade) {
    headers.set("Connection", "Upgrade");
    headers.set("Upgrade", upgrade);
  }
  // A header of this name that a guest has set is never sent: the request's host is.
  headers.set("Host", request.host);
  const client = request.remote.slice(0, request.remote.lastIndexOf(":"));
  const before = headers.values("X-Forwarded-For");
  headers.set("X-Forwarded-For", [...before, client].join(", "));
  headers.delete("Content-Length");
  if (contentLength < 0) headers.set("Transfer-Encoding", "chunked");
  else if (contentLength > 0 || WITH_BODY.includes(request.method)) {
    headers.set("Content-Length", String(contentLength));
  }
  const uri = RequestUri.parse(request.requestUri) ?? request.uri.copy();
  uri.rawQuery = uri.rawQuery.replaceAll(";", "&");
  return {
    method: request.method,
    target: uri.toString(),
    headers,
    body: contentLength < 0 ? request.body : request.body.subarray(0, contentLength),
  };
}

/**
 * Writes the upstream's response. False if it was cut off: the guest sees when net/http/httputil
 * aborts.
 */
function deliver(response: UpstreamResponse, writer: Writer): boolean {
  const headers = new Headers(response.headers ?? []);
  for (const [name, value] of headers.entries()) {
    if (!HOP_BY_HOP.includes(name)) writer.headers.add(name, value);
  }
  writer.writeHeader(response.status ?? 200);
  writer.write(Buffer.from(response.body ?? ""));
  for (const [name, value] of new Headers(response.trailers ?? []).entries()) {
    writer.headers.add(TRAILER + name, value);
  }
  return !response.dies;
}
