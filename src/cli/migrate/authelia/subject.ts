/** The callers of a rule of Authelia's. */
import { type Allow, anyOf, call, everyOf } from "../allow.ts";
import { isSayable } from "../claims.ts";

/**
 * One entry of the outer list is enough; of an inner list all are needed. Null: it cannot be
 * expressed.
 */
export function subjectOf(value: unknown): Allow | null {
  const outer: unknown[] = Array.isArray(value) ? value : [value];
  const options = outer.map((item) => {
    const inner = (Array.isArray(item) ? item : [item]).map((it) => one(String(it)));
    return inner.includes(null) || inner.length === 0 ? null : everyOf(inner as Allow[]);
  });
  return options.includes(null) || options.length === 0 ? null : anyOf(options as Allow[]);
}

function one(text: string): Allow | null {
  const [, kind, name = ""] = /^(user|group):(.+)$/s.exec(text.trim()) ?? [];
  if (kind === undefined || !isSayable(name) || name.includes("$")) return null;
  return kind === "group" ? call("Group", name) : call("Equals", "preferred_username", name);
}
