/** The signed-in users that oauth2-proxy admits: by groups, roles and addresses. */
import { type Allow, both, call, either, not } from "../allow.ts";
import type { Beside } from "../beside.ts";
import { isOrHasAny, isSayable, named, pathOf } from "../claims.ts";
import { type Draft, isReference, isTrue, listOf } from "../draft.ts";
import { denied, exactly, type Said, strictly } from "../said.ts";
import type { Source } from "../source.ts";

export function allowOf(options: Source, draft: Draft, beside: Beside): Allow {
  const emails = emailsOf(options, beside);
  draft.tell(emails.what, emails.said);
  const members = membersOf(options, draft);
  const allow = both(members, emails.allow);
  if ((options.text("oidc_email_claim") ?? "email") !== "email") return allow;
  if (isTrue(options.get("insecure_oidc_allow_unverified_email"))) {
    draft.put("emailUnverified", true);
    return allow;
  }
  // An address that the provider calls unverified is refused; one without a statement is accepted.
  return emails.allow === "authenticated"
    ? both(allow, not(call("Equals", "email_verified", "false")))
    : allow;
}

/** A path through the claims, or a name that contains dots. */
export const claimOf = (name: string): string =>
  /[:/]/.test(name) ? named(name) : pathOf(name.split("."));

export const groupsClaim = (options: Source): string =>
  claimOf(options.text("oidc_groups_claim") ?? "groups");

/** One of the groups, or one of the roles, is enough. */
function membersOf(options: Source, draft: Draft): Allow {
  const groups = listOf(options.get("allowed_groups"));
  const roles = listOf(options.get("allowed_roles"));
  draft.put("rolesFrom", [groupsClaim(options)]);
  if (groups.length + roles.length === 0) return "authenticated";
  const unsayable = [...groups, ...roles].filter((it) => isReference(it) || !isSayable(it));
  if (unsayable.length > 0)
    draft.tell(`allowed_groups: ${unsayable.join(", ")}`, denied("what is it?"));
  const isKeycloak = options.text("provider") === "keycloak-oidc";
  // Users of another provider have no roles there, so beside groups they admit no one.
  const counted = isKeycloak || groups.length === 0 ? roles : [];
  const asRoles = isKeycloak ? groups.flatMap((it) => /^role:(.+)$/.exec(it)?.[1] ?? []) : [];
  const plain = groups.length > 0 ? call("Role", ...groups) : "deny";
  return [...asRoles, ...counted].map(roleOf).reduce(either, plain);
}

/** Keycloak's: of the realm, or `client:role`. */
function roleOf(role: string): Allow {
  const realm = isOrHasAny("realm_access.roles", [role]);
  const [, client, name] = /^([^:]+):(.+)$/.exec(role) ?? [];
  if (client === undefined || name === undefined) return realm;
  return either(realm, isOrHasAny(pathOf(["resource_access", client, "roles"]), [name]));
}

function emailsOf(options: Source, beside: Beside): { what: string; allow: Allow; said: Said } {
  const claim = claimOf(options.text("oidc_email_claim") ?? "email");
  const domains = listOf(options.get("email_domains"));
  const file = options.text("authenticated_emails_file");
  const what = file === undefined ? "email_domains" : "authenticated_emails_file";
  if (domains.includes("*")) return { what, allow: "authenticated", said: exactly() };
  if (file === undefined && domains.length === 0) {
    const why =
      "neither this nor authenticated_emails_file is here, and oauth2-proxy does not start without one: it is somewhere else";
    return { what, allow: "authenticated", said: denied(why) };
  }
  const text = file === undefined ? null : file.includes("@") ? file : beside.read(file);
  const addresses = (text ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^[^#@\s]+@[^@\s]+$/.test(line) && isSayable(line));
  // EmailDomain is about the claim `email`. One with a dot in front is for names below it.
  const plain = claim === "email" ? domains.filter((it) => /^[\w-]+(\.[\w-]+)+$/.test(it)) : [];
  if (addresses.length + plain.length > 0) {
    const known = addresses.length > 0 ? addressOf(claim, addresses) : "deny";
    const allow = plain.length > 0 ? either(known, call("EmailDomain", ...plain)) : known;
    const rest = domains.filter((it) => !plain.includes(it));
    if (rest.length > 0) {
      const why = `email_domains ${rest.join(", ")}: name each domain, as in EmailDomain(\`example.com\`)`;
      return { what, allow, said: strictly(why) };
    }
    const isMissing = file !== undefined && addresses.length === 0;
    return { what, allow, said: isMissing ? strictly(`${file} is not here`) : exactly() };
  }
  const why =
    file !== undefined
      ? `${file} is not here: name its addresses, as in OneOf(\`email\`, …)`
      : "name each domain, as in EmailDomain(`example.com`), or ask the provider for a group";
  return { what, allow: "authenticated", said: denied(why) };
}

/** As it stands and in lower case. */
const addressOf = (claim: string, addresses: string[]): Allow =>
  call("OneOf", claim, ...new Set(addresses.flatMap((it) => [it, it.toLowerCase()])));
