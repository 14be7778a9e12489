/**
 * The parts of a log that may be shown: without secrets in a path, and without characters that a
 * terminal would take for a command.
 */

/**
 * Compact JWTs, Rolegate's API keys, and texts that look like 30 random bytes or more in base64url:
 * links for signing in.
 */
const SECRETS =
  /eyJ[\w-]{8,}(?:\.[\w-]+)+|rg_[\w-]{20,}|(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)(?<![\w-])[\w-]{40,}/g;
/** The shorter ones, and no random texts: names that identity providers give. */
const TOKENS = /eyJ[\w-]{8,}(?:\.[\w-]+)+|rg_[\w-]{20,}/g;
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

export const MASKED = "(masked)";

export const shownPath = (path: string) => printable(path.replace(SECRETS, MASKED));

export const shownText = (text: string) => printable(text.replace(TOKENS, MASKED));

function printable(text: string): string {
  return text.replace(CONTROLS, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** Segments that name one of many things. */
const ID =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|\(masked\))$/i;

/** `/api/runs/17` as `/api/runs/*`, the form of a rule's pattern. */
export function patternOf(path: string): string {
  return path.replace(SECRETS, MASKED).split("/").map(segmentOf).join("/");
}

/** Percent-encodes characters with a meaning in patterns. */
function segmentOf(segment: string): string {
  if (ID.test(segment)) return "*";
  const plain = encodeURIComponent(segment.replace(/\p{Cs}/gu, "\ufffd"));
  return plain.replace(/[*()'!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
