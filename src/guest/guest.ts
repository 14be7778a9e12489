/**
 * A running guest. It passes one request at a time through entry point, guest, proxy and upstream,
 * and reports what came out and what happened on the way.
 */
import { enter, type EntryRefusal, type WireRequest } from "./entrypoint.ts";
import { Exchange } from "./exchange.ts";
import { Headers } from "./header.ts";
import type { HostState } from "./host.ts";
import type { LogLine } from "./log.ts";
import { type ForwardedRequest, passOn, type Upstream } from "./proxy.ts";

export interface ClientResponse {
  status: number;
  headers: Headers;
  body: Buffer;
  /** Trailer fields. */
  trailers: Headers;
  /** False: the connection was aborted during the response, or fewer bytes came than promised. */
  complete: boolean;
}

export interface Result {
  response: ClientResponse;
  /** The request that the upstream got; null: nothing was forwarded. */
  forwarded: ForwardedRequest | null;
  /** False: Go's server or Traefik itself refused the request. */
  reached: boolean;
  logs: LogLine[];
  /** Names of the host functions that the guest called, in order. */
  calls: string[];
  /** The guest's memory afterwards, in pages of 64 KiB. */
  pages: number;
  /** What trapped the guest. Traefik answers 500 then, with the trap's text. */
  trap: Error | null;
}

export interface Check {
  /** The result of `check()`. */
  errors: number;
  logs: LogLine[];
}

export interface Exports {
  memory: WebAssembly.Memory;
  /** Called once, before anything else. */
  _initialize?(): void;
  handle_request(): bigint;
  handle_response(context: number, isError: number): void;
  check?(): number;
}

/** Everything since it was last taken. */
export interface Journal {
  logs: LogLine[];
  calls: string[];
}

export class Guest {
  /** Lines logged during the start. */
  readonly startLogs: readonly LogLine[];

  constructor(
    private readonly exports: Exports,
    private readonly state: HostState,
    private readonly journal: Journal,
  ) {
    this.startLogs = this.take().logs;
  }

  /** Pages of 64 KiB. */
  get pages(): number {
    return this.state.memory.pages;
  }

  /** Pages of 4 KiB that hold anything: what the guest takes of its host's memory. */
  get touched(): number {
    return this.state.memory.touched;
  }

  /** What the guest reports about its configuration. */
  check(): Check {
    if (!this.exports.check) throw new Error("the guest exports no check()");
    const errors = this.exports.check();
    return { errors, logs: this.take().logs };
  }

  /** Sends a request through entry point, guest, proxy and upstream. */
  async handle(wire: WireRequest, upstream: Upstream = () => ({})): Promise<Result> {
    if (this.state.exchange) throw new Error("this guest is in the middle of a request");
    const request = enter(wire);
    if ("status" in request) return unreached(request, this.pages);
    const exchange = new Exchange(request, this.state.shared.features);
    this.state.exchange = exchange;
    try {
      const passage = await this.pass(exchange, upstream);
      const { sent, body, complete } = exchange.client;
      return {
        response: {
          status: sent?.status ?? 200,
          headers: sent?.headers ?? new Headers(),
          // net/http accepts a handler's body here, but does not send it.
          body: wire.method === "HEAD" ? Buffer.alloc(0) : body,
          trailers: exchange.client.headers.trailers(),
          complete: (complete || wire.method === "HEAD") && !passage.aborted,
        },
        forwarded: passage.forwarded,
        reached: true,
        trap: passage.trap,
        pages: this.pages,
        ...this.take(),
      };
    } finally {
      this.state.exchange = null;
    }
  }

  private async pass(exchange: Exchange, upstream: Upstream): Promise<Passage> {
    const passage: Passage = { forwarded: null, trap: null, aborted: false };
    let next: bigint;
    try {
      next = this.exports.handle_request();
    } catch (error) {
      passage.trap = error as Error;
      fail(exchange, String(error));
      return passage;
    }
    if (Number(next & 0xffffffffn) !== 0) {
      const { forwarded, whole } = await passOn(exchange, upstream, this.state.buffering);
      passage.forwarded = forwarded;
      exchange.afterNext = true;
      try {
        this.exports.handle_response(Number(BigInt.asIntN(32, next >> 32n)), whole ? 0 : 1);
      } catch (error) {
        passage.trap = error as Error;
      }
    }
    if (exchange.writer !== exchange.client) exchange.buffered.release();
    // Traefik's recovery answers 500; if a status was written already, it closes the connection,
    // and the client gets the part of the response that has left Go's buffers (2 KiB and more).
    if (passage.trap && exchange.client.sent) passage.aborted = true;
    else if (passage.trap) fail(exchange, "Internal Server Error");
    // net/http does so if no status was written.
    else exchange.client.writeHeader(200);
    return passage;
  }

  private take(): Journal {
    const taken = { ...this.journal };
    this.journal.logs = [];
    this.journal.calls = [];
    return taken;
  }
}

/** The response to a client whose request never reaches a guest. */
export function unreached({ status, reason }: EntryRefusal, pages: number): Result {
  return {
    response: {
      status,
      headers: new Headers(),
      body: Buffer.from(reason),
      trailers: new Headers(),
      complete: true,
    },
    forwarded: null,
    reached: false,
    trap: null,
    pages,
    logs: [],
    calls: [],
  };
}

interface Passage {
  forwarded: ForwardedRequest | null;
  trap: Error | null;
  aborted: boolean;
}

function fail(exchange: Exchange, text: string): void {
  const { client } = exchange;
  client.writeHeader(500);
  if (client.allowsBody) client.write(Buffer.from(text));
}
