/**
 * The key schedule: from each secret, for each purpose, keys of their own by HKDF-SHA-256 (RFC 5869), bound to the
 * application. What is made for one purpose, application or secret is of no use with another. docs/key-schedule.md
 * has it with test vectors.
 */
import { Hash } from "../crypto/hash";
import { expand, extract } from "../crypto/hkdf";
import { hmac } from "../crypto/hmac";
import { guest } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Fields } from "./fields";

/** Raised when the schedule or a sealed value's form changes: what older versions sealed does not open then. */
const VERSION: u8 = 1;
const KEY_BYTES = 32;
/** Bytes of a secret: a key of 256 bits cannot come out of less. */
const SECRET_BYTES = 32;

export enum Purpose {
  /** The session's cookie. */
  Session,
  /** The refresh token's cookie. */
  Refresh,
  /** The cookie of a sign-in that is under way. */
  Attempt,
  /** The `state` of an authorization request. */
  State,
  /** Names and contents of the files of a refresh. */
  Lock,
  /** Names of the files of ended sessions. */
  Revocation,
  /** Unpredictable values that belong to none of these. */
  Random,
}

/** In the order of the enumeration: part of each key's label. */
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

/** Whose keys they are. Two applications that differ in any of these cannot read each other's values. */
@final
export class Scope {
  constructor(
    readonly issuer: Bytes,
    readonly clientId: Bytes,
    /** The origin of `publicUrl`, or `session.domain`: an origin has `://`, so one is never taken for the other. */
    readonly site: Bytes,
    /** `session.audience`, empty when it is not set. */
    readonly audience: Bytes,
  ) {}
}

/** The keys of one secret for one purpose, 32 bytes each. */
@final
export class Keys {
  constructor(
    /** Of XChaCha20-Poly1305. */
    readonly encryption: Bytes,
    /** Of the HMAC that makes nonces. */
    readonly nonce: Bytes,
    /** Of the HMAC that makes unpredictable values, and names out of values that are not to be seen. */
    readonly generator: Bytes,
    /** The first byte of what this secret seals: which secret to try. No more than a hint, as bytes clash. */
    readonly id: u8,
  ) {}
}

/** All keys of a configuration, made when they are first used, and kept as long as the guest. */
@final
export class KeyRing {
  private known: StaticArray<Keys | null>;

  private constructor(
    private secrets: StaticArray<Bytes>,
    private scope: Scope,
  ) {
    this.known = new StaticArray<Keys | null>(secrets.length * NAMES.length);
  }

  /** Copies all of it into the guest's region. The first secret seals. Null without secrets, or when one is below 32 bytes. */
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

  /** How many secrets there are. */
  get count(): i32 {
    return this.secrets.length;
  }

  /** The keys of the secret of that number, below `count`; number 0 is the one that seals. */
  keys(secret: i32, purpose: Purpose): Keys {
    const at = secret * NAMES.length + purpose;
    const known = this.known[at];
    if (known) return known;
    const root = extract(Hash.Sha256, this.secrets[secret], Bytes.empty());
    const encryption = this.derive(root, purpose, "encryption", KEY_BYTES);
    const nonce = this.derive(root, purpose, "nonce", KEY_BYTES);
    const generator = this.derive(root, purpose, "generator", KEY_BYTES);
    const id = this.derive(root, purpose, "id", 1);
    // Only what is kept goes into the guest's region: deriving takes a hundred times as much.
    const before = guest.enter();
    const keys = new Keys(encryption.copy(), nonce.copy(), generator.copy(), id.at(0));
    before.enter();
    this.known[at] = keys;
    return keys;
  }

  /**
   * A name for what is not to be seen, such as a file's for a refresh token: 32 bytes, the same wherever the secret
   * is, and of no use to whoever has no secret. Of the first secret; after a rotation older names are those of
   * later numbers.
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
