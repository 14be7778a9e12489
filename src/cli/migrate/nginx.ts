/** From nginx with `auth_request`: its locations become rules, in the order in which nginx would take them. */
import { Draft, type Rule } from "./draft.ts";
import { asSuch, differenceOf, matchOfRegex, prefixOf } from "./pattern.ts";

export const isNginx = (text: string) => /\bauth_request\s+[^;]+;/.test(text);

interface Location {
  modifier: string;
  path: string;
  /** `off`, an address, or nothing of its own. */
  auth: string | undefined;
  isInternal: boolean;
  /** Inside of another location, or `if`. */
  isNested: boolean;
  returns: string | undefined;
}

export function fromNginx(text: string): Draft {
  const draft = new Draft("nginx auth_request");
  draft.put("issuer", "<https://sso.example.com/realms/main>");
  draft.put("clientId", "<client>");
  draft.put("jwksFile", "/state/jwks.json");
  draft.note(
    "issuer and clientId stood where auth_request asked, for example in oauth2-proxy's own configuration",
  );
  const clean = text.replace(/#.*$/gm, "");
  const outside = outsideOf(clean);
  const whole = /\bauth_request\s+([^;]+);/.exec(outside)?.[1]?.trim();
  const isGuarded = whole !== undefined && whole !== "off";
  const asked = new Set<string>();
  const locations = locationsIn(clean);
  for (const { auth } of [...locations, { auth: whole }])
    if (auth && auth !== "off") asked.add(auth);
  const isAsked = ({ path }: Location) =>
    path !== "/" && [...asked].some((it) => it.startsWith(path));
  const own = locations.filter((it) => !it.isInternal && !isAsked(it));
  for (const it of locations.filter((it) => !it.isInternal && isAsked(it))) {
    draft.leave(
      `location ${it.path}`,
      "it led to what auth_request asked, which is not needed any more",
    );
  }
  for (const location of ordered(own)) draft.rules.push(...ruleOf(location, isGuarded, draft));
  for (const { path, isNested } of own)
    if (isNested)
      draft.leave(`location ${path}`, "it stands inside of another: write its rule by hand");
  if (!own.some(({ path, modifier }) => path === "/" && !modifier)) {
    draft.rules.push({
      name: "everything",
      match: "PathPrefix(`/`)",
      allow: isGuarded ? "authenticated" : "deny",
    });
  }
  for (const [, name = ""] of clean.matchAll(/\bauth_request_set\s+\$(\w+)/g)) {
    draft.leave(`auth_request_set $${name}`, "forwardHeaders sets headers from claims");
  }
  if (/\bsatisfy\s+any/.test(clean))
    draft.leave("satisfy any", "a rule's allow is one expression: put what is enough beside ||");
  if (/\berror_page\s+401/.test(clean))
    draft.note(
      "people are sent to sign in when session and login are set: rolegate init writes the routers",
    );
  return draft;
}

/** The text with all locations taken out. */
function outsideOf(text: string): string {
  let [result, depth] = ["", 0];
  for (const part of text.split(/(\blocation\b[^{]*\{|[{}])/)) {
    if (/^location/.test(part)) depth++;
    else if (part === "{" && depth > 0) depth++;
    else if (part === "}" && depth > 0) depth--;
    else if (depth === 0) result += part;
  }
  return result;
}

function locationsIn(text: string, isNested = false): Location[] {
  const found: Location[] = [];
  const heads = /\blocation\s+(=|~\*|~|\^~)?\s*("[^"]*"|[^\s{]+)\s*\{/g;
  for (let head = heads.exec(text); head; head = heads.exec(text)) {
    const start = heads.lastIndex;
    let end = start;
    for (let depth = 1; end < text.length && depth > 0; end++) {
      if (text[end] === "{") depth++;
      else if (text[end] === "}") depth--;
    }
    const body = text.slice(start, end - 1);
    const outer = outsideOf(body);
    found.push({
      modifier: head[1] ?? "",
      path: head[2]!.replace(/^"|"$/g, ""),
      auth: /\bauth_request\s+([^;]+);/.exec(outer)?.[1]?.trim(),
      isInternal: /\binternal\s*;/.test(outer),
      isNested,
      returns:
        /\breturn\s+(403|404|444)\b/.exec(outer)?.[1] ??
        (/\bdeny\s+all\s*;/.test(outer) ? "403" : undefined),
    });
    found.push(...locationsIn(body, true));
    heads.lastIndex = end;
  }
  return found;
}

/** Exact ones, long prefixes that end the search, regular expressions as they stand, then prefixes by length. */
function ordered(locations: Location[]): Location[] {
  const outer = locations.filter(({ isNested }) => !isNested);
  const byLength = (a: Location, b: Location) => b.path.length - a.path.length;
  return [
    ...outer.filter(({ modifier }) => modifier === "="),
    ...outer.filter(({ modifier }) => modifier === "^~").sort(byLength),
    ...outer.filter(({ modifier }) => modifier.startsWith("~")),
    ...outer.filter(({ modifier }) => modifier === "").sort(byLength),
  ];
}

function ruleOf(
  { modifier, path, auth, returns }: Location,
  isGuarded: boolean,
  draft: Draft,
): Rule[] {
  const key = `location ${modifier ? `${modifier} ` : ""}${path}`;
  const isOpen = auth === undefined ? !isGuarded : auth === "off";
  const allow = returns ? "deny" : isOpen ? "public" : "authenticated";
  if (path.startsWith("@")) return [];
  let match: string;
  if (modifier === "=") match = `Path(\`${asSuch(path)}\`)`;
  else if (modifier.startsWith("~")) {
    const found = modifier === "~*" ? null : matchOfRegex(path);
    if (!found) {
      draft.leave(
        key,
        allow === "public"
          ? "write a rule for it: allow: public, with its paths"
          : "write its rule by hand, before the others",
      );
      return [];
    }
    match = found.text;
    for (const note of differenceOf(key, found)) draft.note(note);
  } else {
    match = prefixOf(path);
    const isBelow = path.endsWith("/");
    const difference = { isNarrower: !isBelow, isWider: isBelow };
    if (path !== "/") for (const note of differenceOf(key, difference)) draft.note(note);
  }
  if (allow === "public" && match === "PathPrefix(`/`)") {
    draft.leave(
      key,
      "all of the site was open: a rule that is public names its paths. It asks for a sign-in now",
    );
    return [{ name: "everything", match, allow: "authenticated" }];
  }
  return [{ match, allow }];
}
