/**
 * Imports public keys from PEM, RFC 7468: one block, `PUBLIC KEY` or `CERTIFICATE`, or the older
 * `RSA PUBLIC KEY` (PKCS#1, RFC 8017 appendix A.1.1) and `EC PUBLIC KEY`. Only the key of a
 * certificate is read, not its dates or its signature, because the configuration's author chose it.
 * Line breaks may have become spaces or a literal `\n`, as they do in container labels.
 */
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ImportedKey, KeyProblem } from "./key";
import { importCertificate, importSpki, readRsa } from "./spki";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";

/** One block: its label, and its document in DER; null where that is not base64. */
@final
export class Pem {
  constructor(
    readonly label: Bytes,
    readonly document: Bytes | null,
  ) {}

  get isPrivateKey(): bool {
    return endsWith(this.label, "PRIVATE KEY");
  }
}

/** The block, or null when the text does not begin as one. */
export function readPem(text: Bytes): Pem | null {
  const reader = new Reader(text);
  reader.space();
  if (!reader.take(BEGIN)) return null;
  const label = reader.until(DASHES);
  if (!label) return null;
  const body = reader.until(END);
  const closing = body ? reader.until(DASHES) : null;
  reader.space();
  const whole = closing != null && closing.equals(label) && reader.atEnd;
  return new Pem(label, body && whole ? decodeBody(body) : null);
}

/** The key, or what is wrong with it. It is allocated in the active region. */
export function importPem(text: Bytes): ImportedKey {
  const pem = readPem(text);
  if (!pem) return ImportedKey.failed(KeyProblem.Malformed);
  if (pem.isPrivateKey) return ImportedKey.failed(KeyProblem.Private);
  const document = pem.document;
  if (!document) return ImportedKey.failed(KeyProblem.Malformed);
  if (pem.label.is("PUBLIC KEY") || pem.label.is("EC PUBLIC KEY")) return importSpki(document);
  if (pem.label.is("RSA PUBLIC KEY")) return readRsa(document);
  if (pem.label.is("CERTIFICATE")) return importCertificate(document);
  return ImportedKey.failed(KeyProblem.Unsupported);
}

/** Base64, RFC 4648 §4, with its padding, between white space; null for anything else. */
function decodeBody(body: Bytes): Bytes | null {
  const reader = new Reader(body);
  // Converts to the URL alphabet, so that one strict decoder serves both.
  const text = Bytes.make(body.length);
  let length = 0;
  let padding = 0;
  for (reader.space(); !reader.atEnd; reader.space()) {
    const c = reader.next();
    if (c == Char.Equals) padding++;
    else if (padding > 0 || c == Char.Hyphen || c == Char.Underscore) return null;
    else
      text.set(
        length++,
        <u8>(c == Char.Plus ? Char.Hyphen : c == Char.Slash ? Char.Underscore : c),
      );
  }
  if (padding > 2 || ((length + padding) & 3) != 0) return null;
  return decode(text.slice(0, length));
}

function endsWith(text: Bytes, end: string): bool {
  return text.length >= end.length && text.rest(text.length - end.length).is(end);
}

@final
class Reader {
  private at: i32 = 0;

  constructor(private text: Bytes) {}

  get atEnd(): bool {
    return this.at == this.text.length;
  }

  next(): u32 {
    return this.text.at(this.at++);
  }

  take(word: string): bool {
    const end = this.at + word.length;
    if (end > this.text.length || !this.text.slice(this.at, end).is(word)) return false;
    this.at = end;
    return true;
  }

  /** Skips white space, and `\n` and `\r` written as two characters. */
  space(): void {
    while (!this.atEnd) {
      const c = this.text.at(this.at);
      if (c == Char.Space || c == Char.LineFeed || c == Char.CarriageReturn || c == Char.Tab)
        this.at++;
      else if (!this.take("\\n") && !this.take("\\r")) return;
    }
  }

  /** The text before the next `word`, which is skipped too; null when `word` does not follow. */
  until(word: string): Bytes | null {
    const start = this.at;
    for (; this.at < this.text.length; this.at++) {
      const end = this.at;
      if (this.take(word)) return this.text.slice(start, end);
    }
    return null;
  }
}
