/**
 * The network between the development provider and its clients: delay, silence, absence, and a
 * record of all requests.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** The paths of the endpoints, as discovery names them. */
export const endpoints = {
  discovery: "/.well-known/openid-configuration",
  authorization: "/auth",
  token: "/token",
  userinfo: "/me",
  keys: "/jwks",
  endSession: "/session/end",
} as const;
export type Endpoint = keyof typeof endpoints;

export const pathOf = (url: string) => url.split("?")[0]!;

export function endpointOf(url: string): Endpoint | null {
  const path = pathOf(url);
  const found = Object.entries(endpoints).find(([, at]) => at === path);
  // A sign-in that went through the page is resumed under a path of its own.
  return (found?.[0] as Endpoint) ?? (path.startsWith("/auth/") ? "authorization" : null);
}

/** What reached the provider. */
export interface Asked {
  method: string;
  /** As on the wire. */
  url: string;
  endpoint: Endpoint | null;
  /** Names and values as on the wire, in order. */
  headers: [string, string][];
  /** Whole only when the request has been answered. */
  body: string;
  /** When it came, in milliseconds since 1970. */
  at: number;
}

export type State = "up" | "down" | "hang";

/** Driven by tests; nothing of it can be reached over HTTP. */
export class Network {
  /** Milliseconds before each answer. */
  delay = 0;
  /** `down`: connections are closed without an answer. `hang`: they stay open without one. */
  state: State = "up";
  /** How far its clock is off, in `Date`. Milliseconds. */
  clock = 0;
  /** To which of the endpoints delay and state apply; null: to every request. */
  only: Endpoint[] | null = null;
  /** The last 5,000 requests. Emptied by the caller. */
  asked: Asked[] = [];

  /** Requests for one endpoint. */
  of(endpoint: Endpoint): Asked[] {
    return this.asked.filter((it) => it.endpoint === endpoint);
  }

  /** Back to normal, with nothing recorded. */
  reset(): void {
    Object.assign(this, { delay: 0, state: "up", clock: 0, only: null, asked: [] });
  }

  /** Records the request; false when it gets no answer. */
  async pass(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { endpoint } = this.#record(request);
    if (this.clock !== 0)
      response.setHeader("Date", new Date(Date.now() + this.clock).toUTCString());
    if (this.only && (endpoint === null || !this.only.includes(endpoint))) return true;
    const { delay, state } = this;
    if (state === "down") request.socket.destroy();
    if (state === "hang") request.resume(); // The record has the body all the same.
    if (state !== "up") return false;
    if (delay > 0) await sleep(delay, undefined, { ref: false });
    return !response.destroyed;
  }

  #record(request: IncomingMessage): Asked {
    const { method = "", url = "", rawHeaders } = request;
    const headers: [string, string][] = [];
    for (let i = 0; i < rawHeaders.length; i += 2) {
      headers.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
    }
    const entry = { method, url, endpoint: endpointOf(url), headers, body: "", at: Date.now() };
    this.asked.push(entry);
    if (this.asked.length > 5_000) this.asked.shift();
    // The body is for others to read: a listener for it here would make it flow before they look.
    const { emit } = request;
    request.emit = function (event: string | symbol, ...args: unknown[]) {
      if (event === "data") entry.body += String(args[0]);
      return emit.call(this, event as string, ...args);
    };
    return entry;
  }
}
