/**
 * etcd's JSON gateway in this process, as its documentation has it and as etcd 3.4 was seen to answer: revisions, ranges,
 * transactions, leases, locks, users with simple tokens. A test may set what is answered instead.
 */
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import { json } from "./fake-provider.ts";

interface Entry {
  value: string;
  created: number;
  changed: number;
  lease: string;
}

/** Members of requests, by either spelling. */
type Body = Record<string, unknown>;
const text = (base64: unknown) =>
  Buffer.from((base64 as string) ?? "", "base64").toString("latin1");
const base64 = (value: string) => Buffer.from(value, "latin1").toString("base64");

export class FakeEtcd {
  revision = 1;
  cluster = "14841639068965178418";
  entries = new Map<string, Entry>();
  /** What came, in order: path and body. */
  readonly received: { path: string; body: Body; request: ForwardedRequest }[] = [];
  /** Instead of an answer; undefined: as ever. */
  instead: (request: ForwardedRequest) => UpstreamResponse | undefined = () => undefined;
  /** With users it asks for a token. */
  users: Record<string, string> | null = null;
  tokens = new Set<string>();
  leases = new Set<string>();
  /** Requests that wait for a lock are told when something is deleted. */
  waiting: (() => void)[] = [];
  #next = 1;

  reset(): void {
    const { received, upstream } = this;
    Object.assign(this, new FakeEtcd(), { received, upstream });
    received.length = 0;
  }

  upstream = (request: ForwardedRequest): UpstreamResponse | Promise<UpstreamResponse> => {
    const path = request.target;
    let body: Body = {};
    try {
      const exact = request.body.toString().replace(/:(\d{16,})/g, ':"$1"');
      body = JSON.parse(exact || "{}") as Body;
    } catch {
      return refused(400, "invalid character", 3);
    }
    this.received.push({ path, body, request });
    const other = this.instead(request);
    if (other) return other;
    if (request.method !== "POST") return { status: 501, body: "Not Implemented" };
    if (path === "/v3/auth/authenticate") return this.#authenticate(body);
    if (this.users) {
      const token = request.headers.get("Authorization");
      if (!token) return refused(400, "etcdserver: user name is empty", 3);
      if (!this.tokens.has(token)) return refused(401, "etcdserver: invalid auth token", 16);
    }
    switch (path) {
      case "/v3/kv/range":
        if (!body.key) return refused(400, "etcdserver: key is not provided", 3);
        return json({ header: this.#header, ...this.#range(body) });
      case "/v3/kv/txn":
        return this.#transact(body);
      case "/v3/lock/lock":
        return this.#lock(body);
      case "/v3/lease/grant":
        return this.#grant(body);
      default:
        return {
          status: 404,
          headers: { "Content-Type": "text/plain" },
          body: "404 page not found",
        };
    }
  };

  /** Paths that were asked for. */
  get asked(): string[] {
    return this.received.map(({ path }) => path);
  }

  /** Names of all keys, sorted. */
  get keys(): string[] {
    return [...this.entries.keys()].sort();
  }

  put(key: string, value: string, lease = ""): void {
    this.revision++;
    this.#put(key, value, lease);
  }

  /** The lease ends, and all that was attached to it. */
  expire(lease: string): void {
    this.leases.delete(lease);
    for (const [key, entry] of this.entries) if (entry.lease === lease) this.entries.delete(key);
    this.revision++;
    this.#changed();
  }

  get #header() {
    return {
      ...{ cluster_id: this.cluster, member_id: "10276657743932975437" },
      ...{ revision: String(this.revision), raft_term: "2" },
    };
  }

  #put(key: string, value: string, lease: string): void {
    const created = this.entries.get(key)?.created ?? this.revision;
    this.entries.set(key, { value, created, changed: this.revision, lease });
  }

  #within(body: Body): [string, Entry][] {
    const [from, to] = [text(body.key), body.range_end ? text(body.range_end) : null];
    return [...this.entries]
      .filter(([key]) => (to === null ? key === from : key >= from && key < to))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #range(body: Body) {
    const least = Number(body.min_mod_revision ?? 0);
    const found = this.#within(body).filter(([, { changed }]) => changed >= least);
    if (body.sort_target === "MOD") found.sort(([, a], [, b]) => a.changed - b.changed);
    const limit = Number(body.limit ?? 0) || Infinity;
    const kvs = found.slice(0, limit).map(([key, { value, created, changed }]) => ({
      ...{ key: base64(key), create_revision: String(created), mod_revision: String(changed) },
      ...{ version: "1", value: base64(value) },
    }));
    // What is empty or false is left out.
    return {
      ...(kvs.length > 0 ? { kvs, count: String(found.length) } : {}),
      ...(found.length > limit ? { more: true } : {}),
    };
  }

  #transact({ compare = [], success = [], failure = [] }: Body): UpstreamResponse {
    const holds = (compare as Body[]).every((it) => this.#compares(it));
    const operations = (holds ? success : failure) as Body[];
    const puts = operations.flatMap((it) =>
      it.request_put ? [text((it.request_put as Body).key)] : [],
    );
    if (new Set(puts).size < puts.length) {
      return refused(400, "etcdserver: duplicate key given in txn request", 3);
    }
    const leases = operations.flatMap((it) => (it.request_put as Body | undefined)?.lease ?? []);
    // 0 is no lease: what is put with it stays.
    if (leases.some((it) => String(it) !== "0" && !this.leases.has(String(it)))) {
      return refused(404, "etcdserver: requested lease not found", 5);
    }
    if (operations.length > 128)
      return refused(400, "etcdserver: too many operations in txn request", 3);
    const changes = operations.some((it) => it.request_put || this.#deletes(it).length > 0);
    if (changes) this.revision++;
    const responses = operations.map((it) => this.#operate(it));
    return json({
      header: this.#header,
      ...(holds ? { succeeded: true } : {}),
      ...(responses.length > 0 ? { responses } : {}),
    });
  }

  #compares(it: Body): boolean {
    const found = this.#within(it);
    const created = Number(it.create_revision ?? 0);
    const test = (value: number) => (it.result === "GREATER" ? value > created : value === created);
    if (it.target !== "CREATE") throw new Error(`the fake does not compare ${String(it.target)}`);
    return found.length === 0 ? test(0) : found.every(([, entry]) => test(entry.created));
  }

  #deletes(it: Body): [string, Entry][] {
    return it.request_delete_range ? this.#within(it.request_delete_range as Body) : [];
  }

  #operate(it: Body): Body {
    const header = { revision: String(this.revision) };
    if (it.request_put) {
      const { key, value, lease = "" } = it.request_put as Record<string, string>;
      this.#put(text(key), text(value), String(lease) === "0" ? "" : lease!);
      return { response_put: { header } };
    }
    if (it.request_delete_range) {
      const gone = this.#deletes(it);
      for (const [key] of gone) this.entries.delete(key);
      this.#changed();
      const deleted = gone.length > 0 ? { deleted: String(gone.length) } : {};
      return { response_delete_range: { header, ...deleted } };
    }
    if (it.request_range) {
      return { response_range: { header, ...this.#range(it.request_range as Body) } };
    }
    throw new Error(`the fake has no ${JSON.stringify(it)}`);
  }

  #authenticate({ name, password }: Body): UpstreamResponse {
    if (!this.users) return refused(400, "etcdserver: authentication is not enabled", 9);
    if (this.users[name as string] !== password) {
      return refused(400, "etcdserver: authentication failed, invalid user ID or password", 3);
    }
    const token = `Token${this.#next++}.${this.revision}`;
    this.tokens.add(token);
    return json({ header: this.#header, token });
  }

  /** etcd's lock: each has a key below the name, and waits until those that came before are gone. */
  async #lock({ name, lease }: Body): Promise<UpstreamResponse> {
    const id = String(lease);
    if (!this.leases.has(id)) return refused(404, "etcdserver: requested lease not found", 5);
    const folder = `${text(name)}/`;
    const key = folder + BigInt(id).toString(16);
    if (!this.entries.has(key)) this.put(key, "", id);
    const own = this.entries.get(key)!.created;
    const isBefore = ([it, { created }]: [string, Entry]) => it.startsWith(folder) && created < own;
    while ([...this.entries].some(isBefore)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return json({ header: this.#header, key: base64(key) });
  }

  #changed(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  #grant({ TTL, ID }: Body): UpstreamResponse {
    // Numbers of JSON are not as exact here.
    const id = String(ID ?? 7587869290000000000n + BigInt(this.#next++));
    if (this.leases.has(id)) return refused(400, "etcdserver: lease already exists", 9);
    this.leases.add(id);
    return json({ header: this.#header, ID: id, TTL: String(TTL as number) });
  }
}

const refused = (status: number, message: string, code: number) =>
  json({ error: message, message, code }, status);
