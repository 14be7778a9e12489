/** A row of a table as written: `viewer POST /api/runs -> 403 by write`. */

/** The expected decision. What is null is not compared. */
export interface Expected {
  /** `allow`, `deny` or `report`, or the status of a response that is not the application's. */
  decision: string;
  /** A reason of docs/log.md. */
  reason: string | null;
  rule: string | null;
}

export interface RowText {
  who: string;
  method: string;
  url: string;
  /** As written; null: the row has no expectation yet. */
  expected: string | null;
}

export const ROW_FORM = "WHO METHOD PATH -> DECISION [REASON] [by RULE]";
export const EXPECTED_FORM =
  "allow, deny, report or a status such as 403, then if you like a reason and `by RULE`";

const ARROW = /(?:^|\s)(?:->|→)(?:\s|$)/;
const REQUEST = /^([A-Za-z]+)\s+(\S+)$/;
const EXPECTED =
  /^(allow|deny|report|[1-5]\d\d)(?:\s+(?!by(?:\s|$))([a-z][a-z0-9_]*))?(?:\s+by\s+(\S.*))?$/;

/** Null: the text is not a row. */
export function rowOf(text: string): RowText | null {
  const [left = "", ...right] = text.split(ARROW);
  const match = /^(\S+)\s+(.*)$/.exec(left.trim());
  const request = match && requestOf(match[2]!);
  if (!request || right.length > 1) return null;
  return { who: match[1]!, ...request, expected: right[0]?.trim() || null };
}

/** `GET /path`. */
export function requestOf(text: string): Pick<RowText, "method" | "url"> | null {
  const match = REQUEST.exec(text.trim());
  return match && { method: match[1]!, url: match[2]! };
}

export function expectedOf(text: string): Expected | null {
  const match = EXPECTED.exec(text.trim());
  return match && { decision: match[1]!, reason: match[2] ?? null, rule: match[3] ?? null };
}

export function expectedText({ decision, reason, rule }: Expected): string {
  return [decision, ...(reason ? [reason] : []), ...(rule ? [`by ${rule}`] : [])].join(" ");
}
