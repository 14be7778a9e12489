/** An HTTP/1.1 server over plain sockets: keeps every byte that it gets, and answers with whatever bytes a test wants. */
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface RawRequest {
  /** Request line, then header fields as on the wire, in order. */
  line: string;
  headers: [string, string][];
  /** Everything behind the head, as on the wire. */
  rest: Buffer;
  /** All of it. */
  bytes: Buffer;
}

export interface RawServer {
  port: number;
  url: string;
  /** Emptied by the caller. */
  received: RawRequest[];
  /** The whole response; the connection is closed behind it. A list: with pauses of 20 ms between. */
  answer: (request: RawRequest) => string | string[];
  stop(): Promise<void>;
}

export async function startRawServer(): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    let answered = false;
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const request = parse(bytes);
      if (!request || answered) return;
      answered = true;
      server.received.push(request);
      void write(socket, [server.answer(request)].flat());
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo;
  const server: RawServer = {
    port,
    url: `http://127.0.0.1:${port}`,
    received: [],
    answer: () => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    stop: () =>
      new Promise((resolve) => {
        tcp.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return server;
}

async function write(socket: Socket, parts: string[]): Promise<void> {
  for (const [i, part] of parts.entries()) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(Buffer.from(part, "latin1"));
  }
  socket.end();
}

/** The request, or null while more is to come. */
function parse(bytes: Buffer): RawRequest | null {
  const split = bytes.indexOf("\r\n\r\n");
  if (split < 0) return null;
  const [line = "", ...fields] = bytes.toString("latin1", 0, split).split("\r\n");
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  const rest = bytes.subarray(split + 4);
  const value = (name: string) => headers.find(([it]) => it.toLowerCase() === name)?.[1];
  const chunked = value("transfer-encoding") !== undefined;
  if (chunked ? !rest.includes("0\r\n") : rest.length < Number(value("content-length") ?? 0)) {
    return null;
  }
  return { line, headers, rest, bytes };
}
