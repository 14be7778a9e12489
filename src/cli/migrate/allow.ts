/**
 * A condition on the caller in the form of a rule's `allow`, and what can be proved about two of
 * them.
 */

/** `public`, `authenticated`, `deny`, or an expression about the caller. */
export type Allow = string;

const isWord = (allow: Allow) => ["public", "authenticated", "deny"].includes(allow);

/** True if `outer` certainly admits every caller that `inner` admits. */
export function isWithin(inner: Allow, outer: Allow): boolean {
  if (inner === outer || inner === "deny" || outer === "public") return true;
  return outer === "authenticated" && inner !== "public";
}

export function both(one: Allow, other: Allow): Allow {
  if (isWithin(one, other)) return one;
  if (isWithin(other, one)) return other;
  return `${inParentheses(one)} && ${inParentheses(other)}`;
}

export function either(one: Allow, other: Allow): Allow {
  if (isWithin(one, other)) return other;
  if (isWithin(other, one)) return one;
  return `${one} || ${other}`;
}

export const everyOf = (list: readonly Allow[]): Allow => list.reduce(both, "public");
export const anyOf = (list: readonly Allow[]): Allow => list.reduce(either, "deny");

/** Callers for which an expression does not hold. */
export function not(allow: Allow): Allow {
  if (allow === "deny") return "authenticated";
  return isWord(allow) ? "deny" : `!${/^\w+\([^()]*\)$/.test(allow) ? allow : `(${allow})`}`;
}

const inParentheses = (allow: Allow) => (allow.includes(" || ") ? `(${allow})` : allow);

/** A text of an expression: in double quotes if it contains a backquote. */
export function quoted(text: string): string {
  return text.includes("`")
    ? `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
    : `\`${text}\``;
}

export const call = (name: string, ...values: string[]) =>
  `${name}(${values.map(quoted).join(", ")})`;
