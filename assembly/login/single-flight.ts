/**
 * One refresh for all requests that need it: providers that rotate refresh tokens take a second use for theft and end
 * the session. Files in stateDir, named by an HMAC of the refresh token: a lock, which one request makes, and the new
 * cookies, sealed, for the others. Without stateDir everybody goes.
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
/** Files that are looked through for old ones. */
const LISTED = 1024;

@final
export class SingleFlight {
  private lock: Bytes = Bytes.empty();
  private kept: Bytes = Bytes.empty();
  /** This request, in the lock and in names of its own. */
  private owner: Bytes = Bytes.empty();

  /**
   * `made`: when the session's cookie was. A provider may give one refresh token for ever: what came of it for the cookie
   * before is no answer to who asks with this one.
   */
  constructor(
    private context: Context,
    refreshToken: Bytes,
    made: i64,
  ) {
    const what = new Fields().bytes(refreshToken).i64(made).all;
    const mark = context.ring.mark(Purpose.Lock, what).slice(0, NAME_BYTES);
    this.lock = Bytes.of(DIRECTORY + "/").concat(encodeHex(mark));
    this.kept = this.lock.concat(Bytes.of(".done"));
    // Two requests of a browser can be the same byte for byte.
    this.owner = encodeHex(context.unpredictable("refresh").slice(0, OWNER_BYTES));
  }

  /** The Set-Cookie values that another request was given; null: none yet, or too long ago. */
  cookies(): Array<Bytes> | null {
    const state = this.context.stateDirectory;
    if (!state || this.isOlder(this.kept, REFRESH_KEPT_SECONDS)) return null;
    const sealed = state.read(this.kept, PROVIDER_ANSWER_BYTES);
    const text = sealed ? open(this.context.ring, Purpose.Lock, this.kept, sealed) : null;
    if (!text) return null;
    const cookies: Array<Bytes> = [];
    const fields = new FieldReader(text);
    while (!fields.atEnd && !fields.failed) cookies.push(fields.bytes());
    return fields.done && cookies.length > 0 ? cookies : null;
  }

  /** Whether this request is the one that goes. */
  begin(): bool {
    const state = this.context.stateDirectory;
    if (!state) return true;
    state.makeDirectory(Bytes.of(DIRECTORY));
    if (state.create(this.lock, this.owner)) {
      this.tidy();
      return true;
    }
    const modified = state.modified(this.lock);
    if (modified < 0) return state.create(this.lock, this.owner);
    // The Traefik that made it may be gone.
    return this.context.now - modified >= REFRESH_LOCK_SECONDS && this.takeOver(state);
  }

  /**
   * One request at a time takes over, and only a lock that is still old by then. The lock exists at every moment, so that
   * no other request can create it meanwhile. A guard that a killed Traefik leaves is removed with other old files.
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

  /** Keeps the new cookies for the others. */
  finish(cookies: Array<Bytes>): void {
    const state = this.context.stateDirectory;
    if (!state) return;
    const fields = new Fields();
    for (let i = 0; i < cookies.length; i++) fields.bytes(cookies[i]);
    const context = this.context;
    const sealed = seal(context.ring, Purpose.Lock, this.kept, context.nanoseconds, fields.all);
    state.write(this.kept, sealed, this.owner);
    this.unlock(state);
  }

  /** It came to nothing: the next one may try. */
  abandon(): void {
    const state = this.context.stateDirectory;
    if (state) this.unlock(state);
  }

  /** Unless it was taken over from us. */
  private unlock(state: State): void {
    const owner = state.read(this.lock, LOCK_BYTES);
    if (owner && owner.equals(this.owner)) state.remove(this.lock);
  }

  private isOlder(name: Bytes, seconds: i64): bool {
    const modified = this.context.stateDirectory!.modified(name);
    return modified < 0 || this.context.now - modified > seconds;
  }

  /** Removes what nobody needs any more. */
  private tidy(): void {
    const state = this.context.stateDirectory!;
    const names = state.list(Bytes.of(DIRECTORY), LISTED);
    for (let i = 0; names && i < names.length; i++) {
      const name = Bytes.of(DIRECTORY + "/").concat(names[i]);
      if (this.isOlder(name, REFRESH_KEPT_SECONDS + REFRESH_LOCK_SECONDS)) state.remove(name);
    }
  }
}
