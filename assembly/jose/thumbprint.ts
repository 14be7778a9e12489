/**
 * The JWK thumbprint, RFC 7638 §3 (RFC 8037 §2 for OKP): SHA-256 over the required members in their
 * fixed order.
 */
import { sha256 } from "../crypto/sha256";
import { encode } from "../text/base64url";
import { Bytes } from "../text/bytes";

/** Bytes of the names and punctuation of the longest form. */
const PUNCTUATION = 64;

/** Thumbprint of an RSA key, from big-endian numbers without leading zeros, as base64url. */
export function rsaThumbprint(n: Bytes, e: Bytes): Bytes {
  const document = new Document(encodedLength(n) + encodedLength(e));
  document.text('{"e":"').bytes(encode(e)).text('","kty":"RSA","n":"').bytes(encode(n)).text('"}');
  return document.digest();
}

/** Thumbprint of an EC key, from coordinates in the curve's full length. */
export function ecThumbprint(crv: string, x: Bytes, y: Bytes): Bytes {
  const document = new Document(encodedLength(x) + encodedLength(y));
  document.text('{"crv":"').text(crv).text('","kty":"EC","x":"').bytes(encode(x));
  document.text('","y":"').bytes(encode(y)).text('"}');
  return document.digest();
}

/** Thumbprint of an Ed25519 key. */
export function okpThumbprint(crv: string, x: Bytes): Bytes {
  const document = new Document(encodedLength(x));
  document.text('{"crv":"').text(crv).text('","kty":"OKP","x":"').bytes(encode(x)).text('"}');
  return document.digest();
}

function encodedLength(bytes: Bytes): i32 {
  return (bytes.length * 4 + 2) / 3;
}

@final
class Document {
  private buffer: Bytes;
  private length: i32 = 0;

  constructor(values: i32) {
    this.buffer = Bytes.make(values + PUNCTUATION);
  }

  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.buffer.set(this.length++, <u8>text.charCodeAt(i));
    return this;
  }

  bytes(text: Bytes): this {
    memory.copy(this.buffer.start + this.length, text.start, text.length);
    this.length += text.length;
    return this;
  }

  digest(): Bytes {
    return encode(sha256(this.buffer.slice(0, this.length)));
  }
}
