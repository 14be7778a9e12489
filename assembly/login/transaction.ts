/**
 * A sign-in in progress: one half in a cookie of the browser that began it, the other in `state`,
 * which the provider sends back. Only both halves together are valid (RFC 6819 §4.4.1.8). Nonce and
 * PKCE verifier are derived from the seed in the cookie.
 */
import { SessionSettings } from "../config/sign-in";
import { Cookies } from "../http/cookie";
import { TRANSACTION_SECONDS, TRANSACTIONS, COOKIES_CLEARED } from "../limits";
import { FieldReader, Fields } from "../session/fields";
import { KeyRing, Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** Characters of a transaction's id: 9 bytes in base64url. */
const ID = 12;
const SEED_BYTES = 32;

/** The contents of the browser's cookie. */
@final
export class Transaction {
  id: Bytes = Bytes.empty();
  /** 32 unpredictable bytes. */
  seed: Bytes = Bytes.empty();
  /** Position of the origin in the redirect URI. */
  origin: i32 = 0;
  /** Seconds since 1970. */
  started: i64 = 0;
  /** The authorization response must name the issuer, RFC 9207. */
  namesIssuer: bool = false;
  tokenEndpoint: Bytes = Bytes.empty();

  seal(ring: KeyRing, session: SessionSettings, nanoseconds: i64): Bytes {
    const text = new Fields()
      .bytes(this.seed)
      .u8(<u8>this.origin)
      .i64(this.started)
      .u8(<u8>this.namesIssuer)
      .bytes(this.tokenEndpoint).all;
    return seal(ring, Purpose.Transaction, nameOf(this.id, session), nanoseconds, text);
  }
}

/** The contents of `state`, besides the transaction's id. */
@final
export class AuthorizationState {
  /** The address to return to. */
  returnTo: Bytes = Bytes.empty();
  /** Number of restarts because the cookie was missing. */
  restarts: u8 = 0;
  userInfoEndpoint: Bytes = Bytes.empty();
  endSessionEndpoint: Bytes = Bytes.empty();

  /** The value of the parameter. */
  seal(id: Bytes, ring: KeyRing, nanoseconds: i64): Bytes {
    const text = new Fields()
      .bytes(this.returnTo)
      .u8(this.restarts)
      .bytes(this.userInfoEndpoint)
      .bytes(this.endSessionEndpoint).all;
    return id.concat(Bytes.of(".")).concat(seal(ring, Purpose.State, id, nanoseconds, text));
  }
}

/** The transaction's id in a `state`, or null. */
export function idOf(state: Bytes): Bytes | null {
  return state.length > ID && state.at(ID) == Char.Dot ? state.slice(0, ID) : null;
}

export function openState(state: Bytes, ring: KeyRing): AuthorizationState | null {
  const id = idOf(state);
  const text = id ? open(ring, Purpose.State, id, state.rest(ID + 1)) : null;
  if (!text) return null;
  const fields = new FieldReader(text);
  const result = new AuthorizationState();
  result.returnTo = fields.bytes();
  result.restarts = fields.u8();
  result.userInfoEndpoint = fields.bytes();
  result.endSessionEndpoint = fields.bytes();
  return fields.done ? result : null;
}

/** The name of a transaction's cookie. */
export function nameOf(id: Bytes, session: SessionSettings): Bytes {
  return session.transactionCookie.concat(id);
}

/**
 * The transaction of that id, if this browser began it and it is not too old; otherwise null. `now`
 * in seconds.
 */
export function findTransaction(
  header: Bytes | null,
  id: Bytes,
  ring: KeyRing,
  session: SessionSettings,
  now: i64,
): Transaction | null {
  if (!header) return null;
  const name = nameOf(id, session);
  let value: Bytes | null = null;
  for (const cookies = new Cookies(header); cookies.next();) {
    if (!cookies.isNamed(name)) continue;
    if (value) return null;
    value = cookies.value;
  }
  const text = value ? open(ring, Purpose.Transaction, name, value) : null;
  if (!text) return null;
  const fields = new FieldReader(text);
  const transaction = new Transaction();
  transaction.id = id;
  transaction.seed = fields.bytes();
  transaction.origin = fields.u8();
  transaction.started = fields.i64();
  transaction.namesIssuer = fields.u8() != 0;
  transaction.tokenEndpoint = fields.bytes();
  if (!fields.done || transaction.seed.length != SEED_BYTES) return null;
  return now < transaction.started + TRANSACTION_SECONDS ? transaction : null;
}

/**
 * Ids of the transactions whose cookies must be removed before another one begins: invalid ones,
 * and the oldest of too many. Looks at a limited number of cookies, because a header has room for
 * thousands.
 */
export function surplusTransactions(
  header: Bytes | null,
  ring: KeyRing,
  session: SessionSettings,
  now: i64,
): Array<Bytes> {
  const drop: Array<Bytes> = [];
  const live: Array<Transaction> = [];
  if (!header) return drop;
  const prefix = session.transactionCookie;
  let left = COOKIES_CLEARED;
  for (const cookies = new Cookies(header); left > 0 && cookies.next();) {
    const name = cookies.name;
    if (!name.startsWith(prefix)) continue;
    left--;
    const id = name.rest(prefix.length);
    const transaction = id.length == ID ? findTransaction(header, id, ring, session, now) : null;
    if (transaction) live.push(transaction);
    else if (isId(id)) drop.push(id);
  }
  while (live.length >= TRANSACTIONS) {
    let oldest = 0;
    for (let i = 1; i < live.length; i++) if (live[i].started < live[oldest].started) oldest = i;
    drop.push(live[oldest].id);
    live.splice(oldest, 1);
  }
  return drop;
}

/** True if all characters are valid in Rolegate's Set-Cookie. */
function isId(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const c = <u32>text.at(i);
    const letter = (c | 0x20) - 0x61 < 26;
    if (!letter && c - 0x30 > 9 && c != Char.Hyphen && c != Char.Underscore) return false;
  }
  return text.length > 0;
}
