/**
 * Identity headers for the upstream: the claim that each carries, as a value that is safe in a
 * header.
 */
import { FORWARDED_VALUE_BYTES } from "../limits";
import { appendValue } from "../http/header";
import { Json, Kind } from "../json/value";
import { Writer } from "../json/writer";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Names } from "../text/names";
import { Bits } from "./bits";
import { ClaimPath } from "./path";

export enum HeaderSource {
  Claim,
  /** The same for every caller. */
  Text,
  Roles,
  ApiKey,
}

@final
export class IdentityHeader {
  /**
   * Prefixes of other issuers' values of this header; a value of this issuer must not begin with
   * one.
   */
  readonly reserved: Array<Bytes> = [];
  /** A prefix tells its values from another issuer's. */
  isShared: bool = false;

  constructor(
    readonly name: Bytes,
    /** One number for all spellings of the name. */
    readonly slot: i32,
    private readonly source: HeaderSource,
    /** Put before the claim's value, or instead of one; may be empty. */
    readonly prefix: Bytes,
    readonly claim: ClaimPath | null,
    /** Put after the claim's value; may be empty. */
    private readonly suffix: Bytes,
    /** An e-mail address proves nothing until the provider says that it is verified. */
    private readonly needsVerifiedEmail: bool,
  ) {}

  /** True if its value is a claim. Roles are the configuration's own. */
  get isOfClaim(): bool {
    return this.source == HeaderSource.Claim;
  }

  /** True if its values may name a caller, and so must differ from other issuers' values. */
  get mayName(): bool {
    return this.isOfClaim || this.source == HeaderSource.Text;
  }

  /** True if it names the holders of API keys. */
  get isOfKey(): bool {
    return this.source == HeaderSource.ApiKey;
  }

  /** The header's value for the holder of an API key, which has a name and roles but no claims. */
  valueOfKey(name: Bytes, roles: Array<Bytes>): Bytes | null {
    if (this.isOfKey) return this.isReserved(name) ? null : encoded(name);
    if (this.source == HeaderSource.Text) return encoded(this.prefix);
    return this.source == HeaderSource.Roles && roles.length > 0 ? joined(roles) : null;
  }

  /** The header's value; null when the claim is missing or has no value that a header can carry. */
  valueOf(payload: Json, roles: Array<Bytes>): Bytes | null {
    const claim = this.claim;
    if (this.source == HeaderSource.Roles) return roles.length > 0 ? joined(roles) : null;
    if (this.source == HeaderSource.Text) return encoded(this.prefix);
    const value = claim ? claim.find(payload) : null;
    if (!value) return null;
    if (this.needsVerifiedEmail && !isEmailVerified(payload)) return null;
    if (value.kind == Kind.Null) return null;
    if (value.isArray) {
      const elements: Array<Bytes> = [];
      for (let it = value.first; it; it = it!.next) {
        const text = textOf(it);
        if (this.isReserved(text)) return null;
        elements.push(this.around(text));
      }
      return elements.length > 0 ? joined(elements) : null;
    }
    const text = textOf(value);
    if (text.length == 0 || this.isReserved(text)) return null;
    const whole = this.around(text);
    // To an application that splits at commas, a part of it would be the other issuer's value.
    return this.isShared ? joined([whole]) : encoded(whole);
  }

  private around(text: Bytes): Bytes {
    return this.prefix.concat(text).concat(this.suffix);
  }

  private isReserved(text: Bytes): bool {
    for (let i = 0; i < this.reserved.length; i++) {
      if (text.startsWith(this.reserved[i])) return true;
    }
    return false;
  }
}

/** OIDC Core §5.1; some providers write the boolean as a text. A list or an object has no text. */
export function isEmailVerified(payload: Json): bool {
  const verified = payload.member("email_verified");
  return verified !== null && verified.text.is("true");
}

/** A text's characters, a number or boolean as written, anything else as JSON. */
function textOf(value: Json): Bytes {
  return value.isArray || value.isObject ? new Writer().json(value).done() : value.text;
}

function encoded(text: Bytes): Bytes {
  const out = Bytes.make(text.length * 3);
  return out.slice(0, appendValue(out, 0, text, false));
}

/**
 * Joins the texts with commas; a comma inside one is encoded, so two lists never have the same
 * value.
 */
function joined(texts: Array<Bytes>): Bytes {
  let room = texts.length;
  for (let i = 0; i < texts.length; i++) room += texts[i].length * 3;
  const out = Bytes.make(room);
  let length = 0;
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) out.set(length++, Char.Comma);
    length = appendValue(out, length, texts[i], true);
  }
  return out.slice(0, length);
}

/** Names of the roles in a set, then the others. */
export function roleNames(roles: Bits, names: Names, others: Array<Bytes>): Array<Bytes> {
  const list: Array<Bytes> = [];
  for (let i = 0; i < names.length; i++) if (roles.has(i)) list.push(names.at(i));
  for (let i = 0; i < others.length; i++) list.push(others[i]);
  return list;
}

/**
 * True if a value is larger than a header may be: such a token is refused, because values are never
 * cut.
 */
export function isTooLarge(values: Array<Bytes | null>): bool {
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value) total += value.length;
  }
  return total > FORWARDED_VALUE_BYTES;
}
