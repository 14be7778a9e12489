/**
 * Parses a compact JWS, RFC 7515 §3.1, strictly. Nothing here is verified yet: before the
 * signature, the payload is read only to find the issuer whose keys to use. `jwk`, `jku`, `x5u` and
 * `x5c` are never a source of keys.
 */
import { TOKEN_BYTES } from "../limits";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Algorithm, algorithmOf, NO_ALGORITHM } from "./algorithms";

@final
export class Token {
  /** Why it cannot be a verifiable token; the other fields then mean nothing. */
  reason: Reason = Reason.None;
  algorithm: Algorithm = NO_ALGORITHM;
  kid: Bytes | null = null;
  header: Json | null = null;
  payload: Json | null = null;
  /** The signed bytes. */
  input: Bytes = Bytes.empty();
  signature: Bytes = Bytes.empty();

  /** `types`: accepted values of the header's `typ`. */
  static parse(text: Bytes, types: Array<Bytes>): Token {
    const token = new Token();
    token.reason = token.read(text, types);
    return token;
  }

  /** True if its header says that it is an access token, RFC 9068 §2.1. */
  get isAccessType(): bool {
    const header = this.header;
    return header !== null && isTypeAllowed(header.member("typ"), [Bytes.of("at+jwt")]);
  }

  private read(text: Bytes, types: Array<Bytes>): Reason {
    if (text.length > TOKEN_BYTES) return Reason.TokenTooLarge;
    const first = text.indexOf(Char.Dot);
    const second = first < 0 ? -1 : text.indexOf(Char.Dot, first + 1);
    if (first <= 0 || second <= first + 1) return Reason.TokenNotCompact;
    if (text.indexOf(Char.Dot, second + 1) >= 0) {
      return dots(text) == 4 ? Reason.TokenEncrypted : Reason.TokenNotCompact;
    }
    const header = decode(text.slice(0, first));
    const payload = decode(text.slice(first + 1, second));
    const signature = decode(text.rest(second + 1));
    if (!header || !payload || !signature) return Reason.TokenBase64url;
    this.input = text.slice(0, second);
    this.signature = signature;
    const reason = this.readHeader(parse(header), types);
    if (reason != Reason.None) return reason;
    const claims = parse(payload);
    if (!claims || !claims.isObject) return Reason.PayloadNotJson;
    this.payload = claims;
    return Reason.None;
  }

  private readHeader(header: Json | null, types: Array<Bytes>): Reason {
    if (!header || !header.isObject) return Reason.HeaderNotJson;
    this.header = header;
    const alg = header.stringOf("alg");
    if (!alg) return Reason.AlgorithmInvalid;
    this.algorithm = algorithmOf(alg);
    if (this.algorithm == NO_ALGORITHM) return Reason.AlgorithmUnsupported;
    // No extension is supported (RFC 7515 §4.1.11), nor an unencoded payload (RFC 7797), with or
    // without `crit`.
    if (header.member("crit") || header.member("b64")) return Reason.CriticalUnsupported;
    const kid = header.member("kid");
    if (kid && !kid.isString) return Reason.KeyIdInvalid;
    this.kid = kid ? kid.text : null;
    return isTypeAllowed(header.member("typ"), types) ? Reason.None : Reason.TypeNotAllowed;
  }
}

function dots(text: Bytes): i32 {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (text.at(i) == Char.Dot) count++;
  return count;
}

const MEDIA_TYPE_PREFIX = "application/";

/** RFC 7515 §4.1.9: `application/` may be left out, in a token and in the configuration. */
export function shortType(type: Bytes): Bytes {
  const prefix = MEDIA_TYPE_PREFIX.length;
  const isLong = type.length > prefix && type.slice(0, prefix).isInAnyCase(MEDIA_TYPE_PREFIX);
  return isLong ? type.rest(prefix) : type;
}

/** In any case. Absent counts as JWT. */
function isTypeAllowed(typ: Json | null, types: Array<Bytes>): bool {
  if (typ && !typ.isString) return false;
  const type = typ ? shortType(typ.text) : Bytes.of("JWT");
  for (let i = 0; i < types.length; i++) {
    if (type.equalsInAnyCase(types[i])) return true;
  }
  return false;
}
