/**
 * The caller's identity as one record of bytes without pointers into it, so the cache of verified
 * tokens keeps it by copying. It is written once, when a token has been verified, and then only
 * read.
 */
import { Bytes } from "../text/bytes";
import { lengthAt, PREFIX, sizeOfPacked, writePacked } from "../text/packed";
import { Bits } from "./bits";
import { ClaimValue } from "./test";

/** The issuer of an API key's holder. */
export const API_KEY = -1;

/** Bytes before the sets of a packed record. */
const PACKED_HEADER = 10;

@unmanaged
@final
export class Identity {
  /** Bytes of the whole record. */
  size: i32;
  /** Position in the configuration's list of issuers, or API_KEY. */
  issuer: i32;
  /** Last second of validity, clock skew included. */
  lastSecond: i64;
  /** Session: time of the sign-in, in seconds. 0: the record is of a token or a key. */
  signedIn: i64;
  /** Session: the second from which on it is due for refresh. */
  refreshAt: i64;
  /** Session: its hashes in revocations, in two halves each; see session/revocation.ts. */
  sidLow: u64;
  sidHigh: u64;
  subjectLow: u64;
  subjectHigh: u64;
  private roleWords: i32;
  private scopeWords: i32;
  private subjectLength: i32;
  private testWords: i32;
  private headerCount: i32;
  private claimsOffset: i32;
  private userLength: i32;
  /** Not 0: claims with roles, or for rules, are elsewhere; see `lacksClaims`. */
  lacks: i32;
  /** Session: position of the origin whose keys opened it. */
  origin: i32;

  /**
   * Makes the record. `tests`: the configuration's questions about claims that hold. `headers`: a
   * value or null for each of the issuer's identity headers. `claims`: those that rules compare
   * with parts of the path.
   * `user`: the name for logs and pages; may be empty.
   */
  static make(
    issuer: i32,
    lastSecond: i64,
    roles: Bits,
    scopes: Bits,
    tests: Bits,
    subject: Bytes,
    headers: Array<Bytes | null>,
    claims: Array<ClaimValue>,
    user: Bytes = Bytes.empty(),
  ): Identity {
    const fixed = <i32>offsetof<Identity>();
    const sets = (roles.words + scopes.words + tests.words) << 3;
    const claimsOffset = fixed + sets + subject.length + sizeOfPacked(headers);
    const size = claimsOffset + sizeOfClaims(claims) + user.length;
    const start = heap.alloc(size);
    memory.fill(start, 0, fixed);
    const it = changetype<Identity>(start);
    it.refreshAt = i64.MAX_VALUE;
    it.size = size;
    it.issuer = issuer;
    it.lastSecond = lastSecond;
    it.roleWords = roles.words;
    it.scopeWords = scopes.words;
    it.subjectLength = subject.length;
    it.testWords = tests.words;
    it.headerCount = headers.length;
    it.claimsOffset = claimsOffset;
    it.userLength = user.length;
    let at = start + fixed;
    memory.copy(at, roles.start, roles.words << 3);
    memory.copy(at + (roles.words << 3), scopes.start, scopes.words << 3);
    memory.copy(at + ((roles.words + scopes.words) << 3), tests.start, tests.words << 3);
    at += sets;
    memory.copy(at, subject.start, subject.length);
    at += subject.length;
    for (let i = 0; i < headers.length; i++) at = writePacked(at, headers[i]);
    for (let i = 0; i < claims.length; i++) {
      const claim = claims[i];
      store<u16>(
        at,
        ((<u16>claim.texts.length) << 2) | ((<u16>claim.exists) << 1) | (<u16>claim.isList),
      );
      at += 2;
      for (let j = 0; j < claim.texts.length; j++) at = writePacked(at, claim.texts[j]);
    }
    memory.copy(at, user.start, user.length);
    return it;
  }

  get isSession(): bool {
    return this.signedIn != 0;
  }

  /**
   * The record for a session's cookie, without fields that the cookie has elsewhere, such as the
   * name.
   */
  pack(): Bytes {
    const fixed = <i32>offsetof<Identity>();
    const size = this.size - this.userLength - fixed;
    const packed = Bytes.make(PACKED_HEADER + size);
    const at = packed.start;
    store<u8>(at, <u8>this.issuer);
    store<u8>(at, <u8>this.roleWords, 1);
    store<u8>(at, <u8>this.scopeWords, 2);
    store<u8>(at, <u8>this.testWords, 3);
    store<u8>(at, <u8>this.headerCount, 4);
    store<u16>(at, <u16>this.subjectLength, 5);
    store<u16>(at, <u16>(this.claimsOffset - fixed), 7);
    store<u8>(at, <u8>this.lacks, 9);
    memory.copy(at + PACKED_HEADER, this.variable, size);
    return packed;
  }

  /**
   * Reads a packed record. It must come from this configuration, which the caller knows by the seal
   * and the fingerprint.
   */
  static unpack(packed: Bytes, user: Bytes): Identity | null {
    if (packed.length < PACKED_HEADER) return null;
    const fixed = <i32>offsetof<Identity>();
    const from = packed.start;
    const end = fixed + packed.length - PACKED_HEADER;
    const start = heap.alloc(end + user.length);
    memory.fill(start, 0, fixed);
    memory.copy(start + fixed, from + PACKED_HEADER, end - fixed);
    memory.copy(start + end, user.start, user.length);
    const it = changetype<Identity>(start);
    it.size = end + user.length;
    it.userLength = user.length;
    it.issuer = load<u8>(from);
    it.roleWords = load<u8>(from, 1);
    it.scopeWords = load<u8>(from, 2);
    it.testWords = load<u8>(from, 3);
    it.headerCount = load<u8>(from, 4);
    it.subjectLength = load<u16>(from, 5);
    it.claimsOffset = fixed + load<u16>(from, 7);
    it.lacks = load<u8>(from, 9);
    return it;
  }

  /** The same caller with more roles. */
  withRoles(roles: Bits): Identity {
    const start = heap.alloc(this.size);
    memory.copy(start, changetype<usize>(this), this.size);
    const it = changetype<Identity>(start);
    it.roles.addAll(roles);
    return it;
  }

  private get variable(): usize {
    return changetype<usize>(this) + offsetof<Identity>();
  }

  @inline get roles(): Bits {
    return Bits.view(this.variable, this.roleWords);
  }

  get scopes(): Bits {
    return Bits.view(this.variable + (this.roleWords << 3), this.scopeWords);
  }

  get tests(): Bits {
    return Bits.view(this.variable + ((this.roleWords + this.scopeWords) << 3), this.testWords);
  }

  get subject(): Bytes {
    const words = this.roleWords + this.scopeWords + this.testWords;
    return new Bytes(this.variable + (words << 3), this.subjectLength);
  }

  /** The user's name; empty when the token has none. */
  get user(): Bytes {
    const end = changetype<usize>(this) + this.size;
    return new Bytes(end - this.userLength, this.userLength);
  }

  /** A stored claim, by its position. */
  claim(index: i32): ClaimValue {
    let at = changetype<usize>(this) + this.claimsOffset;
    for (let i = 0; i < index; i++) at = read(at, null);
    const texts: Array<Bytes> = [];
    const flags = load<u16>(at);
    read(at, texts);
    return new ClaimValue((flags & 2) != 0, (flags & 1) != 0, texts);
  }

  /**
   * Where the values of the identity headers begin, packed, in the configuration's order; a missing
   * one has no claim.
   */
  get headers(): usize {
    const words = this.roleWords + this.scopeWords + this.testWords;
    return this.variable + (words << 3) + this.subjectLength;
  }
}

function sizeOfClaims(claims: Array<ClaimValue>): i32 {
  let size = 2 * claims.length;
  for (let i = 0; i < claims.length; i++) {
    const texts = claims[i].texts;
    for (let j = 0; j < texts.length; j++) size += 2 + texts[j].length;
  }
  return size;
}

/**
 * Skips one claim, adds its texts to `texts` unless that is null, and returns the next claim's
 * address.
 */
function read(at: usize, texts: Array<Bytes> | null): usize {
  const count = load<u16>(at) >> 2;
  at += 2;
  for (let i: u32 = 0; i < count; i++) {
    const length = lengthAt(at);
    if (texts) texts.push(new Bytes(at + PREFIX, length));
    at += PREFIX + length;
  }
  return at;
}
