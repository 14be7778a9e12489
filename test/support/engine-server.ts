/** A fake engine at an address of its own, for a real Traefik. It can be put away, and put back at the same address. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Headers } from "../../src/guest/header.ts";
import type { Upstream } from "../../src/guest/proxy.ts";
import { loopback } from "../../stack/machine/ports.ts";
import { until } from "../browser/until.ts";

export class EngineServer {
  #server: Server | null = null;
  #port = 0;

  constructor(public upstream: Upstream) {}

  get url(): string {
    return `http://${loopback}:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const pairs = Object.entries(request.headersDistinct);
        const headers = new Headers(
          pairs.flatMap(([name, values = []]) => values.map((it) => [name, it] as const)),
        );
        const { method = "", url = "" } = request;
        const body = Buffer.concat(chunks);
        void Promise.resolve(this.upstream({ method, target: url, headers, body })).then(
          ({ status = 200, headers: answered = {}, body: text = "" }) => {
            response.writeHead(status, answered as Record<string, string>).end(text);
          },
        );
      });
    });
    this.#server = server;
    server.listen(this.#port, loopback);
    await once(server, "listening");
    this.#port = (server.address() as { port: number }).port;
  }

  /** Nobody listens there then. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
}

/** Traefik, with this address of its API, takes the health check that has the store read for failed. */
export function storeIsUnread(api: string): Promise<void> {
  return until("Traefik takes the store's health check for failed", async () => {
    const answer = await fetch(`${api}/api/http/services`);
    const services = (await answer.json()) as { name: string; serverStatus?: object }[];
    const tick = services.find(({ name }) => name === "rolegate-store-tick@file");
    return Object.values(tick?.serverStatus ?? {}).includes("DOWN");
  });
}
