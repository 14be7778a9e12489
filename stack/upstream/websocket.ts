/** The server's side of a WebSocket (RFC 6455), as far as the upstream needs it: the handshake, one text frame, echo. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const opcode = { text: 0x1, close: 0x8 };

/** Unmasked, as a server sends it (§5.1). */
function frame(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [0x80 | kind, length] : [0x80 | kind, 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The payload of one masked frame of less than 126 bytes at the start of `bytes`, or null when it is not whole. */
function shortFrame(bytes: Buffer): { kind: number; payload: Buffer; size: number } | null {
  if (bytes.length < 6) return null;
  const length = bytes[1]! & 0x7f;
  if (length > 125) throw new Error("only short frames are echoed");
  if (bytes.length < 6 + length) return null;
  const payload = Buffer.from(bytes.subarray(6, 6 + length));
  for (let i = 0; i < length; i++) payload[i]! ^= bytes[2 + (i % 4)]!;
  return { kind: bytes[0]! & 0x0f, payload, size: 6 + length };
}

/**
 * Accepts the handshake (`head`: what came right behind it), sends `greeting` (less than 64 KiB) as a text frame, and echoes each short text
 * frame until the client closes. The first of the offered subprotocols is taken.
 */
export function acceptWebSocket(
  { headers }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  greeting: string,
): void {
  const accept = createHash("sha1")
    .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  const protocol = headers["sec-websocket-protocol"]?.split(",")[0]?.trim();
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
      "\r\n",
    ].join("\r\n"),
  );
  socket.write(frame(opcode.text, Buffer.from(greeting)));
  let rest: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    try {
      for (let next = shortFrame(rest); next; next = shortFrame(rest)) {
        rest = rest.subarray(next.size);
        if (next.kind === opcode.close) socket.end(frame(opcode.close, next.payload));
        else socket.write(frame(next.kind, next.payload));
      }
    } catch {
      socket.destroy();
    }
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", read);
  read(head);
}
