/** Plain connections with requests as bytes: for those that are large, slow, or never finished. */
import { connect, type Socket } from "node:net";

export interface Target {
  port: number;
}

export function open({ port }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
    // Traefik may be the first to end it.
    socket.on("connect", () => socket.removeAllListeners("error").on("error", () => {}));
  });
}

/** The next response on a connection that is kept: its status. Its length is said, or it comes in chunks. */
function response(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    const done = (act: () => void) => {
      socket.off("data", read).off("close", closed);
      act();
    };
    const closed = () =>
      done(() => reject(new Error(`the connection ended after: ${text.slice(0, 200)}`)));
    if (socket.destroyed) return closed();
    const read = (part: Buffer) => {
      text += part.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = /\r\ncontent-length: (\d+)/i.exec(text);
      const isWhole = length
        ? text.length >= head + 4 + Number(length[1])
        : text.endsWith("\r\n0\r\n\r\n");
      if (head < 0 || !isWhole) return;
      done(() => resolve(Number(text.slice(9, 12))));
    };
    socket.on("data", read).on("close", closed);
  });
}

/** Sends as many requests, over as many connections at a time; how often each status came. */
export async function sendAll(
  target: Target,
  count: number,
  connections: number,
  bytes: (index: number) => Buffer | string,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  let next = 0;
  const work = async () => {
    let socket = await open(target);
    while (next < count) {
      // Traefik may have ended it after its answer.
      if (socket.destroyed || socket.readableEnded) socket = await open(target);
      socket.write(bytes(next++));
      const status = String(await response(socket));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, work));
  return statuses;
}

export const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
