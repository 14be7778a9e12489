/** The wire between Traefik and Prefect: passes all on, and keeps what was sent to the server. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { loopback } from "../../stack/machine/ports.ts";

export interface Tee {
  /** `http://127.0.0.1:port`, to be the service's address. */
  url: string;
  /** While it is false, whoever connects is cut off. */
  open: boolean;
  /** All that Prefect was sent, one character for a byte. */
  sent(): string;
  /** The head of the request whose target has this text; empty when Prefect was sent none. */
  head(text: string): string;
  stop(): Promise<void>;
}

/** `target`: `http://127.0.0.1:port`. */
export async function startTee(target: string): Promise<Tee> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (!tee.open) return void client.destroy();
    const upstream = connect(Number(new URL(target).port), loopback);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
    client.on("data", (chunk: Buffer) => chunks.push(chunk));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, loopback, resolve);
  });
  const sent = () => Buffer.concat(chunks).toString("latin1");
  const tee: Tee = {
    open: true,
    url: `http://${loopback}:${(server.address() as AddressInfo).port}`,
    sent,
    head(text) {
      const lines = sent().split("\r\n");
      const first = lines.findIndex((line) => / HTTP\/1\.1$/.test(line) && line.includes(text));
      if (first < 0) return "";
      return lines.slice(first, lines.indexOf("", first)).join("\r\n");
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return tee;
}
