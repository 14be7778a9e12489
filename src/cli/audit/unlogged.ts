/**
 * Conditions of a rule that no log shows: everything about a request except its method and path.
 */
import { CONDITIONS } from "../matrix/matrix.ts";

/** In words: `query`, `body`, … */
export function unloggedIn(expression: string): string[] {
  const calls = expression.replace(/`[^`]*`|"(?:[^"\\]|\\.)*"/g, "");
  const names = Object.keys({ ...CONDITIONS, Host: "" }).filter((name) =>
    new RegExp(`\\b${name}\\s*\\(`).test(calls),
  );
  return [...new Set(names.map((name) => CONDITIONS[name] ?? "host"))];
}
