/**
 * Issuers of several tenants: the name of Entra ID's has a place for the tenant's id, `{tenantid}`.
 * Anyone can have a tenant, so those whose tokens count are listed, and each becomes an issuer of
 * its own with its whole name.
 */
import { Url } from "../http/url";
import { TENANTS } from "../limits";
import { hexValue } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { IssuerOptions } from "./options";
import { Section } from "./section";
import { Issuer, placeOfTenant, Settings, TENANT_PLACE } from "./settings";

/** Characters of a tenant's id, and where its hyphens are (RFC 9562 §4). */
const ID = 36;
const HYPHENS: StaticArray<i32> = [8, 13, 18, 23];

export function readTenants(section: Section, issuer: Issuer): void {
  const tenants = IssuerOptions.tenants(section);
  const at = placeOfTenant(issuer.name);
  if (at < 0) {
    if (tenants) {
      section.error("tenants", "conflict", "the issuer names its tenant already");
    }
    return;
  }
  if (!isSegment(issuer.name, at)) {
    section.error("issuer", "wrong_value", "expected `{tenantid}` as a segment of the path");
  }
  if (!tenants || tenants.length == 0) {
    section.error("tenants", "missing", "list those whose tokens count: anyone can have one");
    return;
  }
  for (let i = 0; i < tenants.length; i++) {
    const key = `tenants[${i}]`;
    if (!isId(tenants[i])) {
      section.error(key, "wrong_value", "expected a tenant's ID, in lower case");
    }
  }
  issuer.tenants = tenants;
}

/** Adds an issuer for each tenant, behind those that are configured. */
export function addTenants(top: Section, settings: Settings): void {
  const issuers = settings.issuers;
  const configured = issuers.length;
  for (let i = 0; i < configured; i++) {
    const issuer = issuers[i];
    const tenants = issuer.tenants;
    if (issuers.length - configured + tenants.length > TENANTS) {
      top.report.error(issuer.pathOf("tenants"), "too_many", `more than ${TENANTS} tenants in all`);
      return;
    }
    for (let k = 0; k < tenants.length; k++) {
      const one = issuer.forTenant(tenants[k]);
      if (isThere(one.name, issuers)) {
        top.report.error(issuer.pathOf(`tenants[${k}]`), "duplicate", "is here already");
      }
      issuers.push(one);
    }
    if (tenants.length > 1) warnOfNames(top, issuer);
  }
}

/** Only issuer and subject together name a user, OpenID Connect Core §5.7. */
function warnOfNames(top: Section, issuer: Issuer): void {
  if (!top.report.warns) return;
  const headers = issuer.headers;
  let first: Bytes | null = null;
  for (let i = 0; i < headers.length; i++) {
    const claim = headers[i].claim;
    if (claim && claim.text.is("tid")) return;
    if (claim && !first) first = headers[i].name;
  }
  if (!first) return;
  top.report.warning(
    issuer.pathOf(`forwardHeaders.${first.toString()}`),
    "shared_header",
    "users of two tenants can be called alike: forward `tid` as well",
  );
}

function isThere(name: Bytes, issuers: Array<Issuer>): bool {
  for (let i = 0; i < issuers.length; i++) if (issuers[i].name.equals(name)) return true;
  return false;
}

/** True if the place is a whole segment of the URL's path, and the only one. */
function isSegment(name: Bytes, at: i32): bool {
  const end = at + TENANT_PLACE.length;
  const isWhole = end == name.length || name.at(end) == Char.Slash;
  const before = name.slice(0, at);
  return (
    isWhole &&
    before.endsWith(Bytes.of("/")) &&
    Url.parse(before) !== null &&
    placeOfTenant(name.rest(end)) < 0
  );
}

/** In lower case, as tokens have it. */
function isId(text: Bytes): bool {
  if (text.length != ID) return false;
  for (let i = 0; i < ID; i++) {
    const c = text.at(i);
    if (HYPHENS.includes(i) ? c != Char.Hyphen : hexValue(c) < 0 || <u32>c - 0x41 < 26)
      return false;
  }
  return true;
}
