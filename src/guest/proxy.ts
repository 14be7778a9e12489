/** What stands behind the plugin: Traefik's reverse proxy, and the upstream that a caller gives as a function. */
import type { ServerRequest } from "./exchange.ts";
import { Headers, type HeadersInit } from "./header.ts";
import type { Writer } from "./response.ts";
import { RequestUri } from "./uri.ts";

/** What the upstream gets. */
export interface ForwardedRequest {
  method: string;
  /** Escaped path and query. */
  target: string;
  /** Host among them. */
  headers: Headers;
  body: Buffer;
}

export interface UpstreamResponse {
  status?: number;
  headers?: HeadersInit;
  body?: string | Buffer;
  /** The upstream dies in the middle of its body. */
  dies?: boolean;
}

export type Upstream = (request: ForwardedRequest) => UpstreamResponse | Promise<UpstreamResponse>;

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

export function outgoing(request: ServerRequest, body: Buffer): ForwardedRequest {
  const headers = request.headers.clone();
  const upgrade = headers.get("Connection")?.toLowerCase() === "upgrade" && headers.get("Upgrade");
  for (const name of HOP_BY_HOP) headers.delete(name);
  if (upgrade) {
    headers.set("Connection", "Upgrade");
    headers.set("Upgrade", upgrade);
  }
  // A header of this name that a guest has set is never written: the request's host is.
  headers.set("Host", request.host);
  const client = request.remote.slice(0, request.remote.lastIndexOf(":"));
  const before = headers.values("X-Forwarded-For");
  headers.set("X-Forwarded-For", [...before, client].join(", "));
  if (body.length > 0) headers.set("Content-Length", String(body.length));
  const uri = RequestUri.parse(request.requestUri) ?? request.uri.copy();
  uri.rawQuery = uri.rawQuery.replaceAll(";", "&");
  return {
    method: request.method,
    target: uri.toString(),
    headers,
    body,
  };
}

/** Writes the upstream's response. Returns whether it came whole: what net/http/httputil aborts, the guest sees. */
export function deliver(response: UpstreamResponse, writer: Writer): boolean {
  const headers = new Headers(response.headers ?? []);
  for (const [name, value] of headers.entries()) {
    if (!HOP_BY_HOP.includes(name)) writer.headers.add(name, value);
  }
  writer.writeHeader(response.status ?? 200);
  writer.write(Buffer.from(response.body ?? ""));
  return !response.dies;
}
