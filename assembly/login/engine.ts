/**
 * The entries of `store`'s engine: a key-value store that people already run, and to which Traefik
 * carries requests as to a provider.
 */
import { StoreSettings } from "../config/store-settings";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { isJson } from "./exchange";
import { ProviderRequest, ProviderResponse } from "./provider-message";

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

/** The requests to an engine, and the readers of its answers. */
export abstract class Engine {
  /** A token of the engine for this Traefik; empty: there is none. */
  token: Bytes = Bytes.empty();

  constructor(readonly settings: StoreSettings) {}

  /** Asks for a token; null: there is none to ask for. */
  abstract signIn(): ProviderRequest | null;
  abstract tokenOf(incoming: ProviderResponse): Bytes | null;
  /** Asks for shared entries that have changed since `from`. */
  abstract read(from: i64): ProviderRequest;
  /** Null: it is no answer of the engine. */
  abstract page(answer: Json): Page | null;
  /**
   * Writes entries, and removes those that have ended by that time in seconds; 0: none.
   * `onlyAbsent`: an entry that is there may be left.
   */
  abstract write(entries: Entries, onlyAbsent: bool, ended: i64): ProviderRequest;
  abstract isWritten(incoming: ProviderResponse): bool;
}

/** The engine's JSON; null: it has refused, or did not answer. */
export function answerOf(incoming: ProviderResponse): Json | null {
  return isJson(incoming) && incoming.status == 200 ? parse(incoming.body!) : null;
}
