/**
 * The application behind Traefik: answers with what it received, and misbehaves when it is asked
 * to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { homePage, isHome } from "./home-page.ts";
import { loopback } from "../machine/ports.ts";
import type { Received } from "./received.ts";
import { acceptWebSocket } from "./websocket.ts";

export type { Received };

export interface Upstream {
  url: string;
  port: number;
  /** The last 1,000 requests, WebSocket handshakes among them. Emptied by the caller. */
  received: Received[];
  /** Bytes of bodies that have come, those of requests that are under way among them. */
  bodyBytes: number;
  /** Sends the next event of the stream that was opened last. */
  next(): void;
  stop(): Promise<void>;
}

/** JSON for people: one header a line. */
function jsonBody({ method, url, headers, bodyLength }: Received): string {
  const lines = headers.map(
    ([name, value]) => `    [${JSON.stringify(name)}, ${JSON.stringify(value)}]`,
  );
  return [
    "{",
    `  "method": ${JSON.stringify(method)},`,
    `  "url": ${JSON.stringify(url)},`,
    `  "headers": [\n${lines.join(",\n")}\n  ],`,
    `  "bodyLength": ${bodyLength}`,
    "}\n",
  ].join("\n");
}

/** By the query parameter `upstream`, for tests of what becomes of such an answer. */
const misbehaviour: Record<
  string,
  (response: ServerResponse, body: string, upstream: Upstream) => void
> = {
  /** A chunked response that breaks off. */
  truncate(response, body) {
    response.write(body);
    setTimeout(() => response.destroy(), 20);
  },
  /** Fewer bytes than Content-Length says. */
  short(response, body) {
    response.setHeader("Content-Length", body.length + 1000);
    response.write(body);
    setTimeout(() => response.destroy(), 20);
  },
  /** No response at all. */
  reset(response) {
    response.destroy();
  },
  /** Server-sent events: the first at once, each further one when `upstream.next()` is called. */
  stream(response, _, upstream) {
    response.setHeader("Content-Type", "text/event-stream");
    let count = 0;
    upstream.next = () => void response.write(`data: ${++count}\n\n`);
    upstream.next();
  },
  /** A GiB, as fast as it is taken. */
  large(response) {
    response.setHeader("Content-Type", "application/octet-stream");
    const part = Buffer.alloc(1 << 20, "x");
    let left = 1 << 10;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left--;
        if (!response.write(part)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  },
  error(response, body) {
    response.statusCode = 500;
    response.end(body);
  },
};

function describe(request: IncomingMessage, bodyLength: number): Received {
  const { method = "", url = "", rawHeaders } = request;
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  return { method, url, headers, bodyLength };
}

export async function startUpstream(port = 0): Promise<Upstream> {
  const received: Received[] = [];
  const record = (request: IncomingMessage, bodyLength: number) => {
    const entry = describe(request, bodyLength);
    received.push(entry);
    if (received.length > 1_000) received.shift();
    return entry;
  };
  const server = createServer(async (request, response) => {
    let length = 0;
    try {
      for await (const chunk of request) {
        length += (chunk as Buffer).length;
        upstream.bodyBytes += (chunk as Buffer).length;
      }
    } catch {
      return; // The client is gone.
    }
    const entry = record(request, length);
    if (entry.url === "/favicon.ico") {
      response.writeHead(204, { "Cache-Control": "max-age=86400" }).end();
      return;
    }
    if (isHome(entry)) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(homePage(entry));
      return;
    }
    const body = jsonBody(entry);
    response.setHeader("Content-Type", "application/json");
    const wish = request.url?.match(/[?&]upstream=(\w+)/)?.[1] ?? "";
    if (Object.hasOwn(misbehaviour, wish)) misbehaviour[wish]!(response, body, upstream);
    else response.end(body);
  });
  server.on("upgrade", (request, socket, head) => {
    const body = jsonBody(record(request, 0));
    if (request.headers["sec-websocket-key"]) acceptWebSocket(request, socket, head, body);
    // RFC 9110 §7.8: who knows no other protocol answers in this one.
    else socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  // Traefik keeps connections; the default of 5 s would close one just as a request goes out on it.
  server.keepAliveTimeout = 120_000;
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, loopback, resolve);
  });
  const address = server.address() as AddressInfo;
  const upstream: Upstream = {
    url: `http://${loopback}:${address.port}`,
    port: address.port,
    received,
    bodyBytes: 0,
    next() {},
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        // Upgraded connections are no longer the server's to close.
        for (const socket of sockets) socket.destroy();
      });
    },
  };
  return upstream;
}
