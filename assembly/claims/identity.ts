/**
 * Who the caller is, as one record of bytes without pointers into it, so that the cache of verified tokens
 * keeps it by copying. Written once, when a token has been verified; then only read.
 */
import { Bytes } from "../text/bytes";
import { Bits } from "./bits";

/** Stands for a header without a value. */
const ABSENT: u16 = 0xffff;

@unmanaged
@final
export class Identity {
  /** Bytes of the whole record. */
  size: i32;
  /** Position in the configuration's list of issuers. */
  issuer: i32;
  /** Last second in which it holds, clock skew included. */
  lastSecond: i64;
  private roleWords: i32;
  private scopeWords: i32;
  private subjectLength: i32;
  private headerCount: i32;

  /** Makes the record. `headers`: the value for each of the issuer's identity headers, or null. */
  static make(
    issuer: i32,
    lastSecond: i64,
    roles: Bits,
    scopes: Bits,
    subject: Bytes,
    headers: Array<Bytes | null>,
  ): Identity {
    const fixed = <i32>offsetof<Identity>();
    const sets = (roles.words + scopes.words) << 3;
    let size = fixed + sets + subject.length + 2 * headers.length;
    for (let i = 0; i < headers.length; i++) {
      const value = headers[i];
      if (value) size += value.length;
    }
    const start = heap.alloc(size);
    const it = changetype<Identity>(start);
    it.size = size;
    it.issuer = issuer;
    it.lastSecond = lastSecond;
    it.roleWords = roles.words;
    it.scopeWords = scopes.words;
    it.subjectLength = subject.length;
    it.headerCount = headers.length;
    let at = start + fixed;
    memory.copy(at, roles.start, roles.words << 3);
    memory.copy(at + (roles.words << 3), scopes.start, scopes.words << 3);
    at += sets;
    memory.copy(at, subject.start, subject.length);
    at += subject.length;
    for (let i = 0; i < headers.length; i++) {
      const value = headers[i];
      store<u16>(at, value ? <u16>value.length : ABSENT);
      at += 2;
      if (!value) continue;
      memory.copy(at, value.start, value.length);
      at += value.length;
    }
    return it;
  }

  private get variable(): usize {
    return changetype<usize>(this) + offsetof<Identity>();
  }

  get bytes(): Bytes {
    return new Bytes(changetype<usize>(this), this.size);
  }

  get roles(): Bits {
    return new Bits(this.variable, this.roleWords);
  }

  get scopes(): Bits {
    return new Bits(this.variable + (this.roleWords << 3), this.scopeWords);
  }

  get subject(): Bytes {
    return new Bytes(this.variable + ((this.roleWords + this.scopeWords) << 3), this.subjectLength);
  }

  /** The values of the identity headers, in the configuration's order; null: the claim is missing. */
  headers(): Array<Bytes | null> {
    const values = new Array<Bytes | null>(this.headerCount);
    let at = this.subject.end;
    for (let i = 0; i < this.headerCount; i++) {
      const length = load<u16>(at);
      at += 2;
      if (length == ABSENT) continue;
      values[i] = new Bytes(at, length);
      at += length;
    }
    return values;
  }
}
