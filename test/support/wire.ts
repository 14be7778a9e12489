/** HTTP/1.1 over a plain socket: requests that no client library would send, and responses that break off. */
import { connect } from "node:net";
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import { Headers, pairs } from "../../src/guest/header.ts";

export interface WireResponse {
  /** 0: the connection ended without a response. */
  status: number;
  headers: Headers;
  body: Buffer;
  /** False: the connection ended before the response did. */
  complete: boolean;
}

/** The bytes of a request; text is of one-byte characters. Host is added when it is missing. */
function serialize(request: WireRequest): Buffer {
  const headers = pairs(request.headers ?? []);
  const has = (name: string) => headers.some(([it]) => it.toLowerCase() === name);
  if (!has("host")) headers.unshift(["Host", "example.com"]);
  const body = Buffer.from(request.body ?? "");
  if (body.length > 0 && !has("content-length") && !has("transfer-encoding")) {
    headers.push(["Content-Length", String(body.length)]);
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `${request.method ?? "GET"} ${request.target} HTTP/1.1\r\n${lines}\r\n`;
  return Buffer.concat([
    Buffer.from(head, "latin1"),
    has("transfer-encoding") ? chunk(body) : body,
  ]);
}

/** A body as chunked coding has it, in one chunk, RFC 9112 §7.1. */
function chunk(body: Buffer): Buffer {
  const size = `${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(size), body, Buffer.from("\r\n0\r\n\r\n")]);
}

/** Sends one request on a connection of its own. Rejects when it cannot, or after `timeout` ms. */
export function send(port: number, request: WireRequest, timeout = 60_000): Promise<WireResponse> {
  return sendBytes(port, serialize(request), request.method === "HEAD", timeout);
}

/** The same for a request of any bytes. */
export function sendBytes(
  port: number,
  bytes: Buffer | string,
  bodiless = false,
  timeout = 60_000,
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const finish = (ended: boolean) => {
      const response = parse(Buffer.concat(chunks), bodiless, ended);
      if (!response && !ended) return;
      socket.destroy();
      resolve(
        response ?? { status: 0, headers: new Headers(), body: Buffer.alloc(0), complete: false },
      );
    };
    socket.setTimeout(timeout, () => socket.destroy(new Error(`No response in ${timeout} ms.`)));
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      finish(false);
    });
    socket.on("close", () => finish(true));
    socket.write(bytes, "latin1");
  });
}

/** Sends a request of any bytes that asks for the connection's end, and returns all that comes until then. */
export function allBytes(port: number, bytes: Buffer | string, timeout = 60_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.setTimeout(timeout, () => socket.destroy(new Error(`No end in ${timeout} ms.`)));
    socket.on("error", reject);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks)));
    socket.write(bytes, "latin1");
  });
}

/** The response, or null while more is to come. */
function parse(bytes: Buffer, bodiless: boolean, ended: boolean): WireResponse | null {
  const split = bytes.indexOf("\r\n\r\n");
  if (split < 0) return null;
  const [first = "", ...lines] = bytes.toString("latin1", 0, split).split("\r\n");
  const status = Number(first.split(" ")[1]);
  const rest = bytes.subarray(split + 4);
  if (status >= 100 && status < 200 && status !== 101) return parse(rest, bodiless, ended);
  const headers = new Headers(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const { body, complete } = bodyOf(rest, headers, bodiless || status === 204 || status === 304);
  // Without a length the end of the connection ends the body.
  const whole = complete ?? ended;
  return whole || ended ? { status, headers, body, complete: whole } : null;
}

function bodyOf(rest: Buffer, headers: Headers, bodiless: boolean) {
  if (bodiless) return { body: Buffer.alloc(0), complete: true };
  if (headers.get("Transfer-Encoding") === "chunked") return dechunk(rest);
  const length = headers.get("Content-Length");
  if (length === undefined) return { body: rest, complete: undefined };
  return { body: rest.subarray(0, Number(length)), complete: rest.length >= Number(length) };
}

function dechunk(rest: Buffer): { body: Buffer; complete: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  while (true) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return { body: Buffer.concat(parts), complete: false };
    const length = parseInt(rest.toString("latin1", at, line), 16);
    const from = line + 2;
    if (from + length + 2 > rest.length) return { body: Buffer.concat(parts), complete: false };
    if (length === 0) return { body: Buffer.concat(parts), complete: true };
    parts.push(rest.subarray(from, from + length));
    at = from + length + 2;
  }
}
