/** The callers that nginx admits at a place, by its own directives and those around it. */
import { type Allow, both, call, either } from "../allow.ts";
import { isSayable } from "../claims.ts";
import type { Said } from "../said.ts";
import { denied, exactly, strictly } from "../said.ts";
import { isHarmless, READ } from "./directives-table.ts";
import type { Directive } from "./parse.ts";

export interface Guard {
  allow: Allow;
  said: Said;
}

/**
 * The server behind `auth_request` decides, and its rules are in another file, which people must
 * read.
 */
export const ASKED = "<Authenticated()>";

const OPEN: Guard = { allow: "public", said: exactly() };
const closed = (why: string): Guard => ({ allow: "deny", said: denied(why) });

export function andBoth(one: Guard, other: Guard): Guard {
  const [first, second] = one.allow === "deny" ? [one, other] : [other, one];
  if (first.allow === "deny") return first;
  return {
    allow: both(second.allow, first.allow),
    said: first.said.how === "exactly" ? second.said : first.said,
  };
}

/** From the outermost block inward: an inner directive replaces the same outer one. */
export function guardAt(levels: readonly (readonly Directive[])[]): Guard {
  const nearest = (...names: string[]): readonly Directive[] =>
    levels
      .map((it) => it.filter(({ name }) => names.includes(name)))
      .findLast((it) => it.length > 0) ?? [];
  const [request] = nearest("auth_request");
  const [basic] = nearest("auth_basic");
  const [jwt] = nearest("auth_jwt");
  const guards = [
    request && request.values[0] !== "off" ? asked(request.values[0] ?? "") : null,
    basic && basic.values[0] !== "off" ? closed("auth_basic: a password") : null,
    jwt && jwt.values[0] !== "off"
      ? closed("auth_jwt: set issuer and audience, and write authenticated")
      : null,
    addresses(nearest("allow", "deny")),
  ].filter((it) => it !== null);
  const any = nearest("satisfy")[0]?.values[0] === "any";
  const own = any && guards.length > 1 ? oneOf(guards) : guards.reduce(andBoth, OPEN);
  const [certificate] = nearest("ssl_verify_client");
  const others = levels.flat().flatMap((it) => otherGuard(it) ?? []);
  if (certificate && certificate.values[0] !== "off")
    others.push(closed("ssl_verify_client: a client's certificate"));
  return others.reduce(andBoth, own);
}

/** The guards of which one is enough, as far as they can be expressed. */
function oneOf(guards: Guard[]): Guard {
  const known = guards.filter(({ said }) => said.how !== "denied");
  if (known.length === 0) return guards[0]!;
  const allow = known.map((it) => it.allow).reduce(either);
  const lost = guards.length > known.length;
  return {
    allow,
    said: lost ? strictly("satisfy any: an address or a password was enough as well") : exactly(),
  };
}

function addresses(list: readonly Directive[]): Guard | null {
  if (list.length === 0) return null;
  const [first] = list;
  if (first!.values[0] === "all") {
    return first!.name === "deny" ? { allow: "deny", said: exactly() } : null;
  }
  return closed("allow and deny: addresses, by the connection in ClientIP(…)");
}

/** In any block, and in all blocks inside it. */
function otherGuard({ name, values, block }: Directive): Guard | null {
  if (name === "if")
    return isOfScheme(values, block)
      ? null
      : closed(`${conditionOf(values)}: what it refuses is not known`);
  if (name === "include")
    return closed(`include ${values[0] ?? ""}: it is not here, and may restrict`);
  if (name === "rewrite") {
    return values[2] === "break" ? null : closed(`rewrite ${values[0] ?? ""}: it leads elsewhere`);
  }
  if (READ.has(name) || isHarmless(name)) return null;
  return closed(`${name}: not known here, and it may restrict`);
}

/** Leaves out the compared value, which may be a secret. */
const conditionOf = (values: readonly string[]) =>
  ["if", ...(values.join(" ").match(/\$\w+/g) ?? [])].join(" ");

/** Redirects plain http to https, which Traefik's entry points do. */
function isOfScheme(values: readonly string[], block: readonly Directive[] | null): boolean {
  const isScheme = /^\(?\s*\$(scheme|https|http_x_forwarded_proto|ssl_protocol)\b/.test(
    values.join(" "),
  );
  return (
    isScheme &&
    (block ?? []).every(
      ({ name, values: [code] }) => name === "return" && /^30[1278]$/.test(code ?? ""),
    )
  );
}

/** The query of oauth2-proxy's endpoint has more conditions (docs, "allowed_groups"). */
function asked(target: string): Guard {
  const [path = "", query = ""] = target.split(/\?(.*)/s);
  if (path.includes("$") || query.includes("$"))
    return closed(`auth_request ${target}: the server that it asks depends on the request`);
  let allow: Allow = ASKED;
  for (const [name, value] of new URLSearchParams(query)) {
    const list = value.split(",").filter(Boolean);
    if (!list.every(isSayable)) return closed(`auth_request ${target}`);
    if (name === "allowed_groups" && list.length > 0) allow = both(allow, call("Group", ...list));
    else if (name === "allowed_emails" && list.length > 0)
      allow = both(allow, call("OneOf", "email", ...list));
    else if (value !== "")
      return closed(`auth_request ${target}: ${name} is not known here, and it may restrict`);
  }
  return { allow, said: exactly() };
}
