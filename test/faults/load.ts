/** Requests without end, over kept connections, with what came of each: what a fault costs those who come meanwhile. */
import assert from "node:assert/strict";
import { Agent, request } from "node:http";

export interface Call {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  /** What must come of it. */
  status: number;
}

export interface Outcome {
  requests: number;
  /** `200`, or `ECONNRESET`; only what was not to come. By kind: how often. */
  failed: Record<string, number>;
  /** The slowest answer. Milliseconds. */
  slowest: number;
  seconds: number;
}

export interface LoadOptions {
  /** At a time. */
  clients?: number;
  /** Between two requests of one client. Milliseconds. */
  pause?: number;
  /**
   * A GET whose kept connection was closed as it went out is sent again, as browsers do it (RFC 9112 §9.3.1): Traefik
   * cannot help it when it ends.
   */
  again?: boolean;
}

export class Load {
  #running = true;
  #clients: Promise<void>[];
  #begin = performance.now();
  #agent = new Agent({ keepAlive: true });
  readonly outcome: Outcome = { requests: 0, failed: {}, slowest: 0, seconds: 0 };

  /** `next` gives each client's request in its turn. */
  constructor(
    private readonly next: (turn: number) => Call,
    private readonly options: LoadOptions = {},
  ) {
    const { clients = 8 } = options;
    this.#clients = Array.from({ length: clients }, () => this.#client());
  }

  async stop(): Promise<Outcome> {
    this.#running = false;
    await Promise.all(this.#clients);
    this.#agent.destroy();
    this.outcome.seconds = (performance.now() - this.#begin) / 1_000;
    return this.outcome;
  }

  async #client(): Promise<void> {
    while (this.#running) {
      const call = this.next(this.outcome.requests++);
      const begin = performance.now();
      const came = await this.#send(call, this.options.again ? 3 : 0);
      this.outcome.slowest = Math.max(this.outcome.slowest, performance.now() - begin);
      if (came !== String(call.status)) {
        this.outcome.failed[came] = (this.outcome.failed[came] ?? 0) + 1;
      }
      if (this.options.pause) await new Promise((go) => setTimeout(go, this.options.pause));
    }
  }

  /** The status, or the error's name. */
  #send(call: Call, again: number): Promise<string> {
    const { url, method = "GET", headers = {} } = call;
    return new Promise((resolve) => {
      const sent = request(url, { method, headers, agent: this.#agent }, (response) => {
        response.on("error", () => resolve("broken off"));
        response.on("end", () => resolve(String(response.statusCode)));
        response.resume();
      });
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (again > 0 && (sent.reusedSocket || error.code === "ECONNREFUSED")) {
          setTimeout(() => this.#send(call, again - 1).then(resolve), 20);
        } else resolve(error.code ?? error.message);
      });
      sent.end();
    });
  }
}

/** Nothing came otherwise than it had to. */
export function assertNoneFailed(outcome: Outcome, least = 1): void {
  assert.deepEqual(outcome.failed, {}, `of ${outcome.requests} requests`);
  assert.ok(outcome.requests >= least, `${outcome.requests} requests`);
}

export const inWords = ({ requests, failed, slowest, seconds }: Outcome): string => {
  const bad = Object.values(failed).reduce((sum, count) => sum + count, 0);
  return `${requests} requests in ${seconds.toFixed(1)} s, failed: ${bad}, slowest: ${slowest.toFixed(0)} ms`;
};
