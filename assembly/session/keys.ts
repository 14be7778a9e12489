/**
 * The key schedule: HKDF-SHA-256 (RFC 5869) derives keys from each secret for each purpose, bound
 * to the application. A value made for one purpose, application or secret is useless with another.
 * docs/key-schedule.md describes it, with test vectors.
 */
import { Hash } from "../crypto/hash";
import { expand, extract } from "../crypto/hkdf";
import { hmac } from "../crypto/hmac";
import { guest } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Fields } from "./fields";

/**
 * Raise it when the schedule or the form of sealed values changes: older values then no longer
 * open.
 */
const VERSION: u8 = 1;
const KEY_BYTES = 32;
/** Least bytes of a secret, because a 256-bit key needs as much input. */
const SECRET_BYTES = 32;

export enum Purpose {
  /** The session cookie. */
  Session,
  /** The refresh token's cookie. */
  Refresh,
  /** The cookie of a sign-in in progress. */
  Transaction,
  /** `state` of an authorization request. */
  State,
  /** Names and contents of refresh files. */
  Lock,
  /** Revocations in `store`. */
  Revocation,
  /** Unpredictable values of other kinds. */
  Random,
}

/** In the enumeration's order; part of each key's label. */
const NAMES: StaticArray<string> = [
  "session",
  "refresh",
  "attempt",
  "state",
  "lock",
  "revocation",
  "random",
];

export function nameOfPurpose(purpose: Purpose): string {
  return NAMES[purpose];
}

/**
 * The application that keys belong to. Two applications that differ in any of these cannot read
 * each other's values.
 */
@final
export class Scope {
  constructor(
    readonly issuer: Bytes,
    readonly clientId: Bytes,
    /**
     * The origin of `publicUrl`, or `session.domain`: an origin contains `://`, so the two never
     * collide.
     */
    readonly site: Bytes,
    /** `session.audience`; empty when it is not set. */
    readonly audience: Bytes,
  ) {}
}

/** Keys of one secret for one purpose, 32 bytes each. */
@final
export class Keys {
  constructor(
    /** Encryption key, XChaCha20-Poly1305. */
    readonly encryption: Bytes,
    /** HMAC key for synthetic nonces. */
    readonly nonce: Bytes,
    /** HMAC key for unpredictable values, and for names of secret values. */
    readonly generator: Bytes,
    /**
     * First byte of what this secret seals. Only a hint at which secret to try, because bytes
     * clash.
     */
    readonly id: u8,
  ) {}
}

/** All keys of a configuration, derived when first used and kept as long as the guest. */
@final
export class KeyRing {
  private known: StaticArray<Keys | null>;

  private constructor(
    private secrets: StaticArray<Bytes>,
    private scope: Scope,
  ) {
    this.known = new StaticArray<Keys | null>(secrets.length * NAMES.length);
  }

  /**
   * Copies its input into the guest's region. The first secret seals. Null without secrets, or when
   * one is below 32 bytes.
   */
  static of(secrets: Array<Bytes>, scope: Scope): KeyRing | null {
    if (secrets.length == 0) return null;
    for (let i = 0; i < secrets.length; i++) if (secrets[i].length < SECRET_BYTES) return null;
    const before = guest.enter();
    const kept = new StaticArray<Bytes>(secrets.length);
    for (let i = 0; i < secrets.length; i++) kept[i] = secrets[i].copy();
    const ring = new KeyRing(
      kept,
      new Scope(
        scope.issuer.copy(),
        scope.clientId.copy(),
        scope.site.copy(),
        scope.audience.copy(),
      ),
    );
    before.enter();
    return ring;
  }

  /** Number of secrets. */
  get count(): i32 {
    return this.secrets.length;
  }

  /** Keys of the secret at position `secret`, which is below `count`. Secret 0 seals. */
  keys(secret: i32, purpose: Purpose): Keys {
    const at = secret * NAMES.length + purpose;
    const known = this.known[at];
    if (known) return known;
    const root = extract(Hash.Sha256, this.secrets[secret], Bytes.empty());
    const encryption = this.derive(root, purpose, "encryption", KEY_BYTES);
    const nonce = this.derive(root, purpose, "nonce", KEY_BYTES);
    const generator = this.derive(root, purpose, "generator", KEY_BYTES);
    const id = this.derive(root, purpose, "id", 1);
    // Only the result goes into the guest's region: deriving allocates a hundred times as much.
    const before = guest.enter();
    const keys = new Keys(encryption.copy(), nonce.copy(), generator.copy(), id.at(0));
    before.enter();
    this.known[at] = keys;
    return keys;
  }

  /**
   * HMAC of a secret value, for use as a name such as that of a refresh token's file: 32 bytes,
   * equal wherever the secret is, useless without it. Made with the first secret; after a rotation,
   * names made before are found with later positions.
   */
  mark(purpose: Purpose, value: Bytes, secret: i32 = 0): Bytes {
    const message = new Fields().text("mark").bytes(value).all;
    return hmac(Hash.Sha256, this.keys(secret, purpose).generator, message);
  }

  private derive(root: Bytes, purpose: Purpose, kind: string, length: i32): Bytes {
    const scope = this.scope;
    const info = new Fields()
      .text("rolegate " + NAMES[purpose] + " " + kind)
      .u8(VERSION)
      .bytes(scope.issuer)
      .bytes(scope.clientId)
      .bytes(scope.site)
      .bytes(scope.audience).all;
    return expand(Hash.Sha256, root, info, length);
  }
}
