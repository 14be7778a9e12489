/** A path as rules see it, and patterns over it: 'Paths' and the first two rows of docs/policy.md. */
import { utf8 } from "./json.ts";

export interface SeenPath {
  /** As rules see it: decoded once, but for what stays encoded. */
  text: string;
  segments: string[];
  /** It holds what only `encodedPath: allow` lets through. */
  encoded: boolean;
}

/** Decoded characters that stay encoded, and so need `encodedPath`. */
const STAYS = new Map([
  ["/", "%2F"],
  ["\\", "%5C"],
  ["?", "%3F"],
  ["#", "%23"],
  [";", "%3B"],
  ["%", "%25"],
]);

/** Null: refused whatever the rules say. */
export function seePath(escaped: string): SeenPath | null {
  if (!escaped.startsWith("/") || /%(?![0-9A-Fa-f]{2})/.test(escaped)) return null;
  const text = escaped
    .replace(/%(..)/g, (_, hex: string) => {
      const character = String.fromCharCode(parseInt(hex, 16));
      return STAYS.get(character) ?? character;
    })
    .replaceAll("\\", "%5C")
    .replaceAll(";", "%3B");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text) || !isUtf8(text)) return null;
  const segments = text.slice(1).split("/");
  if (segments.slice(0, -1).includes("")) return null;
  if (segments.some(hidesDots)) return null;
  const encoded = /%(?:2F|5C|3F|23|3B)|%25[0-9A-Fa-f]{2}/.test(text);
  return { text, segments, encoded };
}

function isUtf8(bytes: string): boolean {
  return utf8(Buffer.from(bytes, "latin1").toString("utf8")) === bytes;
}

/** Whether a server that splits or cuts at what stays encoded, or decodes twice, finds a dot segment. */
function hidesDots(segment: string): boolean {
  return segment
    .replace(/%25([0-9A-Fa-f]{2})/g, (_, hex: string) => {
      const character = String.fromCharCode(parseInt(hex, 16));
      return STAYS.get(character) ?? character;
    })
    .split(/%2F|%5C/)
    .map((part) => part.replace(/%3B.*$/, ""))
    .some((part) => part === "." || part === "..");
}

/** What `{name}` stood for. */
export type Captures = ReadonlyMap<string, string>;

/** The captures when the pattern, in whole segments, is the path or, as a prefix, its beginning; else null. */
export function matchPattern(
  pattern: string,
  { segments }: SeenPath,
  asPrefix: boolean,
): Captures | null {
  const wanted = utf8(pattern).slice(1).split("/");
  if (asPrefix && wanted.length === 1 && wanted[0] === "") return new Map();
  // With a slash at its end a prefix is for what follows that.
  const isFolder = asPrefix && wanted.at(-1) === "";
  if (isFolder) wanted.pop();
  const most = isFolder ? segments.length - 1 : segments.length;
  for (let length = most; length >= (asPrefix ? 0 : segments.length); length--) {
    const captures = matchSegments(wanted, segments.slice(0, length));
    if (captures) return captures;
  }
  return null;
}

function matchSegments(wanted: readonly string[], given: readonly string[]): Captures | null {
  const [first, ...rest] = wanted;
  if (first === undefined) return given.length === 0 ? new Map() : null;
  if (first === "**") {
    for (let skipped = 0; skipped <= given.length; skipped++) {
      const captures = matchSegments(rest, given.slice(skipped));
      if (captures) return captures;
    }
    return null;
  }
  const [segment, ...others] = given;
  if (segment === undefined || !matchSegment(first, segment)) return null;
  const captures = matchSegments(rest, others);
  const name = /^\{(.*)\}$/.exec(first)?.[1];
  return captures && name !== undefined ? new Map([...captures, [name, segment]]) : captures;
}

/** What patterns and regular expressions have a meaning for stands for itself when it is percent-encoded. */
export function unescaped(pattern: string): string {
  return pattern.replace(/%(2A|7B|7D|24|28|29|2B|2E|5B|5D|5E|7C)/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

function matchSegment(wanted: string, segment: string): boolean {
  if (/^\{.*\}$/.test(wanted) || wanted === "*") return segment !== "";
  const parts = wanted
    .split("*")
    .map(unescaped)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(segment);
}
