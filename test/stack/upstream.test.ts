/** The application shows what it received, speaks WebSocket, and misbehaves only on request. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { startUpstream, type Received, type Upstream } from "../../stack/upstream/upstream.ts";

let upstream: Upstream;
before(async () => void (upstream = await startUpstream()));
after(() => upstream.stop());

/** What comes back for raw bytes until `end` says that it is enough or the server closes. */
function raw(text: string, end: (reply: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(upstream.port, "127.0.0.1", () => socket.write(text, "latin1"));
    let reply = "";
    socket.setEncoding("latin1");
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (chunk: string) => {
      reply += chunk;
      if (end(reply)) socket.destroy();
    });
    socket.on("close", () => resolve(reply));
    socket.on("error", reject);
  });
}

test("method, raw URL, headers in order with their case, and the body's length", async () => {
  const reply = await raw(
    "POST /a%2Fb/../c;d?x=%5B HTTP/1.1\r\nHost: here\r\nX-b: 1\r\nx-A: 2\r\nX-b: 3\r\n" +
      "Content-Length: 5\r\nConnection: close\r\n\r\nhello",
  );
  const shown = JSON.parse(reply.slice(reply.indexOf("\r\n\r\n") + 4)) as Received;
  assert.deepEqual(shown, {
    method: "POST",
    url: "/a%2Fb/../c;d?x=%5B",
    headers: [
      ["Host", "here"],
      ["X-b", "1"],
      ["x-A", "2"],
      ["X-b", "3"],
      ["Content-Length", "5"],
      ["Connection", "close"],
    ],
    bodyLength: 5,
  });
  assert.deepEqual(upstream.received.at(-1), shown);
});

test("a WebSocket is greeted with its own handshake and gets its frames back", async () => {
  // The key and its answer are the example of RFC 6455 §1.3; the frame is "Hello" of §5.7, masked.
  const frame = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  const reply = await raw(
    "GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, more\r\n" +
      `Sec-WebSocket-Version: 13\r\n\r\n${frame}`,
    (text) => text.endsWith("Hello"),
  );
  assert.match(reply, /^HTTP\/1\.1 101 /);
  assert.match(reply, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
  assert.match(reply, /\r\nSec-WebSocket-Protocol: chat\r\n/);
  assert.match(reply, /"url": "\/ws"/);
  assert.ok(reply.endsWith("\x81\x05Hello"));
});

test("a response can be broken off, cut short, or never come", async () => {
  for (const wish of ["truncate", "short", "reset"]) {
    await assert.rejects(
      fetch(`${upstream.url}/?upstream=${wish}`).then((response) => response.text()),
      wish,
    );
  }
  assert.equal((await fetch(`${upstream.url}/?upstream=error`)).status, 500);
  assert.equal((await fetch(`${upstream.url}/?upstream=constructor`)).status, 200);
});
