/**
 * The server's side of a WebSocket (RFC 6455): the first of the offered subprotocols is taken, and
 * frames are echoed.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ noServer: true });

/**
 * Accepts the handshake (`head`: what came right behind it), and sends `greeting` as the first
 * text.
 */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  greeting: string,
): void {
  server.handleUpgrade(request, socket, head, (opened) => {
    opened.on("message", (data, isBinary) => opened.send(data, { binary: isBinary }));
    opened.on("error", () => opened.terminate());
    opened.send(greeting);
  });
}
