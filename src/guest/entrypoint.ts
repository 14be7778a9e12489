/**
 * The stages before the plugin: Go's HTTP server, which refuses malformed requests, and Traefik's
 * entry point with its defaults, which removes and sets X-Forwarded-* and cleans the path. A
 * request that they refuse never reaches a guest.
 */
import { hostname } from "node:os";
import type { ServerRequest } from "./exchange.ts";
import { canonical, Headers, type HeadersInit, isFieldName, pairs } from "./header.ts";
import { RequestUri } from "./uri.ts";

/** A request as sent on the wire; text has one-byte characters. */
export interface WireRequest {
  method?: string;
  /** The request line's target. */
  target: string;
  /** Includes Host; without one it is `example.com`. */
  headers?: HeadersInit;
  body?: string | Buffer;
  /** Address and port of the connection. */
  remote?: string;
  entryPoint?: EntryPoint;
}

/** The settings of Traefik's entry points that matter here; defaults are Traefik's. */
export interface EntryPoint {
  /** `http.sanitizePath`. */
  sanitizePath?: boolean;
  /**
   * `forwardedHeaders.connection`: headers that Traefik keeps although a client's Connection field
   * names them.
   */
  connection?: readonly string[];
}

export interface EntryRefusal {
  status: number;
  reason: string;
}

/** net/http's DefaultMaxHeaderBytes, with the slack of its reader. */
const HEADER_BYTES = (1 << 20) + 4096;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** httpguts.ValidHostHeader, which is loose on purpose. */
const HOST = /^[0-9A-Za-z!$%&'()*+,\-.:;=[\]_~]*$/;

const MANAGED = new Set(
  ["Proto", "Scheme", "For", "Host", "Port", "Server", "Uri", "Method", "Prefix"]
    .map((name) => `X-Forwarded-${name}`)
    .concat("X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info", "X-Real-Ip")
    .concat("X-Scheme"),
);

/** The request as the guest's host holds it, or the refusal that the client gets. */
export function enter(wire: WireRequest): ServerRequest | EntryRefusal {
  const request = parse(wire);
  if ("status" in request) return request;
  // A '#' that a client sends is part of the path, and Traefik refuses it.
  if (request.uri.rawPath.includes("#")) return refuse("fragment in the path");
  normalize(request.uri);
  const { sanitizePath = true, connection = [] } = wire.entryPoint ?? {};
  if (sanitizePath) request.uri.clean();
  request.requestUri = request.uri.toString();
  request.uri.rawQuery = request.uri.rawQuery.replaceAll(";", "&");
  forwarded(request, connection.map(canonical));
  return request;
}

function refuse(reason: string, status = 400): EntryRefusal {
  return { status, reason };
}

function parse(wire: WireRequest): ServerRequest | EntryRefusal {
  const method = wire.method ?? "GET";
  if (!isFieldName(method)) return refuse("method");
  const list = pairs(wire.headers ?? []).map(
    ([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")] as const,
  );
  const size = list.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  if (size + wire.target.length > HEADER_BYTES) return refuse("header fields too large", 431);
  if (list.some(([name, value]) => !isFieldName(name) || !VALUE.test(value))) {
    return refuse("header field");
  }
  const uri = RequestUri.parse(wire.target);
  if (!uri) return refuse("request target");
  const headers = new Headers(list);
  const hosts = headers.has("Host") ? headers.values("Host") : ["example.com"];
  headers.delete("Host");
  const host = uri.host || hosts[0]!;
  if (hosts.length > 1 || !HOST.test(host)) return refuse("host");
  const body = Buffer.from(wire.body ?? "");
  const chunked = headers.has("Transfer-Encoding");
  headers.delete("Transfer-Encoding");
  return {
    method,
    uri,
    requestUri: wire.target,
    protocol: "HTTP/1.1",
    host,
    headers,
    remote: wire.remote ?? "127.0.0.1:50000",
    body,
    contentLength: chunked ? -1 : body.length,
  };
}

/**
 * Traefik's normalizePath: decodes escapes of unreserved characters, and writes the others in
 * capitals.
 */
function normalize(uri: RequestUri): void {
  uri.rawPath = uri.rawPath
    // Traefik copies byte for byte, as if each byte were a code point.
    .replace(/[\u0080-\u00ff]/g, (c) => Buffer.from(c, "utf8").toString("latin1"))
    .replace(/%../g, (escape) => {
      const c = String.fromCharCode(parseInt(escape.slice(1), 16));
      return /[0-9A-Za-z\-._~]/.test(c) ? c : escape.toUpperCase();
    });
}

/** Traefik's XForwarded, for a client that is not trusted. */
function forwarded({ headers, host, remote }: ServerRequest, kept: readonly string[]): void {
  for (const name of headers.names()) {
    if (MANAGED.has(canonical(name.replaceAll("_", "-")))) headers.delete(name);
  }
  const client = remote.slice(0, remote.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  headers.set("X-Real-Ip", client.replace(/%.*/, ""));
  const upgrade = tokens(headers, "Connection").includes("upgrade");
  const webSocket = upgrade && tokens(headers, "Upgrade").includes("websocket");
  headers.set("X-Forwarded-Proto", webSocket ? "ws" : "http");
  headers.set("X-Forwarded-Port", /:(\d+)$/.exec(host)?.[1] ?? "80");
  if (host !== "") headers.set("X-Forwarded-Host", host);
  headers.set("X-Forwarded-Server", hostname());
  applyConnection(headers, upgrade ? headers.get("Upgrade") : undefined, kept);
}

/** Removes the headers that the client's Connection names, and leaves the kept ones in it. */
function applyConnection(headers: Headers, upgrade: string | undefined, kept: readonly string[]) {
  const left: string[] = [];
  for (const name of tokens(headers, "Connection").map(canonical)) {
    if (MANAGED.has(canonical(name.replaceAll("_", "-")))) continue;
    if (kept.includes(name)) left.push(name);
    else headers.delete(name);
  }
  if (upgrade !== undefined) {
    headers.set("Upgrade", upgrade);
    left.push("Upgrade");
  }
  if (left.length > 0) headers.set("Connection", left.join(","));
  else headers.delete("Connection");
}

function tokens(headers: Headers, name: string): string[] {
  const list = headers.values(name).flatMap((value) => value.split(","));
  return list.map((token) => token.trim().toLowerCase()).filter((token) => token !== "");
}
