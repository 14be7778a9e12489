/** etcd 3.4 or later, by its JSON gateway (`/v3`): bytes are base64 there, and int64 are texts. */
import { StoreSettings } from "../config/store-settings";
import { toInteger } from "../json/number";
import { Json } from "../json/value";
import { Writer } from "../json/writer";
import { STORE_LEASE_SECONDS, STORE_PAGE } from "../limits";
import { decodeBase64, encodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { encodeHex } from "../text/hex";
import {
  answerOf,
  Engine,
  Entries,
  FIRST_SHARED,
  LAST_SHARED,
  Page,
  SHARED_FOLDERS,
} from "./engine";
import { ProviderRequest, ProviderResponse } from "./provider-message";

@final
export class Etcd extends Engine {
  /** Operations of the last write, and whether it may find everything there. */
  private operations: i32 = 0;
  private mayBeThere: bool = false;

  constructor(settings: StoreSettings) {
    super(settings);
  }

  signIn(): ProviderRequest | null {
    const settings = this.settings;
    const username = settings.username;
    const password = settings.password;
    if (!username || !password) return null;
    const body = new Writer().open().bytes("name", username).bytes("password", password);
    return this.call("/v3/auth/authenticate", body);
  }

  tokenOf(incoming: ProviderResponse): Bytes | null {
    const answer = answerOf(incoming);
    return answer ? answer.stringOf("token") : null;
  }

  read(from: i64): ProviderRequest {
    const body = new Writer().open().integer("limit", STORE_PAGE);
    this.range(body, FIRST_SHARED, LAST_SHARED);
    body.integer("min_mod_revision", from).text("sort_target", "MOD");
    return this.call("/v3/kv/range", body.text("sort_order", "ASCEND"));
  }

  page(answer: Json): Page | null {
    const header = answer.member("header");
    const revision = header ? numberOf(header, "revision") : -1;
    if (revision < 0) return null;
    const page = new Page();
    page.cluster = header!.stringOf("cluster_id") || page.cluster;
    page.more = isTrue(answer, "more");
    const list = answer.member("kvs");
    for (let it = list && list.isArray ? list.first : null; it; it = it!.next) {
      const changed = numberOf(it, "mod_revision");
      const key = bytesOf(it, "key");
      if (changed < 0 || !key) return null;
      page.entries.add(key, bytesOf(it, "value") || Bytes.empty());
      page.next = changed;
    }
    if (page.more && page.entries.length == 0) return null;
    // Entries that were written at once have one revision, and a page may end among them.
    if (!page.more) page.next = revision + 1;
    return page;
  }

  write(entries: Entries, onlyAbsent: bool, ended: i64): ProviderRequest {
    this.operations = entries.length + (ended > 0 ? SHARED_FOLDERS.length : 0);
    this.mayBeThere = onlyAbsent;
    const body = new Writer().open().openArray("compare");
    for (let i = 0; onlyAbsent && i < entries.length; i++) {
      absent(body, encodeBase64(entries.keys[i]));
    }
    body.closeArray().openArray("success");
    for (let i = 0; i < entries.length; i++) {
      put(body, encodeBase64(entries.keys[i]), entries.values[i]);
    }
    for (let i = 0; ended > 0 && i < SHARED_FOLDERS.length; i++) {
      const folder = SHARED_FOLDERS[i];
      this.range(body.open().openObject("request_delete_range"), folder, `${folder}${ended}`);
      body.close().close();
    }
    return this.call("/v3/kv/txn", body.closeArray());
  }

  isWritten(incoming: ProviderResponse): bool {
    const answer = answerOf(incoming);
    if (!answer || !this.isAnswer(answer)) return false;
    return this.hasClaimed(answer) || (this.mayBeThere && !isTrue(answer, "succeeded"));
  }

  /** Asks for one entry. */
  entry(name: Bytes): ProviderRequest {
    return this.call("/v3/kv/range", new Writer().open().bytes("key", encodeBase64(name)));
  }

  valueOf(answer: Json): Bytes | null {
    const list = answer.member("kvs");
    return list && list.first ? bytesOf(list.first!, "value") : null;
  }

  /** Asks for a lease, which this Traefik names. */
  lease(id: Bytes): ProviderRequest {
    const body = new Writer().open().integer("TTL", STORE_LEASE_SECONDS);
    return this.call("/v3/lease/grant", body.integer("ID", numberOfLease(id)));
  }

  /**
   * Claims a lock, unless its work has a result, or, if `isFirst`, another Traefik has it.
   * Otherwise asks for the result.
   */
  claim(name: Bytes, lease: Bytes, isFirst: bool): ProviderRequest {
    this.operations = 1;
    const key = encodeBase64(keyOf(name, lease));
    const result = encodeBase64(resultOf(name));
    const body = new Writer().open().openArray("compare");
    absent(body, result);
    if (isFirst) {
      const first = encodeBase64(name.concat(Bytes.of("/")));
      absent(body, first, encodeBase64(name.concat(Bytes.of("0"))));
    }
    put(body.closeArray().openArray("success"), key, Bytes.empty(), lease);
    remove(body.closeArray().openArray("failure"), key);
    body.open().openObject("request_range").bytes("key", result).close().close();
    return this.call("/v3/kv/txn", body.closeArray());
  }

  /** Its key is that of `keyOf`. */
  wait(name: Bytes, lease: Bytes): ProviderRequest {
    const body = new Writer().open().bytes("name", encodeBase64(name));
    return this.call("/v3/lock/lock", body.integer("lease", numberOfLease(lease)));
  }

  /** `keeps`: the lease of the result. */
  release(name: Bytes, lease: Bytes, result: Bytes | null, keeps: Bytes): ProviderRequest {
    this.operations = result ? 2 : 1;
    this.mayBeThere = false;
    const body = new Writer().open().openArray("success");
    if (result) put(body, encodeBase64(resultOf(name)), result, keeps);
    remove(body, encodeBase64(keyOf(name, lease)));
    return this.call("/v3/kv/txn", body.closeArray());
  }

  /** True if it is the engine's. */
  isAnswer(answer: Json): bool {
    const header = answer.member("header");
    return header !== null && numberOf(header, "revision") >= 0;
  }

  /** Where the body was lost on its way, nothing succeeds as well (measured). */
  hasClaimed(answer: Json): bool {
    const done = answer.member("responses");
    return isTrue(answer, "succeeded") && done !== null && done.count == this.operations;
  }

  resultOf(answer: Json): Bytes | null {
    const done = answer.member("responses");
    const last = done && done.first ? done.first!.next : null;
    const range = last ? last.member("response_range") : null;
    return range ? this.valueOf(range) : null;
  }

  /** `from` and `to` are below the prefix; `to` is not within the range. */
  private range(body: Writer, from: string, to: string): void {
    const prefix = this.settings.prefix;
    body.bytes("key", encodeBase64(prefix.concat(Bytes.of(from))));
    body.bytes("range_end", encodeBase64(prefix.concat(Bytes.of(to))));
  }

  private call(path: string, body: Writer): ProviderRequest {
    const outgoing = new ProviderRequest(Bytes.of("POST"), Bytes.of(path));
    outgoing.header("Content-Type", Bytes.of("application/json"));
    outgoing.body = body.close().done();
    if (this.token.length > 0) outgoing.header("Authorization", this.token);
    return outgoing;
  }
}

/** A lock's key as etcd's own lock names it: the lease in hexadecimal, without zeros before it. */
function keyOf(name: Bytes, lease: Bytes): Bytes {
  return name.concat(Bytes.of("/")).concat(encodeHex(lease));
}

function resultOf(name: Bytes): Bytes {
  return name.concat(Bytes.of(".done"));
}

function numberOfLease(lease: Bytes): i64 {
  return bswap<i64>(load<i64>(lease.start));
}

function absent(body: Writer, key: Bytes, end: Bytes | null = null): void {
  body.open().bytes("key", key);
  if (end) body.bytes("range_end", end);
  body.text("target", "CREATE").text("result", "EQUAL").integer("create_revision", 0).close();
}

function put(body: Writer, key: Bytes, value: Bytes, lease: Bytes | null = null): void {
  body.open().openObject("request_put").bytes("key", key).bytes("value", encodeBase64(value));
  if (lease) body.integer("lease", numberOfLease(lease));
  body.close().close();
}

function remove(body: Writer, key: Bytes): void {
  body.open().openObject("request_delete_range").bytes("key", key).close().close();
}

function isTrue(json: Json, name: string): bool {
  const it = json.member(name);
  return it !== null && it.isTrue;
}

function numberOf(json: Json, name: string): i64 {
  const text = json.stringOf(name);
  return text ? toInteger(text) : -1;
}

function bytesOf(json: Json, name: string): Bytes | null {
  const text = json.stringOf(name);
  return text ? decodeBase64(text) : null;
}
