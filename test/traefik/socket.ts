/** A WebSocket's client (RFC 6455), as far as a short talk with the upstream needs it. */
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";

interface Talk {
  /** 101 when it opened. */
  status: number;
  headers: IncomingHttpHeaders;
  /** The server's first words. */
  greeting: string;
  /** What came back of the text that was sent. */
  echo: string;
}

/** Asks for a WebSocket, hears the greeting, sends a text of less than 126 bytes, and hears its echo. */
export function converse(
  url: string,
  text: string,
  headers: OutgoingHttpHeaders = {},
): Promise<Talk> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent: false,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
    sent.on("upgrade", ({ statusCode, headers: answered }, socket, head) => {
      const heard: string[] = [];
      let rest: Buffer = head;
      const read = () => {
        for (let next = frameIn(rest); next; next = frameIn(rest)) {
          rest = rest.subarray(next.size);
          heard.push(next.text);
          if (heard.length === 1) socket.write(masked(text));
        }
        const [greeting, echo] = heard;
        if (greeting === undefined || echo === undefined) return;
        socket.destroy();
        resolve({ status: statusCode!, headers: answered, greeting, echo });
      };
      socket.on("data", (bytes: Buffer) => {
        rest = Buffer.concat([rest, bytes]);
        read();
      });
      socket.on("error", reject);
      socket.on("end", () => reject(new Error(`the WebSocket ended after ${heard.join(", ")}`)));
      read();
    });
    sent.on("response", (response) => {
      response.resume();
      const { statusCode, headers: answered } = response;
      response.on("end", () =>
        resolve({ status: statusCode!, headers: answered, greeting: "", echo: "" }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** A whole unmasked text frame of less than 64 KiB at the start of `bytes` (§5.2). */
function frameIn(bytes: Buffer): { text: string; size: number } | null {
  if (bytes.length < 4) return null;
  const short = bytes[1]! & 0x7f;
  const [length, from] = short < 126 ? [short, 2] : [bytes.readUInt16BE(2), 4];
  const size = from + length;
  return bytes.length < size ? null : { text: bytes.toString("utf8", from, size), size };
}

/** As a client has to send it (§5.3). */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = Buffer.from("mask");
  const head = Buffer.from([0x81, 0x80 | payload.length]);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4]!)]);
}
