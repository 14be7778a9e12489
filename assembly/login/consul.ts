/**
 * Consul, by its transactions (`/v1/txn`), in which all reads show one moment. It cannot say what
 * has changed since, so entries lie in 16 trees, by the first digit of their ids, and each has a
 * mark that is written with its entries: a read asks for all marks, and for one tree that changed.
 */
import { StoreSettings } from "../config/store-settings";
import { toInteger } from "../json/number";
import { Json } from "../json/value";
import { Writer } from "../json/writer";
import { STORE_TREES } from "../limits";
import { endOf } from "../session/revocation";
import { decodeBase64, encodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { hexValue } from "../text/ascii";
import { hexOf } from "../text/hex";
import { answerOf, Engine, Entries, Page, SHARED_FOLDERS } from "./engine";
import { ID_BYTES } from "./ids";
import { ProviderRequest, ProviderResponse } from "./provider-message";

/** No token, where Consul has no access control. */
const NO_TOKEN = "-";
const MARKS = "changed/";
/** Bits of a mark's number behind its index; all ones: every mark of that index. */
const TREE_BITS = 5;
const ALL_TREES = 31;

@final
export class Consul extends Engine {
  private from: i64 = 0;
  /** Results of the last write: a removal has none. */
  private results: i32 = 0;

  constructor(
    settings: StoreSettings,
    private maxAge: i64,
  ) {
    super(settings);
  }

  /** Writes a mark: without one, nothing that was read tells whether the token may read. */
  signIn(): ProviderRequest | null {
    this.token = this.settings.password || Bytes.of(NO_TOKEN);
    const body = new Writer().openList();
    this.mark(body, 0);
    this.results = 1;
    return this.call(body);
  }

  tokenOf(incoming: ProviderResponse): Bytes | null {
    return this.isWritten(incoming) ? this.token : null;
  }

  /** `from`: the number of the mark whose tree is read, or of the last one that was. */
  read(from: i64): ProviderRequest {
    this.from = from;
    const body = new Writer().openList();
    this.operation(body, "get-tree", this.below(MARKS));
    const tree = <i32>(from & ALL_TREES);
    if (tree > 0 && tree <= STORE_TREES) {
      this.operation(body, "get-tree", this.below(`${hexOf(tree - 1, 1)}/`));
    }
    return this.call(body);
  }

  page(answer: Json): Page | null {
    if (!isAnswer(answer)) return null;
    const page = new Page();
    const prefix = this.settings.prefix;
    const marks = this.below(MARKS);
    let last: i64 = -1;
    let next: i64 = i64.MAX_VALUE;
    const list = answer.member("Results");
    for (let it = list ? list.first : null; it; it = it!.next) {
      const entry = it.member("KV");
      const key = entry ? entry.stringOf("Key") : null;
      if (!key || !key.startsWith(prefix)) return null;
      if (!key.startsWith(marks)) {
        const text = entry!.stringOf("Value");
        const value = text ? decodeBase64(text) : null;
        // Without its tree, it has the name for which it was sealed.
        page.entries.add(prefix.concat(key.rest(prefix.length + 2)), value || Bytes.empty());
        continue;
      }
      const index = entry!.member("ModifyIndex");
      const changed = index ? toInteger(index.text) : -1;
      const tree = key.length == marks.length + 1 ? hexValue(key.at(marks.length)) : -1;
      if (changed < 0 || tree < 0) return null;
      const number = (changed << TREE_BITS) | (tree + 1);
      last = max(last, number);
      if (number > this.from) next = min(next, number);
    }
    // A token that may not read gets no error, and nothing.
    if (last < 0) return null;
    page.more = next < i64.MAX_VALUE;
    if (page.more) page.next = next;
    // All is read again if Consul was restored.
    else page.next = last >> TREE_BITS < this.from >> TREE_BITS ? 0 : last | ALL_TREES;
    return page;
  }

  /** An entry that is there says the same. */
  write(entries: Entries, onlyAbsent: bool, ended: i64): ProviderRequest {
    const body = new Writer().openList();
    const prefix = this.settings.prefix;
    let trees: i32 = 0;
    for (let i = 0; i < entries.length; i++) {
      const key = entries.keys[i];
      const tree = treeOf(key);
      const inTree = this.below(`${hexOf(tree, 1)}/`).concat(key.rest(prefix.length));
      this.operation(body, "set", inTree, entries.values[i]);
      if ((trees & (1 << tree)) == 0) this.mark(body, tree);
      trees |= 1 << tree;
    }
    this.results = entries.length + popcnt(trees);
    if (ended > 0 && entries.length == 0) {
      const end = endOf(ended, this.maxAge, 2);
      for (let i = 0; i < STORE_TREES * SHARED_FOLDERS.length; i++) {
        const folder = SHARED_FOLDERS[i / STORE_TREES];
        const tree = hexOf(i % STORE_TREES, 1);
        this.operation(body, "delete-tree", this.below(`${tree}/${folder}${end}/`));
      }
    }
    return this.call(body);
  }

  isWritten(incoming: ProviderResponse): bool {
    const answer = answerOf(incoming);
    if (!answer || !isAnswer(answer)) return false;
    return answer.member("Results")!.count == this.results;
  }

  private below(name: string): Bytes {
    return this.settings.prefix.concat(Bytes.of(name));
  }

  private mark(body: Writer, tree: i32): void {
    this.operation(body, "set", this.below(MARKS + hexOf(tree, 1)), Bytes.empty());
  }

  private operation(body: Writer, verb: string, key: Bytes, value: Bytes | null = null): void {
    body.open().openObject("KV").text("Verb", verb).bytes("Key", key);
    if (value) body.bytes("Value", encodeBase64(value));
    body.close().close();
  }

  private call(body: Writer): ProviderRequest {
    const outgoing = new ProviderRequest(Bytes.of("PUT"), Bytes.of("/v1/txn"));
    outgoing.header("Content-Type", Bytes.of("application/json"));
    const token = this.token;
    if (token.length > 0 && !token.is(NO_TOKEN)) outgoing.header("X-Consul-Token", token);
    outgoing.body = body.closeArray().done();
    return outgoing;
  }
}

/** By the first digit of its id. */
function treeOf(key: Bytes): i32 {
  const at = key.length - 2 * ID_BYTES;
  return at < 0 ? 0 : max(hexValue(key.at(at)), 0);
}

/** True if it is Consul's, which has done all that was asked. */
function isAnswer(answer: Json): bool {
  const errors = answer.member("Errors");
  return answer.member("Results") !== null && errors !== null && errors.count == 0;
}
