/**
 * `audit`: which decisions are logged, and what of the caller. One word, or a map that has the word
 * as `decisions`.
 */
import { ClaimPath } from "../claims/path";
import { Bytes } from "../text/bytes";
import { AuditOptions, TopOptions } from "./options";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";

const NONE = "none";

export function readAudit(top: Section, settings: Settings): void {
  const value = top.value("audit");
  if (!value || !value.isObject) {
    settings.audit = TopOptions.audit(top);
    return;
  }
  const section = top.section("audit");
  settings.audit = AuditOptions.decisions(section);
  settings.namesClients = AuditOptions.client(section);
  const user = AuditOptions.user(section) || Bytes.empty();
  settings.namesUsers = !user.is(NONE);
  if (settings.namesUsers && user.length > 0) {
    settings.auditUser = user;
    if (!ClaimPath.parse(user, null)) {
      section.error(
        "user",
        "wrong_value",
        "expected a claim path, as in preferred_username, or none",
      );
    }
  }
  section.refuseOthers(AuditOptions.KEYS);
}

/**
 * The claim that names an issuer's users: the configured one, or the one by which an application
 * gets to know them.
 */
export function userClaimOf(issuer: Issuer, settings: Settings): ClaimPath | null {
  if (settings.auditUser.length > 0) return ClaimPath.parse(settings.auditUser, issuer.clientId);
  for (let i = 0; i < issuer.headers.length; i++) {
    const claim = issuer.headers[i].claim;
    if (claim && !claim.text.is("sub") && namesUser(issuer.headers[i].name)) return claim;
  }
  return null;
}

/** As in X-Forwarded-User, Remote-User, X-Auth-Request-Preferred-Username. */
function namesUser(header: Bytes): bool {
  return endsIn(header, "user") || endsIn(header, "username");
}

function endsIn(name: Bytes, end: string): bool {
  return name.length >= end.length && name.hasAt(name.length - end.length, end);
}
