/** etcd 3.4 or later, by its JSON gateway (`/v3`): bytes are base64 there, and int64 are texts. */
import { toInteger } from "../json/number";
import { Json } from "../json/value";
import { Writer } from "../json/writer";
import { STORE_PAGE } from "../limits";
import { decodeBase64, encodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
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

  signIn(): ProviderRequest | null {
    const settings = this.settings;
    const username = settings.username;
    const password = settings.password;
    if (!username || !password) return null;
    const body = new Writer().open().bytes("name", username).bytes("password", password);
    return this.send("/v3/auth/authenticate", body.close());
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
    const more = answer.member("more");
    page.more = more !== null && more.isTrue;
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
      body.open().bytes("key", encodeBase64(entries.keys[i]));
      body.text("target", "CREATE").text("result", "EQUAL").integer("create_revision", 0).close();
    }
    body.closeArray().openArray("success");
    for (let i = 0; i < entries.length; i++) {
      body.open().openObject("request_put").bytes("key", encodeBase64(entries.keys[i]));
      body.bytes("value", encodeBase64(entries.values[i])).close().close();
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
    const header = answer ? answer.member("header") : null;
    if (!header || numberOf(header, "revision") < 0) return false;
    const succeeded = answer!.member("succeeded");
    if (!succeeded || !succeeded.isTrue) return this.mayBeThere;
    // Where the body was lost on its way, nothing succeeds as well (measured).
    const done = answer!.member("responses");
    return done !== null && done.count == this.operations;
  }

  /** `from` and `to` are below the prefix; `to` is not within the range. */
  private range(body: Writer, from: string, to: string): void {
    const prefix = this.settings.prefix;
    body.bytes("key", encodeBase64(prefix.concat(Bytes.of(from))));
    body.bytes("range_end", encodeBase64(prefix.concat(Bytes.of(to))));
  }

  private call(path: string, body: Writer): ProviderRequest {
    const outgoing = this.send(path, body.close());
    if (this.token.length > 0) outgoing.header("Authorization", this.token);
    return outgoing;
  }
}

function numberOf(json: Json, name: string): i64 {
  const text = json.stringOf(name);
  return text ? toInteger(text) : -1;
}

function bytesOf(json: Json, name: string): Bytes | null {
  const text = json.stringOf(name);
  return text ? decodeBase64(text) : null;
}
