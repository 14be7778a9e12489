/**
 * Consul's transactions in this process, as its documentation has them (`PUT /v1/txn`); no real Consul was asked. A test
 * may set what is answered instead.
 */
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import { json } from "./fake-provider.ts";

interface Entry {
  value: string;
  created: number;
  changed: number;
}
interface Operation {
  KV: { Verb: string; Key: string; Value?: string };
}
/** Operations of one transaction, before Consul 1.8. */
const MOST = 64;

export class FakeConsul {
  index = 10;
  entries = new Map<string, Entry>();
  readonly received: { operations: Operation[]; request: ForwardedRequest }[] = [];
  /** Instead of an answer; undefined: as ever. */
  instead: (request: ForwardedRequest) => UpstreamResponse | undefined = () => undefined;
  /** With access control: what tokens may do below which prefix. The one that is none may do nothing. */
  tokens: Record<string, { prefix: string; writes: boolean; reads: boolean }> | null = null;

  reset(): void {
    const { received, upstream } = this;
    Object.assign(this, new FakeConsul(), { received, upstream });
    received.length = 0;
  }

  upstream = (request: ForwardedRequest): UpstreamResponse => {
    const body = request.body.toString();
    let operations: Operation[] = [];
    let isGood = true;
    try {
      operations = JSON.parse(body) as Operation[];
    } catch {
      isGood = false;
    }
    this.received.push({ operations, request });
    const other = this.instead(request);
    if (other) return other;
    if (request.target !== "/v1/txn") return text(404, "Invalid URL path");
    if (request.method !== "PUT") return text(405, "method not allowed");
    if (!isGood) return text(400, "Failed to parse body: EOF");
    if (operations.length > MOST) return text(413, "Transaction contains too many operations");
    return this.#transact(operations, request.headers.get("X-Consul-Token") ?? null);
  };

  /** Verbs of the last transactions, one word each. */
  get asked(): string[] {
    return this.received.map(({ operations }) =>
      [...new Set(operations.map(({ KV }) => KV.Verb))].join(" "),
    );
  }

  /** Names of all shared entries, sorted, without their trees. */
  get keys(): string[] {
    return [...this.entries.keys()].filter((it) => !/changed\/.$/.test(it)).sort();
  }

  put(key: string, value: string): void {
    this.index++;
    this.#set(key, value);
  }

  #set(key: string, value: string): Entry {
    const entry = { value, created: this.entries.get(key)?.created ?? this.index };
    this.entries.set(key, { ...entry, changed: this.index });
    return this.entries.get(key)!;
  }

  #transact(operations: Operation[], token: string | null): UpstreamResponse {
    const grant = this.tokens
      ? token === null
        ? { prefix: "", writes: false, reads: false }
        : this.tokens[token]
      : { prefix: "", writes: true, reads: true };
    if (!grant) return text(403, "ACL not found");
    const isWrite = ({ KV }: Operation) => KV.Verb !== "get-tree";
    const denied = operations.flatMap((it, OpIndex) =>
      isWrite(it) && !(grant.writes && it.KV.Key.startsWith(grant.prefix))
        ? [{ OpIndex, What: "Permission denied" }]
        : [],
    );
    if (denied.length > 0) return json({ Results: null, Errors: denied }, 409);
    if (operations.some(isWrite)) this.index++;
    const results: object[] = [];
    const show = (Key: string, { value, created, changed }: Entry, isRead: boolean) => {
      // Values are left out of what was written.
      const Value = isRead && value !== "" ? Buffer.from(value, "latin1").toString("base64") : null;
      const times = { CreateIndex: created, ModifyIndex: changed };
      results.push({ KV: { LockIndex: 0, Key, Flags: 0, Value, ...times } });
    };
    for (const { KV } of operations) {
      const below = () => [...this.entries].filter(([key]) => key.startsWith(KV.Key)).sort();
      switch (KV.Verb) {
        case "set": {
          const value = Buffer.from(KV.Value ?? "", "base64").toString("latin1");
          show(KV.Key, this.#set(KV.Key, value), false);
          break;
        }
        case "get-tree":
          // Entries that a token may not read are left out, without an error.
          for (const [key, entry] of below()) {
            if (grant.reads && key.startsWith(grant.prefix)) show(key, entry, true);
          }
          break;
        case "delete-tree":
          for (const [key] of below()) this.entries.delete(key);
          break;
        default:
          return text(400, `Unknown operation "${KV.Verb}"`);
      }
    }
    return json({ Results: results.length > 0 ? results : [], Errors: null });
  }
}

const text = (status: number, body: string): UpstreamResponse => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body,
});
