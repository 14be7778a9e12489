/**
 * Path patterns: `*` one segment or part of one, `**` any number of segments, `{name}` one segment.
 * Matching works on whole segments and never backtracks over more than the last `**`, so that no path makes it slow.
 */
import { CAPTURE_BYTES } from "../limits";
import { Bytes } from "../text/bytes";
import { Captures } from "./captures";

const SLASH: u8 = 0x2f;
const STAR: u8 = 0x2a;

/** What is wrong with a pattern, or an empty string. */
export function problemOf(pattern: Bytes): string {
  if (pattern.length == 0 || pattern.at(0) != SLASH) return "a path starts with `/`";
  let from = 1;
  for (let i = 1; i <= pattern.length; i++) {
    if (i < pattern.length && pattern.at(i) != SLASH) continue;
    const problem = segmentProblem(pattern.slice(from, i), i == pattern.length);
    if (problem.length > 0) return problem;
    from = i + 1;
  }
  return "";
}

function segmentProblem(segment: Bytes, last: bool): string {
  if (segment.length == 0)
    return last ? "" : "an empty segment matches no path that is let through";
  if (segment.is(".") || segment.is("..")) {
    return "a dot segment matches no path that is let through";
  }
  const opens = segment.indexOf(0x7b);
  const closes = segment.indexOf(0x7d);
  if (opens >= 0 || closes >= 0) {
    if (opens != 0 || closes != segment.length - 1 || closes < 2) {
      return "`{name}` stands for a whole segment";
    }
    if (segment.length > CAPTURE_BYTES + 2)
      return `a name in braces has at most ${CAPTURE_BYTES} bytes; this one should be shorter`;
  }
  for (let i = 0; i < segment.length; i++) {
    const c = segment.at(i);
    if (c == 0x3f || c == 0x23) return "a query or fragment is no part of a path";
    if (c < 0x20 || c == 0x7f || c == 0x5c)
      return "a path that is let through holds no such character";
    if (c == 0x25 && !isKept(segment, i)) {
      return "patterns are written decoded; only %2F %5C %3F %23 %3B %25 stand as they are";
    }
    if (c == STAR && i > 0 && segment.at(i - 1) == STAR && segment.length != 2) {
      return "`**` stands for whole segments";
    }
  }
  return "";
}

/** What stays encoded in a canonical path (see http/path.ts). */
const KEPT: StaticArray<string> = ["%2F", "%5C", "%3F", "%23", "%3B", "%25"];

function isKept(segment: Bytes, at: i32): bool {
  for (let i = 0; i < KEPT.length; i++) {
    if (at + 3 <= segment.length && segment.slice(at, at + 3).is(KEPT[i])) return true;
  }
  return false;
}

@unmanaged
@final
export class Pattern {
  next: Pattern | null = null;
  /** No wildcards: compared as a whole. */
  private literal: bool;

  /** `source` has no problem (see `problemOf`). `prefix`: what follows in whole segments matches as well. */
  constructor(
    readonly source: Bytes,
    private prefix: bool,
  ) {
    this.literal = source.indexOf(STAR) < 0 && source.indexOf(0x7b) < 0;
    if (prefix && source.at(source.length - 1) == SLASH) {
      this.source = source.slice(0, source.length - 1);
    }
  }

  /** How many bytes of `source` every path that it matches begins with. */
  get head(): i32 {
    const source = this.source;
    if (this.literal) return source.length;
    let end = 0;
    while (source.at(end) != STAR && source.at(end) != 0x7b) end++;
    // `**` may stand for nothing, and then not even the slash before it is there.
    while (end > 0 && source.at(end - 1) == SLASH) end--;
    return end;
  }

  /** How many bytes of `source` every path that it matches ends with. */
  get tail(): i32 {
    if (this.prefix) return 0;
    const source = this.source;
    let from = source.length;
    while (from > 0 && source.at(from - 1) != STAR && source.at(from - 1) != 0x7d) from--;
    return source.length - from;
  }

  /**
   * Whether it says little about which paths it is for: no segment before the first `**` is written out. (One that
   * is the front page alone, `Path(`/`)`, says all.)
   */
  get isWide(): bool {
    const source = this.source;
    if (!this.prefix && source.is("/")) return false;
    for (let from = 1; from < source.length;) {
      const end = segmentEnd(source, from);
      const segment = source.slice(from, end);
      if (segment.is("**")) return true;
      if (segment.indexOf(STAR) < 0 && segment.indexOf(0x7b) < 0) return false;
      from = end + 1;
    }
    return true;
  }

  /** Whether it certainly matches whatever the other matches: the same, or a plain prefix of it in whole segments. */
  covers(other: Pattern): bool {
    const source = this.source;
    if (this.prefix == other.prefix && source.equals(other.source)) return true;
    if (!this.prefix || !this.literal || !other.source.startsWith(source)) return false;
    return other.source.length == source.length || other.source.at(source.length) == SLASH;
  }

  /** Whether it captures a segment by that name. */
  captures(name: Bytes): bool {
    const source = this.source;
    for (let open = source.indexOf(0x7b); open >= 0; open = source.indexOf(0x7b, open + 1)) {
      if (source.slice(open + 1, source.indexOf(0x7d, open)).equals(name)) return true;
    }
    return false;
  }

  /** Whether it matches; then what it captures is added. */
  matches(path: Bytes, captures: Captures | null): bool {
    const source = this.source;
    if (!this.literal) return this.matchSegments(path, captures);
    if (!this.prefix) return path.equals(source);
    if (!path.startsWith(source)) return false;
    return path.length == source.length || path.at(source.length) == SLASH;
  }

  /** Both begin with a slash. `p` and `t`: where a segment begins, behind its slash. */
  private matchSegments(path: Bytes, captures: Captures | null): bool {
    const source = this.source;
    let p = 1;
    let t = 1;
    let retryP = -1;
    let retryT = 0;
    while (true) {
      const patternEnded = p > source.length;
      const textEnded = t > path.length;
      if (patternEnded && (textEnded || this.prefix)) return true;
      let matched = false;
      if (!patternEnded) {
        const pEnd = segmentEnd(source, p);
        if (pEnd - p == 2 && source.at(p) == STAR && source.at(p + 1) == STAR) {
          retryP = p = pEnd + 1;
          retryT = t;
          continue;
        }
        if (!textEnded) {
          const tEnd = segmentEnd(path, t);
          matched = matchSegment(source.start + p, pEnd - p, path.start + t, tEnd - t);
          if (matched) {
            // One that is given up for a longer `**` is captured again, and the last one stands.
            if (captures && source.at(p) == 0x7b && pEnd > p) {
              captures.add(source.slice(p + 1, pEnd - 1), path.slice(t, tEnd));
            }
            p = pEnd + 1;
            t = tEnd + 1;
          }
        }
      }
      if (matched) continue;
      if (retryP < 0 || retryT > path.length) return false;
      // The last `**` takes one segment more.
      retryT = segmentEnd(path, retryT) + 1;
      t = retryT;
      p = retryP;
    }
  }
}

function segmentEnd(text: Bytes, from: i32): i32 {
  const end = text.indexOf(SLASH, from);
  return end < 0 ? text.length : end;
}

function matchSegment(pattern: usize, patternLength: i32, text: usize, textLength: i32): bool {
  // `*` and `{name}` stand for a segment that is there.
  if (patternLength > 0 && load<u8>(pattern) == 0x7b) return textLength > 0;
  let p = 0;
  let t = 0;
  let star = -1;
  let retry = 0;
  while (t < textLength) {
    if (p < patternLength && load<u8>(pattern + p) == STAR) {
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
  while (p < patternLength && load<u8>(pattern + p) == STAR) p++;
  return p == patternLength && (textLength > 0 || patternLength == 0);
}
