/**
 * The issuers whose tokens are accepted: one at the top of the configuration, others in `issuers`.
 */
import { RolePath } from "../claims/role-path";
import { Hierarchy, RoleSource } from "../claims/roles";
import { ISSUERS, ROLES } from "../limits";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { userClaimOf } from "./audit";
import { namesOf, readForwardHeaders } from "./headers";
import { readKeys } from "./keys";
import { IssuerOptions } from "./options";
import { SecretSources } from "./secret";
import { Section } from "./section";
import { checkSharedHeaders } from "./issuer-headers";
import { Issuer, Settings } from "./settings";
import { addTenants, readTenants } from "./tenants";

/**
 * Read by default only where `roles` maps names: at some providers anyone can make groups and name
 * them like roles.
 */
const GROUPS = "groups";

export function readIssuers(top: Section, settings: Settings, sources: SecretSources): void {
  readList(top, settings, sources);
  addTenants(top, settings);
}

function readList(top: Section, settings: Settings, sources: SecretSources): void {
  const entries = top.sections("issuers");
  const inherited: Array<i32> = [];
  if (top.has("issuer") || !entries) {
    inherited.push(0);
    readIssuer(top, top, settings, sources);
  } else refuseWithoutIssuer(top);
  if (!entries) return;
  for (let i = 0; i < entries.length && i <= ISSUERS; i++) {
    if (!entries[i].has("forwardHeaders")) inherited.push(settings.issuers.length);
    readIssuer(entries[i], top, settings, sources);
    entries[i].refuseOthers(IssuerOptions.KEYS);
  }
  checkSharedHeaders(top, settings, inherited);
  if (entries.length == 0)
    top.error("issuers", "empty", "is empty; give an issuer or leave it out");
  if (settings.issuers.length > ISSUERS) {
    top.error("issuers", "too_many", `more than ${ISSUERS} issuers`);
  }
}

function refuseWithoutIssuer(top: Section): void {
  for (let i = 0; i < IssuerOptions.NOT_INHERITED.length; i++) {
    const key = IssuerOptions.NOT_INHERITED[i];
    if (!top.has(key)) continue;
    top.error(
      key,
      "misplaced",
      "belongs to an issuer: give `issuer` beside it, or move it into `issuers`",
    );
  }
}

/**
 * `section` holds the issuer. Roles and headers that an entry of `issuers` leaves out are taken
 * from `top`.
 */
function readIssuer(
  section: Section,
  top: Section,
  settings: Settings,
  sources: SecretSources,
): void {
  const name = IssuerOptions.issuer(section);
  if (!name && !section.has("issuer")) {
    section.error(
      "issuer",
      "missing",
      "expected the provider's issuer URL, exactly as its tokens have it in `iss`",
    );
  }
  const issuer = new Issuer(name ? name : Bytes.empty());
  for (let i = 0; i < settings.issuers.length; i++) {
    if (name && settings.issuers[i].name.equals(name)) {
      section.error("issuer", "duplicate", "this issuer is listed already");
    }
  }
  settings.issuers.push(issuer);
  issuer.path = section.path;
  readTenants(section, issuer);
  issuer.clientId = IssuerOptions.clientId(section);
  readAudience(section, issuer, settings);
  readKeys(section, issuer, settings, sources);
  const ownRoles = section.has("roles");
  const ownPaths = section.has("rolesFrom");
  issuer.roles = readRoles(
    ownRoles ? section : top,
    ownPaths ? section : top,
    issuer,
    settings.vocabulary.roles,
  );
  const headers = section.has("forwardHeaders") ? section : top;
  issuer.emailUnverified = IssuerOptions.emailUnverified(
    section,
    IssuerOptions.emailUnverified(top),
  );
  issuer.headers = readForwardHeaders(headers, issuer, settings);
  issuer.headerNames = namesOf(issuer.headers);
  issuer.userClaim = userClaimOf(issuer, settings);
}

function readAudience(section: Section, issuer: Issuer, settings: Settings): void {
  const clientId = issuer.clientId;
  const audiences = IssuerOptions.audience(section);
  if (audiences) {
    issuer.audiences = audiences;
    if (audiences.length == 0) {
      section.error(
        "audience",
        "empty",
        "is empty: no token would pass; leave it out for [clientId]",
      );
    }
  } else if (clientId) issuer.audiences = [clientId];
  else if (!section.has("audience")) {
    section.error(
      "audience",
      "missing",
      "give clientId or audience: a token for another application is not for this one",
    );
  }
  if (settings.validation.acceptAzp && !clientId) {
    section.error("clientId", "missing", "validation.acceptAzp compares `azp` with it");
  }
}

function readRoles(map: Section, from: Section, issuer: Issuer, hierarchy: Hierarchy): RoleSource {
  const paths: Array<RolePath> = [];
  const texts = IssuerOptions.rolesFrom(from);
  const roles = map.map("roles");
  if (roles && !from.has("rolesFrom")) texts.push(Bytes.of(GROUPS));
  for (let i = 0; i < texts.length; i++) {
    const path = RolePath.parse(texts[i], issuer.clientId);
    if (path) paths.push(path);
    else
      from.error(
        `rolesFrom[${i}]`,
        "wrong_value",
        "expected a claim path, as in realm_access.roles or groups[].name",
      );
  }
  const source = new RoleSource(paths, roles !== null, from.has("rolesFrom"));
  if (!roles) return source;
  const section = map.section("roles");
  for (let it = roles.first; it; it = it!.next) {
    const names = section.textsOf(it.name!.toString(), it);
    const role = hierarchy.role(it.name!);
    for (let i = 0; names && i < names.length; i++) source.map(names[i], role);
  }
  return source;
}

/** `roleHierarchy`: each role, and the roles that it includes. */
export function readHierarchy(top: Section, hierarchy: Hierarchy): void {
  const map = top.map("roleHierarchy");
  if (!map) return;
  const section = top.section("roleHierarchy");
  for (let it: Json | null = map.first; it; it = it!.next) {
    const lower = section.textsOf(it.name!.toString(), it);
    const upper = hierarchy.role(it.name!);
    for (let i = 0; lower && i < lower.length; i++) hierarchy.add(upper, hierarchy.role(lower[i]));
  }
  if (hierarchy.pairs > ROLES) {
    top.error("roleHierarchy", "too_many", `more than ${ROLES} roles that others have`);
  }
}
