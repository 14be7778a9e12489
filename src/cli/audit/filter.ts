/** The decisions that are asked for. */
import type { AuditLine } from "./line.ts";
import type { Names } from "./names.ts";

export interface Wanted {
  /** Names, subjects, or names of API keys. */
  user: string[];
  role: string[];
  rule: string[];
  reason: string[];
  method: string[];
  /** Beginnings of paths. */
  path: string[];
  request: string[];
  middleware: string[];
  /** `allow`, `deny` and `report`; empty: all. */
  decisions: string[];
  /** Times in the log's form; `until` is the first moment that does not count. */
  since: string;
  until: string;
}

export const API_KEY = "apikey:";

/** The caller of a line, for display. */
export function whoOf({ user, subject }: AuditLine, names: Names): string {
  return user ?? (subject === null ? "anonymous" : (names.get(subject) ?? subject));
}

export function isWanted(line: AuditLine, wanted: Wanted, names: Names): boolean {
  const { since, until, decisions } = wanted;
  // Not yet a decision: the browser returns with the same request.
  if (line.decision === "refresh" && wanted.request.length === 0) return false;
  if (line.time < since || (until !== "" && line.time >= until)) return false;
  if (decisions.length > 0 && !decisions.includes(line.decision)) return false;
  return (
    isAbout(line, wanted.user, names) &&
    among(wanted.role, line.roles) &&
    among(wanted.rule, [line.rule]) &&
    among(wanted.reason, [line.reason]) &&
    among(wanted.method, [line.method]) &&
    among(wanted.request, [line.request]) &&
    among(wanted.middleware, [line.middleware, line.middleware?.replace(/@.*$/, "") ?? null]) &&
    (wanted.path.length === 0 || wanted.path.some((path) => line.path.startsWith(path)))
  );
}

export function isAbout(line: AuditLine, user: string[], names: Names): boolean {
  return among(user, [whoOf(line, names), line.subject, keyName(line)]);
}

function among(wanted: string[], has: (string | null)[]): boolean {
  return wanted.length === 0 || has.some((it) => it !== null && wanted.includes(it));
}

export function keyName({ subject }: AuditLine): string | null {
  return subject?.startsWith(API_KEY) ? subject.slice(API_KEY.length) : null;
}
