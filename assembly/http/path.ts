/**
 * The canonical path: percent-encoding is decoded once, and the upstream gets what the rules see.
 * Refuses what two readers of a path may read differently: separators, parameters and disguised dot
 * segments.
 */
import { PATH_BYTES } from "../limits";
import { Reason } from "../outcome/reason";
import { hexDigit, hexValue, isAlphanumeric, isUnreserved } from "../text/ascii";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { isUtf8 } from "../text/utf8";
import { escapedAt } from "./escape";
import { plainLength } from "./plain-path";
import { withoutParameter } from "./query";

@final
export class Path {
  /**
   * The text that rules match: decoded, but `%2F %5C %3F %23 %3B %25` stay encoded, so that
   * different paths have different texts.
   */
  text: Bytes = Bytes.empty();
  /** The same path in its only encoding, RFC 3986 §3.3. */
  encoded: Bytes = Bytes.empty();
  /** The query with its question mark, unchanged except that a token is removed; may be empty. */
  query: Bytes = Bytes.empty();
  /** The request target, if all of it is forwarded as received; null: it is made anew. */
  private target: Bytes | null = null;
  /** Why the path is refused, whatever its rule says. */
  refused: Reason = Reason.None;
  /** Why it is refused unless the rule has `encodedPath: allow`. */
  ambiguous: Reason = Reason.None;

  /** Reads a request target in origin form, RFC 9112 §3.2.1. */
  take(uri: Bytes): void {
    within(this);
    within(uri);
    const length = uri.length;
    const start = uri.start;
    const end = plainLength(uri);
    this.target = uri;
    this.refused = Reason.None;
    this.ambiguous = Reason.None;
    // Not plain is -1, which is larger than any length without a sign.
    if (<u32>end > <u32>PATH_BYTES) this.takeOther(uri);
    else if (end == length) {
      this.text = uri;
      this.encoded = uri;
      this.query = Bytes.empty();
    } else {
      const path = Bytes.view(start, end);
      const query = Bytes.view(start + end, length - end);
      this.text = path;
      this.encoded = path;
      this.query = query;
      if (!query.isVisible) this.checkQuery(query);
    }
  }

  /** A target whose path is not plain, or is too long. */
  private takeOther(uri: Bytes): void {
    const end = uri.indexOfEither(Char.Question, Char.Question, 0);
    if (end > PATH_BYTES) this.fail(Reason.PathTooLong);
    else {
      const query = uri.rest(end);
      this.query = query;
      this.decode(uri.slice(0, end));
      this.checkQuery(query);
    }
  }

  /** White space and control characters would end a request line or split a log line. */
  private checkQuery(query: Bytes): void {
    for (let i = 0; i < query.length && this.refused == Reason.None; i++) {
      if (query.at(i) <= 0x20 || query.at(i) == 0x7f) this.refused = Reason.PathControl;
    }
  }

  /** Removes a token's parameter from the query, so the target is made anew. */
  removeParameter(name: Bytes): void {
    this.target = null;
    this.query = withoutParameter(this.query, name);
  }

  private fail(reason: Reason): void {
    const empty = Bytes.empty();
    this.text = empty;
    this.encoded = empty;
    this.query = empty;
    this.target = empty;
    this.refused = reason;
    this.ambiguous = Reason.None;
  }

  private decode(path: Bytes): void {
    const reader = new Reader(path);
    reader.read();
    this.target = null;
    this.text = reader.text;
    this.encoded = reader.encoded;
    this.refused = reader.refused;
    this.ambiguous = reader.ambiguous;
    if (reader.refused == Reason.None && !isUtf8(reader.text)) this.refused = Reason.PathNotUtf8;
  }

  /** The forwarded target: path and query. */
  @inline get uri(): Bytes {
    return this.target || this.encoded.concat(this.query);
  }
}

/** A new one of a request target. */
export function readPath(uri: Bytes): Path {
  const path = new Path();
  path.take(uri);
  return path;
}

@final
class Reader {
  refused: Reason = Reason.None;
  ambiguous: Reason = Reason.None;
  private textStart: usize;
  private encodedStart: usize;
  private textLength: i32 = 0;
  private encodedLength: i32 = 0;
  /** Dots since the last separator; -1 after any other character. */
  private dots: i32 = -1;
  private segmentLength: i32 = 0;
  /** Characters since a literal `%` that a second decoding could take for its digits, or -1. */
  private afterPercent: i32 = -1;
  /** The value of those digits. */
  private doubled: i32 = 0;

  constructor(private source: Bytes) {
    this.textStart = heap.alloc(source.length * 3);
    this.encodedStart = heap.alloc(source.length * 3);
  }

  get text(): Bytes {
    return new Bytes(this.textStart, this.textLength);
  }

  get encoded(): Bytes {
    return new Bytes(this.encodedStart, this.encodedLength);
  }

  read(): void {
    const source = this.source;
    if (source.length == 0 || source.at(0) != Char.Slash) {
      this.refused = Reason.PathMalformed;
      return;
    }
    for (let i = 0; i < source.length && this.refused == Reason.None; i++) {
      i += this.run(source.start + i, source.end);
      if (i == source.length) break;
      const c = <u32>source.at(i);
      if (c == Char.Slash) this.separator(i > 0);
      else if (c != Char.Percent) this.character(c, false);
      else {
        const byte = escapedAt(source, i);
        if (byte < 0) this.refused = Reason.PathMalformed;
        else this.character(byte, true);
        i += 2;
      }
    }
    this.endPart();
  }

  /**
   * Copies a run of characters that are equal in all forms and belong to no escape and no dot
   * segment; most of a path is such runs.
   */
  private run(from: usize, end: usize): i32 {
    if (this.afterPercent >= 0) return 0;
    const text = this.textStart + this.textLength - from;
    const encoded = this.encodedStart + this.encodedLength - from;
    let at = from;
    while (at < end) {
      const c = load<u8>(at);
      if (!isAlphanumeric(c) && c != Char.Hyphen && c != Char.Underscore) break;
      store<u8>(text + at, c);
      store<u8>(encoded + at, c);
      at++;
    }
    const length = <i32>(at - from);
    if (length == 0) return 0;
    this.textLength += length;
    this.encodedLength += length;
    this.segmentLength += length;
    this.dots = -1;
    return length;
  }

  private separator(interior: bool): void {
    this.endPart();
    if (interior && this.segmentLength == 0) this.refuse(Reason.PathEmptySegment);
    this.segmentLength = 0;
    this.dots = 0;
    this.afterPercent = -1;
    this.put(Char.Slash);
  }

  /** Handles one decoded character, except a literal separator. */
  private character(c: u32, wasEncoded: bool): void {
    this.segmentLength++;
    this.secondDecoding(c);
    if (c < 0x21 || c == 0x7f) {
      // Only an encoded space is legal, and a literal one never gets here.
      if (c == Char.Space && wasEncoded) this.plain(c);
      else this.refuse(Reason.PathControl);
    } else if (c == Char.Slash || c == Char.Backslash) {
      this.special(c, Reason.PathEncodedSeparator);
      this.endPart();
      this.dots = 0;
    } else if (c == Char.Question || c == Char.Hash) {
      this.endPart();
      this.dots = -1;
      this.special(c, Reason.PathEncodedDelimiter);
    } else if (c == Char.Semicolon) {
      // Tomcat and others cut a segment here before they resolve dots.
      this.endPart();
      this.note(Reason.PathParameter);
      this.dots = -1;
      // One text for both spellings; the application gets the spelling that was sent.
      this.textLength += escape(c, this.textStart + this.textLength);
      if (wasEncoded) this.encodedLength += escape(c, this.encodedStart + this.encodedLength);
      else store<u8>(this.encodedStart + this.encodedLength++, <u8>c);
    } else if (c == Char.Percent) {
      // A second decoding may end the part here, as in `..%252F`.
      this.endPart();
      this.afterPercent = 0;
      this.doubled = 0;
      this.dots = -1;
      this.encodedBoth(c);
    } else this.plain(c);
  }

  /** `%25` and then two hexadecimal digits: an upstream that decodes twice sees another path. */
  private secondDecoding(c: u32): void {
    if (this.afterPercent < 0) return;
    const digit = hexValue(c);
    if (digit < 0) {
      this.afterPercent = -1;
      return;
    }
    this.doubled = (this.doubled << 4) | digit;
    if (++this.afterPercent < 2) return;
    this.note(Reason.PathDoubleEncoded);
    this.afterPercent = -1;
    // Dots would show only after the second decoding: they are refused whatever the rule says.
    if (this.doubled == Char.Dot) this.refuse(Reason.PathDotSegment);
  }

  private plain(c: u32): void {
    this.dots = c == Char.Dot && this.dots >= 0 ? this.dots + 1 : -1;
    store<u8>(this.textStart + this.textLength++, <u8>c);
    if (isPathCharacter(c)) store<u8>(this.encodedStart + this.encodedLength++, <u8>c);
    else this.encodedLength += escape(c, this.encodedStart + this.encodedLength);
  }

  private special(c: u32, reason: Reason): void {
    this.note(reason);
    this.encodedBoth(c);
  }

  private encodedBoth(c: u32): void {
    this.textLength += escape(c, this.textStart + this.textLength);
    this.encodedLength += escape(c, this.encodedStart + this.encodedLength);
  }

  private put(c: u32): void {
    store<u8>(this.textStart + this.textLength++, <u8>c);
    store<u8>(this.encodedStart + this.encodedLength++, <u8>c);
  }

  private endPart(): void {
    if (this.dots == 1 || this.dots == 2) this.refuse(Reason.PathDotSegment);
  }

  private note(reason: Reason): void {
    if (this.ambiguous == Reason.None) this.ambiguous = reason;
  }

  private refuse(reason: Reason): void {
    if (this.refused == Reason.None) this.refused = reason;
  }
}

/** `pchar` of RFC 3986 §3.3, without the semicolon. */
function isPathCharacter(c: u32): bool {
  if (isUnreserved(c)) return true;
  return (
    c == Char.Exclamation ||
    c == Char.Dollar ||
    (c >= 0x26 && c <= 0x2c) || // & ' ( ) * + ,
    c == Char.Colon ||
    c == Char.Equals ||
    c == Char.At
  );
}

function escape(c: u32, at: usize): i32 {
  store<u8>(at, <u8>Char.Percent);
  store<u8>(at, <u8>hexDigit(c >> 4), 1);
  store<u8>(at, <u8>hexDigit(c & 15), 2);
  return 3;
}
