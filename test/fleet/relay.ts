/** Between one Traefik and the engine: what passes is recorded, and the way can be cut. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { loopback } from "../../stack/machine/ports.ts";

export interface Visit {
  method: string;
  url: string;
  body: string;
  /** Null: it was cut off, or the engine is down. */
  status: number | null;
  /** Of the answer's body. */
  bytes: number;
}

export class Relay {
  /** What Traefik asked the engine, the last 2,000 of it. Emptied by the caller. */
  visits: Visit[] = [];
  /** Connections are ended without an answer. */
  isCut = false;
  #sockets = new Set<Socket>();
  #server = createServer((asked, answer) => void this.#pass(asked, answer));

  private constructor(private readonly target: number) {
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    // Traefik keeps connections for as long as 90 s.
    this.#server.keepAliveTimeout = 120_000;
  }

  static async start(target: number): Promise<Relay> {
    const relay = new Relay(target);
    await new Promise<void>((resolve) => relay.#server.listen(0, loopback, resolve));
    return relay;
  }

  get url(): string {
    return `http://${loopback}:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.cut();
    });
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = asked;
    const visit: Visit = { method, url, body: "", status: null, bytes: 0 };
    this.visits.push(visit);
    if (this.visits.length > 2_000) this.visits.shift();
    if (this.isCut) return void asked.socket.destroy();
    try {
      for await (const chunk of asked) visit.body += String(chunk);
    } catch {
      return; // Traefik is gone.
    }
    const passed = request({ host: loopback, port: this.target, method, path: url, headers });
    passed.on("response", (back) => {
      visit.status = back.statusCode ?? null;
      answer.writeHead(back.statusCode ?? 502, back.rawHeaders);
      back.on("data", (chunk: Buffer) => (visit.bytes += chunk.length));
      back.on("error", () => asked.socket.destroy());
      back.pipe(answer);
    });
    passed.on("error", () => asked.socket.destroy());
    answer.on("close", () => passed.destroy());
    passed.end(visit.body);
  }
}
