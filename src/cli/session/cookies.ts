/**
 * Rolegate's cookies in a Cookie header, as browsers' tools show it: whole, or in chunks `name.0`,
 * `name.1`.
 */
import { CliError } from "../failure.ts";

export interface SealedCookie {
  name: string;
  value: string;
}

/** `a=b; c=d`, with or without `Cookie:` before it, or one `name=value`. */
export function cookiesIn(text: string): SealedCookie[] {
  const parts = new Map<string, string[]>();
  for (const pair of text.replace(/^\s*cookie:\s*/i, "").split(/[;\n]/)) {
    const match = /^\s*([^=\s]+)\s*=\s*"?([^"\s]*)"?\s*$/.exec(pair);
    if (!match) continue;
    const [, whole, value] = match as unknown as [string, string, string];
    const chunk = /^(.*)\.(\d)$/.exec(whole);
    const name = chunk ? chunk[1]! : whole;
    const list = parts.get(name) ?? [];
    const at = chunk ? Number(chunk[2]) : 0;
    if (list[at] !== undefined) {
      throw new CliError(
        "cookie_twice",
        `the cookie ${whole} is there twice`,
        "the plugin takes neither of them",
      );
    }
    list[at] = value;
    parts.set(name, list);
  }
  if (parts.size === 0) {
    throw new CliError(
      "cookie_missing",
      "there is no cookie in it",
      "give name=value, or a whole Cookie header",
    );
  }
  return [...parts].map(([name, list]) => ({ name, value: list.join("") }));
}
