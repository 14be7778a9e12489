/**
 * Path patterns: `*` is one segment or a part of one, `**` any number of segments, `{name}` one
 * segment. Matching works on whole segments and backtracks no further than the last `**`, so no
 * path makes it slow.
 */
import { within } from "../runtime/within";
import { Bytes, isSame } from "../text/bytes";
import { Captures } from "./captures";
import { ANY, CLOSE, compile, OPEN, SLASH } from "./spelling";

@unmanaged
@final
export class Pattern {
  next: Pattern | null = null;
  /** It has no wildcards, so it is compared as a whole. */
  private literal: bool;

  /** The pattern in the form that is matched (see spelling.ts). */
  readonly source: Bytes;

  /**
   * `text` has no problem (see `problemOf`). `prefix`: further whole segments may follow.
   * `isPlain`: nothing in it means anything else (see http/plain-path.ts), as in most patterns.
   */
  constructor(
    text: Bytes,
    private prefix: bool,
    isPlain: bool = false,
  ) {
    const source = isPlain ? text : compile(text);
    this.source = source;
    this.literal = isPlain || (source.indexOf(ANY) < 0 && source.indexOf(OPEN) < 0);
  }

  /** Number of bytes of `source` with which every matching path begins. */
  get head(): i32 {
    const source = this.source;
    if (this.literal) return source.length;
    let end = 0;
    while (source.at(end) != ANY && source.at(end) != OPEN) end++;
    // `**` may match nothing, and then the slash before it is missing too.
    while (end > 0 && source.at(end - 1) == SLASH) end--;
    return end;
  }

  /** Number of bytes of `source` with which every matching path ends. */
  get tail(): i32 {
    if (this.prefix) return 0;
    const source = this.source;
    let from = source.length;
    while (from > 0 && source.at(from - 1) != ANY && source.at(from - 1) != CLOSE) from--;
    return source.length - from;
  }

  /**
   * True if the pattern says little about its paths: no segment before the first `**` is literal.
   * (`Path(`/`)`, the front page alone, is not wide.)
   */
  get isWide(): bool {
    const source = this.source;
    if (!this.prefix && source.is("/")) return false;
    for (let from = 1; from < source.length;) {
      const end = segmentEnd(source, from);
      const segment = source.slice(from, end);
      if (isMany(source, from, end)) return true;
      if (end > from && segment.indexOf(ANY) < 0 && segment.indexOf(OPEN) < 0) return false;
      from = end + 1;
    }
    return true;
  }

  /**
   * True if it certainly matches every path that the other matches: it is equal, or a plain prefix
   * in whole segments.
   */
  covers(other: Pattern): bool {
    const source = this.source;
    if (this.prefix == other.prefix && source.equals(other.source)) return true;
    if (!this.prefix || !this.literal || !other.source.startsWith(source)) return false;
    const length = source.length;
    if (length == 1 || other.source.length == length) return true;
    if (source.at(length - 1) != SLASH) return other.source.at(length) == SLASH;
    // `/a/**` matches `/a` as well.
    return !isMany(other.source, length, segmentEnd(other.source, length));
  }

  /** True if it captures a segment by that name. */
  captures(name: Bytes): bool {
    for (let open = this.nextName(0); open >= 0; open = this.nextName(open)) {
      if (this.nameAt(open).equals(name)) return true;
    }
    return false;
  }

  /** Position of the first name after `from`, or -1. */
  nextName(from: i32): i32 {
    return this.literal ? -1 : this.source.indexOf(OPEN, from) + 1 || -1;
  }

  nameAt(at: i32): Bytes {
    return this.source.slice(at, this.source.indexOf(CLOSE, at));
  }

  /** True if it matches. Only then are its captures added. */
  matches(path: Bytes, captures: Captures | null): bool {
    within(this);
    const source = this.source;
    const prefix = this.prefix;
    return this.literal ? isAt(source, prefix, path) : this.matchSegments(path, captures);
  }

  /** Both begin with a slash. `p` and `t` are starts of segments, after their slash. */
  private matchSegments(path: Bytes, captures: Captures | null): bool {
    const source = this.source;
    let p = 1;
    let t = 1;
    let retryP = -1;
    let retryT = 0;
    const before = captures ? captures.length : 0;
    let kept = before;
    while (true) {
      const patternEnded = p > source.length;
      const textEnded = t > path.length;
      if (patternEnded && (textEnded || this.prefix)) return true;
      // A prefix that ends with a slash matches what follows the slash.
      if (this.prefix && p == source.length && !textEnded) return true;
      let matched: bool = false;
      if (!patternEnded) {
        const pEnd = segmentEnd(source, p);
        if (isMany(source, p, pEnd)) {
          retryP = p = pEnd + 1;
          retryT = t;
          if (captures) kept = captures.length;
          continue;
        }
        if (!textEnded) {
          const tEnd = segmentEnd(path, t);
          matched = matchSegment(source.start + p, pEnd - p, path.start + t, tEnd - t);
          if (matched) {
            if (captures && pEnd > p && source.at(p) == OPEN) {
              captures.add(source.start + p + 1, pEnd - p - 2, path.start + t, tEnd - t);
            }
            p = pEnd + 1;
            t = tEnd + 1;
          }
        }
      }
      if (matched) continue;
      const isOver = retryP < 0 || retryT > path.length;
      if (captures) captures.takeBack(isOver ? before : kept);
      if (isOver) return false;
      // The last `**` takes one more segment.
      retryT = segmentEnd(path, retryT) + 1;
      t = retryT;
      p = retryP;
    }
  }
}

/** True if the path is the literal or, with `isPrefix`, continues it with a segment. */
function isAt(literal: Bytes, isPrefix: bool, path: Bytes): bool {
  within(literal);
  within(path);
  const length = literal.length;
  const start = literal.start;
  const from = path.start;
  const more = path.length - length;
  if (more != 0) {
    if (!isPrefix) return false;
    if (more < 0) return false;
    if (load<u8>(from + length) != SLASH) {
      if (load<u8>(start + length - 1) != SLASH) return false;
    }
  }
  return isSame(from, start, length);
}

function segmentEnd(text: Bytes, from: i32): i32 {
  const end = text.indexOf(SLASH, from);
  return end < 0 ? text.length : end;
}

/** True if the segment is `**`. */
function isMany(source: Bytes, from: i32, end: i32): bool {
  return end - from == 2 && source.at(from) == ANY && source.at(from + 1) == ANY;
}

function matchSegment(pattern: usize, patternLength: i32, text: usize, textLength: i32): bool {
  // `*` and `{name}` match only a segment that is not empty.
  if (patternLength > 0 && load<u8>(pattern) == OPEN) return textLength > 0;
  let p = 0;
  let t = 0;
  let star = -1;
  let retry = 0;
  while (t < textLength) {
    if (p < patternLength && load<u8>(pattern + p) == ANY) {
      star = p++;
      retry = t;
    } else if (p < patternLength && load<u8>(pattern + p) == load<u8>(text + t)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++retry;
    } else return false;
  }
  while (p < patternLength && load<u8>(pattern + p) == ANY) p++;
  return p == patternLength && (textLength > 0 || patternLength == 0);
}
