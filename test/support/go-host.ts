/**
 * Guests on wazero, put together as Traefik does it, in a Go program that runs beside the test: `bench/wazero serve`.
 * A guest here has the face of the Node host's; what stands before it and behind it, entry point and proxy, is the
 * same code.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onExit } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { marshal } from "../../src/guest/config.ts";
import { enter, type WireRequest } from "../../src/guest/entrypoint.ts";
import type { ServerRequest } from "../../src/guest/exchange.ts";
import { type Check, type Result, unreached } from "../../src/guest/guest.ts";
import { Headers } from "../../src/guest/header.ts";
import type { GuestOptions } from "../../src/guest/load.ts";
import { type LogLine, parseLine } from "../../src/guest/log.ts";
import { type ForwardedRequest, passOn, type Upstream } from "../../src/guest/proxy.ts";
import type { Writer } from "../../src/guest/response.ts";
import { RequestUri } from "../../src/guest/uri.ts";
import { parseMount } from "../../src/guest/wasi.ts";
import { goProgram, type Kind } from "./go-program.ts";

type Pair = [string, string];

/** A response, of the upstream or to the client; the body is base64. */
interface WireResponse {
  status: number;
  headers: Pair[];
  body: string | null;
  trailers: Pair[];
  complete: boolean;
}

interface WireForwarded extends Omit<ServerRequest, "uri" | "headers" | "body"> {
  url: Pick<RequestUri, "path" | "rawPath" | "rawQuery" | "forceQuery">;
  headers: Pair[];
  body: string | null;
  closed: boolean;
}

interface Reply {
  error?: string;
  logs?: { level: number; message: string }[];
  pages?: number;
  guests?: number;
  errors: number;
  forwarded?: WireForwarded;
  response?: WireResponse;
  trap?: string;
  number: number;
  bytes?: string;
  go?: string;
  arch?: string;
}

/** Bytes of standard error that are kept for the message when the program has died. */
const LAST_WORDS = 4_000;

export class GoHost {
  /** A module that is loaded in the place of each that is asked for. */
  wasm: string | null = null;
  /** What the program says that it is. */
  about = { arch: "", text: "" };
  private turn: Promise<unknown> = Promise.resolve();
  private lastWords = "";
  private count = 0;
  private readonly lines: AsyncIterator<string>;

  private constructor(
    readonly kind: Kind,
    private readonly child: ChildProcess,
  ) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.lastWords = (this.lastWords + text).slice(0, LAST_WORDS);
    });
    // It says why on standard error; the write is not what is wrong.
    child.stdin!.on("error", () => {});
  }

  /** Rejects when the program cannot be built or does not run. */
  static async start(kind: Kind): Promise<GoHost> {
    const { program, args } = await goProgram(kind);
    const cache = join(root, "build", "bench", "compiled");
    const child = spawn(program, [...args, "serve", "-cache", cache]);
    const forget = onExit(() => child.kill("SIGKILL"));
    child.on("close", forget);
    child.on("error", () => {});
    const host = new GoHost(kind, child);
    const { go, arch } = await host.next();
    const emulated = args.length > 0 ? ` under ${program}` : "";
    host.about = { arch: arch!, text: `${go}, GOARCH ${arch}${emulated}` };
    return host;
  }

  /** Whether the program is gone: stopped, or ended by what a guest did. */
  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin!.end();
    await ended;
  }

  /** A new guest, started. Rejects when the guest traps while it starts. */
  async load(options: GuestOptions): Promise<GoGuest> {
    const { config, mounts = [], env = {}, onCall } = options;
    const wasm = this.wasm ?? options.wasm;
    if (typeof wasm !== "string" || onCall) throw new Error("not on the Go host");
    const guest = ++this.count;
    const reply = await this.ask({
      ...{ op: "load", guest, wasm, now: nowOf(options) },
      config: marshal(config),
      mounts: mounts.map(parseMount),
      env: Object.entries(env).map((pair) => pair.map(bytes)),
    });
    return new GoGuest(this, guest, options, reply);
  }

  /** A module of AssemblyScript's without imports; see test/vectors. */
  async open(wasm: string): Promise<GoModule> {
    const guest = ++this.count;
    await this.ask({ op: "open", guest, wasm });
    return new GoModule(this, guest);
  }

  ask(order: object): Promise<Reply> {
    return this.exclusively(() => this.say(order));
  }

  /** The program does one thing at a time: `work` has it to itself. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {});
    return result;
  }

  async say(order: object): Promise<Reply> {
    this.child.stdin!.write(`${JSON.stringify(order)}\n`);
    const reply = await this.next();
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply;
  }

  private async next(): Promise<Reply> {
    const { value, done } = await this.lines.next();
    if (!done) return JSON.parse(value) as Reply;
    throw new Error(`the Go host has ended with ${await this.end()}: ${this.lastWords}`);
  }

  private async end(): Promise<string> {
    const { child } = this;
    if (!this.ended) {
      await new Promise((resolve) => child.once("close", resolve));
    }
    return String(child.signalCode ?? child.exitCode);
  }
}

export class GoGuest {
  readonly startLogs: readonly LogLine[];
  /** Pages of 64 KiB. */
  pages: number;

  constructor(
    private readonly host: GoHost,
    private readonly number: number,
    private readonly options: GuestOptions,
    start: Reply,
  ) {
    this.startLogs = linesOf(start);
    this.pages = start.pages!;
  }

  async check(): Promise<Check> {
    const reply = await this.host.ask({ op: "check", guest: this.number });
    return { errors: reply.errors, logs: linesOf(reply) };
  }

  handle(wire: WireRequest, upstream: Upstream = () => ({})): Promise<Result> {
    const request = enter(wire);
    if ("status" in request) return Promise.resolve(unreached(request, this.pages));
    return this.host.exclusively(async () => {
      let forwarded: ForwardedRequest | null = null;
      const order = { op: "handle", guest: this.number, now: nowOf(this.options) };
      let reply = await this.host.say({ ...order, request: incoming(request) });
      if (reply.forwarded) {
        const passed = await this.pass(reply.forwarded, upstream).catch(async (error: unknown) => {
          // The program waits for a response, and has to get one.
          await this.host.say({ op: "respond", response: { status: 502 } });
          throw error;
        });
        forwarded = passed.forwarded;
        const { response } = passed;
        reply = await this.host.say({ op: "respond", now: nowOf(this.options), response });
      }
      this.pages = reply.pages!;
      if (reply.guests !== 1) throw new Error(`${reply.guests} guests in the place of one`);
      return {
        response: answered(reply.response!, wire.method === "HEAD"),
        ...{ forwarded, reached: true, logs: linesOf(reply), calls: [], pages: this.pages },
        trap: reply.trap === undefined ? null : new Error(reply.trap),
      };
    });
  }

  /** What it has at the address that an export of its own gives. */
  async memory(name: string, size: number): Promise<ArrayBuffer> {
    const { bytes } = await this.host.ask({ op: "memory", guest: this.number, name, size });
    return Uint8Array.from(Buffer.from(bytes!, "base64")).buffer;
  }

  /** The guest's memory is given back. */
  async close(): Promise<void> {
    await this.host.ask({ op: "close", guest: this.number });
  }

  private async pass(from: WireForwarded, upstream: Upstream) {
    const { url, headers, body, closed, ...rest } = from;
    const request: ServerRequest = {
      ...rest,
      uri: Object.assign(new RequestUri(), url),
      headers: new Headers(headers),
      body: Buffer.from(body ?? "", "base64"),
    };
    const writer = new Answer();
    const { buffering = null } = this.options;
    const { forwarded, whole } = await passOn(
      { request, writer, bodyIsClosed: closed },
      upstream,
      buffering,
    );
    return { forwarded, response: { ...writer.response(), complete: whole } };
  }
}

/** Calls of a module's exports, as test/vectors/guest.ts makes them. */
export class GoModule {
  constructor(
    private readonly host: GoHost,
    private readonly number: number,
  ) {}

  async call(name: string, args: readonly (Uint8Array | number)[]): Promise<number> {
    const reply = await this.host.ask({
      ...{ op: "call", guest: this.number, name },
      args: args.map((it) =>
        typeof it === "number" ? { number: it } : { bytes: Buffer.from(it).toString("base64") },
      ),
    });
    return reply.number;
  }
}

/** What the proxy writes, kept to be written in the Go program. */
class Answer implements Writer {
  readonly headers = new Headers();
  private status = 200;
  private readonly chunks: Buffer[] = [];

  writeHeader(status: number): void {
    this.status = status;
  }

  write(bytes: Buffer): void {
    this.chunks.push(bytes);
  }

  response(): Omit<WireResponse, "complete"> {
    return {
      status: this.status,
      headers: this.headers.entries(),
      body: Buffer.concat(this.chunks).toString("base64"),
      trailers: this.headers.trailers().entries(),
    };
  }
}

const nowOf = ({ now = Date.now }: GuestOptions) => Math.trunc(now());

/** UTF-8 as one character for each byte. */
const bytes = (text: string) => Buffer.from(text).toString("latin1");

function incoming({ uri, headers, body, ...rest }: ServerRequest): object {
  const { path, rawPath, rawQuery, forceQuery } = uri;
  return {
    ...rest,
    url: { path, rawPath, rawQuery, forceQuery },
    headers: headers.entries(),
    body: body.toString("base64"),
  };
}

function answered(response: WireResponse, isHead: boolean): Result["response"] {
  const { status, headers, body, trailers, complete } = response;
  return {
    status,
    headers: new Headers(headers),
    body: isHead ? Buffer.alloc(0) : Buffer.from(body ?? "", "base64"),
    trailers: new Headers(trailers),
    complete: complete || isHead,
  };
}

function linesOf({ logs = [] }: Reply): LogLine[] {
  return logs.map(({ level, message }) =>
    parseLine(level, Buffer.from(message, "latin1").toString("utf8")),
  );
}
