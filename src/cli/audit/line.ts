/**
 * The plugin's lines out of Traefik's log, in JSON or in its common format, as `docker logs`,
 * `docker compose logs`, `kubectl logs`, journald and Docker's own files hand it on. A line counts
 * only where the plugin's object is the whole message: what clients send stands in access logs and
 * in messages of Traefik's own, and must not pass for a decision.
 */

/** A line that the plugin wrote. */
export interface OwnLine {
  data: Record<string, unknown>;
  /** When Traefik wrote it, as Traefik has it. */
  time: string | null;
  /** `name@provider`. */
  middleware: string | null;
}

export interface AuditLine {
  /** For example 2026-11-24T08:45:14Z: texts compare like times. */
  time: string;
  request: string;
  decision: string;
  reason: string;
  status: number | null;
  /** Null: it was refused before the rules. */
  rule: string | null;
  method: string;
  path: string;
  issuer: string | null;
  /** Null: anonymous or unknown. */
  subject: string | null;
  /** The caller's name, if the log has it. */
  user: string | null;
  roles: string[];
  /** The provider's names of the caller's roles; null if the line has none. */
  providerRoles: string[] | null;
  /**
   * What the log said of them before, when this session was made or renewed: `SignedIn` adds it.
   */
  signedIn?: { event: string; providerRoles: string[] };
  /** The address that had connected. */
  client: string | null;
  /** What a refused token says, and what was expected: texts and lists of texts. */
  token: Claims | null;
  expected: Claims | null;
  middleware: string | null;
}

export type Claims = Record<string, string[]>;
/** `other`: it is not the plugin's. */
export type Read<T> = T | "other" | "broken";

/** The first member of every object that the plugin writes. */
const OWN = '{"rolegate":';
/** A cheap test that rules out most lines. */
const MARK = "rolegate";

/**
 * `docker compose logs`, `kubectl logs --prefix`, journald; then the time that `docker logs -t`
 * adds.
 */
const PREFIX =
  /^(?:\S+\s+\|\s+|\[\S+\]\s+|\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \S+:\s+)?(?:\d{4}-\d\d-\d\dT[\d:.]+Z\s+(?=[\u001b\d{]))?/;
/** Time, level and the beginning of the message, with or without zerolog's colours. */
const COMMON =
  /^(?:\u001b\[\d+m)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))(?:\u001b\[0m)? (?:\u001b\[\d+m)?(?:DBG|INF|WRN|ERR)(?:\u001b\[0m)? (?:\u001b\[1m)?(?=\{"rolegate":)/;
const MIDDLEWARE = /middlewareName=(?:\u001b\[0m)?([^\s\u001b]+)/;

/** The decision of a line; any other line of the plugin counts as `other`. */
export function readLine(text: string): Read<AuditLine> {
  const own = readOwn(text);
  return typeof own === "string" ? own : decisionOf(own);
}

export function readOwn(text: string): Read<OwnLine> {
  if (!text.includes(MARK)) return "other";
  return readRecord(text.slice(PREFIX.exec(text)![0].length).trimEnd(), true);
}

function readRecord(text: string, mayBeWrapped: boolean): Read<OwnLine> {
  if (text.startsWith("{")) return readJson(text, mayBeWrapped);
  const head = COMMON.exec(text);
  if (!head) return "other";
  const start = head[0].length;
  const end = endOfObject(text, start);
  const data = end < 0 ? null : objectOf(text.slice(start, end));
  if (!data) return "broken";
  const middleware = copied(MIDDLEWARE.exec(text.slice(end))?.[1] ?? null);
  return { data, time: copied(head[1]!), middleware };
}

function readJson(text: string, mayBeWrapped: boolean): Read<OwnLine> {
  const record = objectOf(text);
  if (!record) return text.includes(`"message":"{\\"${MARK}\\":`) ? "broken" : "other";
  // Docker's own files: {"log":"…\n","stream":"stdout","time":"…"}.
  if (mayBeWrapped && typeof record.log === "string")
    return readRecord(record.log.trimEnd(), false);
  const { message, middlewareName, time } = record;
  if (typeof message !== "string" || !message.startsWith(OWN)) return "other";
  const data = objectOf(message);
  if (!data) return "broken";
  const textOf = (it: unknown) => (typeof it === "string" ? it : null);
  return { data, time: textOf(time), middleware: textOf(middlewareName) };
}

export function decisionOf({ data, middleware }: OwnLine): Read<AuditLine> {
  if (data.rolegate !== "audit") return "other";
  const textOf = (key: string) => (typeof data[key] === "string" ? data[key] : null);
  const time = textOf("time") ?? "";
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) return "broken";
  return {
    ...{ time, request: textOf("request") ?? "", roles: textsIn(data.roles), middleware },
    ...{ decision: textOf("decision") ?? "", reason: textOf("reason") ?? "" },
    status: typeof data.status === "number" ? data.status : null,
    ...{ rule: textOf("rule"), method: textOf("method") ?? "", path: textOf("path") ?? "" },
    ...{ issuer: textOf("issuer"), subject: textOf("subject"), user: textOf("user") },
    ...{ client: textOf("client"), token: claimsIn(data.token) },
    ...{ expected: claimsIn(data.expected) },
    providerRoles: data.providerRoles === undefined ? null : textsIn(data.providerRoles),
  };
}

/** The texts of a list; of a text a list of one. */
export function textsIn(value: unknown): string[] {
  return [value].flat().filter((it) => typeof it === "string");
}

function claimsIn(value: unknown): Claims | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, textsIn(it)]));
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Copies a text: a part of a text keeps the whole in memory, here a piece of the log. */
function copied(text: string | null): string | null {
  return text === null ? null : Buffer.from(text).toString();
}

/** The offset after the object that begins at `start`; -1: the line is cut off. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isText = false;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (isText) {
      if (c === "\\") at++;
      else if (c === '"') isText = false;
    } else if (c === '"') isText = true;
    else if (c === "{" || c === "[") depth++;
    else if ((c === "}" || c === "]") && --depth === 0) return at + 1;
  }
  return -1;
}
