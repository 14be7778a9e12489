/**
 * The entries of `store`'s engine: a key-value store that people already run, and to which Traefik
 * carries requests as to a provider.
 */
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { isJson } from "./exchange";
import { ProviderResponse } from "./provider-message";

/** Names below the prefix: `<folder><end>/<hex>`, where an entry ends with the second `end`. */
export const SHARED_FOLDERS: StaticArray<string> = ["revoked/", "unproven/"];
/** The range of names that has both. */
export const FIRST_SHARED = "rev";
export const LAST_SHARED = "v";

/** Keys and values. */
@final
export class Entries {
  readonly keys: Array<Bytes> = [];
  readonly values: Array<Bytes> = [];

  add(key: Bytes, value: Bytes): void {
    this.keys.push(key);
    this.values.push(value);
  }

  get length(): i32 {
    return this.keys.length;
  }
}

/** The result of a read. */
@final
export class Page {
  readonly entries: Entries = new Entries();
  /** There is more to read. */
  more: bool = false;
  /** Where the next read begins. */
  next: i64 = 0;
  /** The cluster that has answered: another one has other revisions. */
  cluster: Bytes = Bytes.empty();
}

/** The engine's JSON; null: it has refused, or did not answer. */
export function answerOf(incoming: ProviderResponse): Json | null {
  return isJson(incoming) && incoming.status == 200 ? parse(incoming.body!) : null;
}
