/**
 * One refresh for all requests that need it: providers that rotate refresh tokens take a second use
 * for theft and end the session. Files in stateDir, named by an HMAC of the refresh token, hold a
 * lock, which one request creates, and the new cookies, sealed, for the others. Without stateDir
 * every request refreshes by itself.
 */
import { PROVIDER_ANSWER_BYTES, REFRESH_KEPT_SECONDS, REFRESH_LOCK_SECONDS } from "../limits";
import { FieldReader, Fields } from "../session/fields";
import { Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { State } from "../state/state";
import { encodeHex } from "../text/hex";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

const DIRECTORY = "refresh";
const NAME_BYTES = 16;
const OWNER_BYTES = 8;
const LOCK_BYTES = 64;
/** Number of files that are searched for old ones. */
const LISTED = 1024;

/**
 * The lock and the result of one refresh. No function fails: without stateDir, or if it cannot be
 * written, a request refreshes by itself.
 */
@final
export class SingleFlight {
  private kept: Bytes;
  /** The lease of the engine's lock, which another Traefik may have had; empty: there is none. */
  lease: Bytes = Bytes.empty();

  constructor(
    private context: Context,
    /** The lock's name in stateDir. */
    readonly lock: Bytes,
    /** Identifies this request in the lock and in temporary names. */
    public owner: Bytes,
  ) {
    this.kept = lock.concat(Bytes.of(".done"));
  }

  /**
   * `made`: the time of the session's cookie. It is part of the names, because a provider may reuse
   * one refresh token, and a result kept for an older cookie must not be used for a newer one.
   */
  static of(context: Context, refreshToken: Bytes, made: i64): SingleFlight {
    const what = new Fields().bytes(refreshToken).i64(made).all;
    const mark = context.ring.mark(Purpose.Lock, what).slice(0, NAME_BYTES);
    const lock = Bytes.of(DIRECTORY + "/").concat(encodeHex(mark));
    // Two requests of a browser can be equal byte for byte.
    const owner = encodeHex(context.unpredictable("refresh").slice(0, OWNER_BYTES));
    return new SingleFlight(context, lock, owner);
  }

  /**
   * The Set-Cookie values of another request's refresh; null: there are none yet, or they are too
   * old.
   */
  cookies(): Array<Bytes> | null {
    const state = this.context.stateDirectory;
    if (!state || this.isOlder(this.kept, REFRESH_KEPT_SECONDS)) return null;
    return this.read(this.result());
  }

  /** The result as it is kept. */
  result(): Bytes | null {
    const state = this.context.stateDirectory;
    return state ? state.read(this.kept, PROVIDER_ANSWER_BYTES) : null;
  }

  /** Takes a result that another Traefik has kept. Null: it is none of this refresh. */
  adopt(result: Bytes): Array<Bytes> | null {
    const cookies = this.read(result);
    const state = this.place();
    if (!cookies || !state) return null;
    state.write(this.kept, result, this.owner);
    this.unlock(state);
    return cookies;
  }

  private read(sealed: Bytes | null): Array<Bytes> | null {
    const text = sealed ? open(this.context.ring, Purpose.Lock, this.kept, sealed) : null;
    if (!text) return null;
    const cookies: Array<Bytes> = [];
    const fields = new FieldReader(text);
    while (!fields.atEnd && !fields.failed) cookies.push(fields.bytes());
    return fields.done && cookies.length > 0 ? cookies : null;
  }

  /** The state, with the directory; null: there is no stateDir. */
  private place(): State | null {
    const state = this.context.stateDirectory;
    if (state) state.makeDirectory(Bytes.of(DIRECTORY));
    return state;
  }

  /** Tries to take the lock. True: this request must refresh. */
  begin(): bool {
    const state = this.place();
    if (!state) return true;
    if (state.create(this.lock, this.owner)) {
      this.tidy();
      return true;
    }
    const modified = state.modified(this.lock);
    if (modified < 0) return state.create(this.lock, this.owner);
    // The Traefik that created the lock may be gone.
    return this.context.now - modified >= REFRESH_LOCK_SECONDS && this.takeOver(state);
  }

  /**
   * Only one request at a time can take over, and only a lock that is still old by then. The lock
   * exists all the time, so no other request can create it meanwhile. A guard that a killed Traefik
   * leaves is removed with other old files.
   */
  private takeOver(state: State): bool {
    const guard = this.lock.concat(Bytes.of(".take"));
    if (!state.create(guard, this.owner)) return false;
    const modified = state.modified(this.lock);
    const isOld = modified >= 0 && this.context.now - modified >= REFRESH_LOCK_SECONDS;
    const isMine = isOld && state.write(this.lock, this.owner, this.owner);
    state.remove(guard);
    return isMine;
  }

  /**
   * True if the lock is this owner's, for the first request that asks: a browser may repeat one,
   * and a refresh token may be used once. `isWon`: the engine's lock is, wherever it began.
   */
  goesOn(isWon: bool): bool {
    const state = this.place();
    if (!state) return false;
    if (!isWon && !this.isMine(state)) return false;
    // It stays, because the request may be repeated when the lock is released.
    const gone = this.lock.concat(Bytes.of(".")).concat(this.owner);
    if (!state.create(gone, Bytes.empty())) return false;
    if (isWon) state.create(this.lock, this.owner);
    return true;
  }

  private isMine(state: State): bool {
    const owner = state.read(this.lock, LOCK_BYTES);
    return owner !== null && owner.equals(this.owner);
  }

  /** Keeps the new cookies for other requests, and releases the lock. */
  finish(cookies: Array<Bytes>): void {
    const state = this.place();
    if (!state) return;
    const fields = new Fields();
    for (let i = 0; i < cookies.length; i++) fields.bytes(cookies[i]);
    const context = this.context;
    const sealed = seal(context.ring, Purpose.Lock, this.kept, context.nanoseconds, fields.all);
    state.write(this.kept, sealed, this.owner);
    this.unlock(state);
  }

  /** Releases the lock after a failed refresh. */
  abandon(): void {
    const state = this.context.stateDirectory;
    if (state) this.unlock(state);
  }

  /** Removes the lock, unless another request has taken it over. */
  private unlock(state: State): void {
    if (!this.isMine(state)) return;
    state.remove(this.lock);
  }

  private isOlder(name: Bytes, seconds: i64): bool {
    const modified = this.context.stateDirectory!.modified(name);
    return modified < 0 || this.context.now - modified > seconds;
  }

  /** Removes old files. */
  private tidy(): void {
    const state = this.context.stateDirectory!;
    const names = state.list(Bytes.of(DIRECTORY), LISTED);
    for (let i = 0; names && i < names.length; i++) {
      const name = Bytes.of(DIRECTORY + "/").concat(names[i]);
      if (this.isOlder(name, REFRESH_KEPT_SECONDS + REFRESH_LOCK_SECONDS)) state.remove(name);
    }
  }
}
