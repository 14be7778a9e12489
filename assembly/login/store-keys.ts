/**
 * The key set that one Traefik has fetched, for others that cannot fetch it. Only the one that has
 * fetched it writes it, with the time, so a set never seems younger by being passed on: each
 * Traefik's keys become stale after keys.maxStale and keys.refresh at the latest.
 */
import { Settings } from "../config/settings";
import { keysFile } from "../config/state";
import { readKeySet } from "../jose/jwks";
import { parse } from "../json/parse";
import { KEY_FILE_BYTES, STORE_VALUE_BYTES } from "../limits";
import { FieldReader, Fields } from "../session/fields";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Entries } from "./engine";
import { SharedStore } from "./store";

/** Name of the file that says that this Traefik has fetched the set. */
export function fetchedMark(file: Bytes): Bytes {
  return file.concat(Bytes.of(".fetched"));
}

@final
export class SharedKeys {
  private file: Bytes;
  /** Its name in the engine. */
  readonly name: Bytes;

  constructor(
    private settings: Settings,
    private shared: SharedStore,
  ) {
    const file = keysFile(settings, settings.login.issuer);
    this.file = Bytes.of(file);
    this.name = shared.store.prefix.concat(Bytes.of(`keys/${file}`));
  }

  /** The set that this Traefik has fetched; null: the engine has it, or there is none. */
  news(nanoseconds: i64): Entries | null {
    const state = this.shared.state;
    const fetched = state.modified(fetchedMark(this.file));
    if (fetched < 0) return null;
    const set = state.read(this.file, KEY_FILE_BYTES);
    if (!set) return null;
    const text = new Fields().i64(fetched).bytes(set).all;
    const value = this.shared.seal(this.name, text, nanoseconds);
    if (value.length > STORE_VALUE_BYTES) return null;
    const entries = new Entries();
    entries.add(this.name, value);
    return entries;
  }

  /** The engine has it. */
  done(): void {
    this.shared.state.remove(fetchedMark(this.file));
  }

  /**
   * True if another Traefik's would be newer. A mark that keys are stale does not count: only the
   * provider has the key that was missing.
   */
  areOld(now: i64): bool {
    const age = now - this.shared.state.modified(this.file);
    return age >= this.settings.keysRefresh;
  }

  /** Takes another Traefik's set, if it is one, and was fetched lately. */
  take(value: Bytes, now: i64, tag: Bytes): bool {
    const text = this.shared.open(this.name, value);
    if (!text) return false;
    const fields = new FieldReader(text);
    const age = now - fields.i64();
    const set = fields.bytes();
    if (!fields.done || abs(age) >= this.settings.keysRefresh) return false;
    if (readKeySet(parse(set)).refusal.length > 0) return false;
    return keepKeys(this.shared.state, this.file, set, tag);
  }
}

/** Keeps the last good set beside the new one. */
export function keepKeys(state: State, file: Bytes, text: Bytes, tag: Bytes): bool {
  const old = state.read(file, KEY_FILE_BYTES);
  if (old && !old.equals(text)) state.write(file.concat(Bytes.of(".last")), old, tag);
  return state.write(file, text, tag);
}
