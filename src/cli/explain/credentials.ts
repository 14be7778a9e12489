/** The credentials of a pasted request, which a given caller replaces. */
import { DEFAULTS } from "../defaults.ts";
import { type Block, mapOf, textOf } from "../middleware/block.ts";
import type { Asked } from "../request/asked.ts";

const tokenHeader = (block: Block) =>
  textOf(mapOf(block, "token"), "header") ?? DEFAULTS["token.header"];

export function bearerOf({ headers }: Asked, block: Block): string | undefined {
  const name = tokenHeader(block).toLowerCase();
  const value = headers.find(([it]) => it.toLowerCase() === name)?.[1];
  return value?.replace(/^Bearer +/i, "");
}

/** Replaces all credentials of the request. Returns descriptions of those. */
export function setCredential(asked: Asked, block: Block, credential: string): string[] {
  const name = credential.startsWith("rg_") ? "Authorization" : tokenHeader(block);
  const taken: string[] = [];
  asked.headers = asked.headers.flatMap(([header, value]) => {
    const lower = header.toLowerCase();
    if (lower === name.toLowerCase()) taken.push(`the header ${header}`);
    else if (lower !== "cookie") return [[header, value]];
    else {
      const pairs = value.split(";").map((it) => it.trim());
      const others = pairs.filter((it) => !isCredential(it, block));
      const own = pairs.filter((it) => isCredential(it, block));
      taken.push(...own.map((it) => `the cookie ${it.replace(/=.*$/s, "")}`));
      if (others.length > 0) return [[header, others.join("; ")]];
    }
    return [];
  });
  const query = textOf(mapOf(block, "token"), "query");
  if (query !== undefined) asked.url = withoutParameter(asked.url, query, taken);
  asked.headers.push([name, `Bearer ${credential}`]);
  return taken;
}

/** Names of cookies that hold a user's session. */
export function sessionCookies({ headers }: Asked, block: Block): string[] {
  const session = sessionCookie(block);
  return headers
    .filter(([name]) => name.toLowerCase() === "cookie")
    .flatMap(([, value]) => value.split(";").map((it) => it.trim().replace(/=.*$/s, "")))
    .filter((name) => session?.test(name));
}

function isCredential(pair: string, block: Block): boolean {
  const name = pair.replace(/=.*$/s, "");
  return sessionCookie(block)?.test(name) || name === textOf(mapOf(block, "token"), "cookie");
}

/**
 * The session cookie, whole or in chunks, with related ones: refresh, sign-ins. Undefined: the
 * block has no sessions.
 */
function sessionCookie(block: Block): RegExp | undefined {
  const session = mapOf(block, "session");
  if (Object.keys(session).length === 0) return undefined;
  const name = (textOf(session, "cookieName") ?? DEFAULTS["session.cookieName"]).replace(
    /[^\w]/g,
    "\\$&",
  );
  return new RegExp(`^(__Host-|__Secure-)?${name}(-(refresh|later|turns|login-.*))?(\\.\\d)?$`);
}

function withoutParameter(url: string, name: string, taken: string[]): string {
  const [, before = "", query, after = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  if (query === undefined) return url;
  const isIt = (pair: string) => decoded(pair.replace(/=.*$/s, "")) === name;
  const pairs = query.split("&");
  if (!pairs.some(isIt)) return url;
  taken.push(`the query parameter ${name}`);
  const others = pairs.filter((pair) => !isIt(pair));
  return `${before}${others.length > 0 ? `?${others.join("&")}` : ""}${after}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
