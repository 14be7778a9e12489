/**
 * Reads the whole configuration strictly: every option is checked, and all mistakes are reported at
 * once.
 */
import { SubjectRule, Validation } from "../claims/validation";
import { fold, isToken } from "../http/header";
import { ROLES } from "../limits";
import { shortType } from "../jose/token";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { readAudit } from "./audit";
import { own, readTokenHeader } from "./headers";
import { warnOfSpelling } from "./claim-spelling";
import { openConfigFile } from "./config-file";
import { readHierarchy, readIssuers } from "./issuers";
import { nameRoles, numberRoles, readApiKeys } from "./api-keys";
import { isAppOrigin, isOrigin, originExpected, readPublicUrl } from "./origins";
import { fingerprintOf } from "./fingerprint";
import { readForwardAuth } from "./forward-auth";
import { readPages } from "./pages";
import { readLogin, readTrust } from "./login";
import { AudienceFrom, CorsOptions, TokenOptions, TopOptions, ValidationOptions } from "./options";
import { Report } from "./report";
import { closeRules, readRules } from "./rules";
import { readSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { readSession } from "./session";
import { Settings } from "./settings";
import { placeFetchedKeys, readState } from "./state";
import { readStore } from "./store";

/**
 * The settings; they are complete only when the report has no error. They keep no reference to
 * `document`, which may be released afterwards.
 */
export function readSettings(
  document: Json | null,
  report: Report,
  sources: SecretSources,
): Settings {
  const settings = new Settings();
  if (!document || !document.isObject) {
    report.error("", "not_a_map", "expected a map of keys, at most 32 levels deep and 1 MiB long");
    return settings;
  }
  const json = openConfigFile(document, report, sources);
  if (!json) return settings;
  const top = new Section(json, "", report);
  settings.mode = TopOptions.mode(top);
  readAudit(top, settings);
  settings.logLevel = TopOptions.logLevel(top);
  readValidation(top.section("validation"), settings.validation);
  readPublicUrl(top, settings);
  settings.pages = readPages(top);
  readToken(top, settings);
  readUpstreamAuthorization(top, settings, sources);
  readCors(top.section("cors"), settings);
  readState(top, settings);
  readTrust(top, settings);
  readIssuers(top, settings, sources);
  placeFetchedKeys(settings);
  readSession(top, settings, sources);
  readStore(top, settings, sources);
  readLogin(top, settings, sources);
  readForwardAuth(top, settings);
  readHierarchy(top, settings.vocabulary.roles);
  readApiKeys(top, "apiKeys", settings.apiKeys);
  readApiKeysFile(top, settings);
  nameRoles(settings.apiKeys, settings.vocabulary.roles);
  const configured = settings.vocabulary.roles.names.length;
  readRules(top, settings);
  warnOfUnknownRoles(configured, settings, report);
  warnOfSpelling(settings, report);
  closeRoles(settings, report);
  const session = settings.session;
  if (session) session.fingerprint = fingerprintOf(top, settings);
  top.refuseOthers(TopOptions.KEYS);
  return settings;
}

/**
 * Call it when all roles are known. Too many roles are not closed, because each would get a set of
 * all.
 */
function closeRoles(settings: Settings, report: Report): void {
  const roles = settings.vocabulary.roles;
  if (roles.names.length > ROLES) report.error("", "too_many", `more than ${ROLES} roles in all`);
  // A session keeps the answers to all of them, with the number of words for each in one byte.
  if (settings.vocabulary.claims.length > ROLES || settings.vocabulary.scopes.length > ROLES) {
    report.error("rules", "too_many", `more than ${ROLES} scopes, or functions about claims`);
  }
  if (roles.names.length > ROLES || roles.pairs > ROLES) return;
  roles.close();
  closeRules(settings);
  numberRoles(settings.apiKeys, roles);
}

/**
 * With a role map for each issuer, a role that only rules name is given to no one, unless a key
 * file has it.
 */
function warnOfUnknownRoles(configured: i32, settings: Settings, report: Report): void {
  if (settings.apiKeysFile || !report.warns) return;
  for (let i = 0; i < settings.issuers.length; i++) if (!settings.issuers[i].roles.mapped) return;
  const names = settings.vocabulary.roles.names;
  for (let i = configured; i < names.length; i++) {
    const name = names.at(i).toString();
    report.warning(
      "rules",
      "unknown_role",
      `no one has the role ${name}: it is in neither roles nor roleHierarchy`,
    );
  }
}

function readToken(top: Section, settings: Settings): void {
  const section = top.section("token");
  readTokenHeader(section, settings);
  const name = TokenOptions.cookie(section);
  if (name) {
    settings.tokenCookie = name;
    if (!isToken(name)) section.error("cookie", "wrong_name", "is no name of a cookie");
    if (settings.origins.length == 0) {
      section.error(
        "cookie",
        "needs_public_url",
        "browsers send cookies for other sites too; give publicUrl, so that those can be told apart",
      );
    }
  }
  settings.tokenQuery = TokenOptions.query(section) || settings.tokenQuery;
  settings.webSocketProtocol = TokenOptions.webSocketProtocol(section);
  section.refuseOthers(TokenOptions.KEYS);
  settings.forwardAuthorization = TopOptions.forwardAuthorization(top);
  const readsHeader = settings.tokenHeader.length > 0;
  if (readsHeader && !settings.forwardAuthorization) own(fold(settings.tokenHeader), settings);
  if (readsHeader) return;
  // The header is the application's, so the plugin puts nothing into it.
  refuseBeside(top, "forwardAuthorization", settings.forwardAuthorization);
  refuseBeside(top, "upstreamAuthorization", top.has("upstreamAuthorization"));
}

function refuseBeside(top: Section, key: string, isThere: bool): void {
  if (!isThere) return;
  top.error(
    key,
    "conflict",
    "would take the place of Authorization, which `token.header` leaves to the application",
  );
}

function readValidation(section: Section, validation: Validation): void {
  validation.clockSkew = ValidationOptions.clockSkew(section);
  validation.requireExpiration = ValidationOptions.requireExpiration(section);
  if (section.has("requireSubject")) {
    const isRequired = ValidationOptions.requireSubject(section, true);
    validation.requireSubject = isRequired ? SubjectRule.Always : SubjectRule.Never;
  }
  validation.maxTokenAge = ValidationOptions.maxTokenAge(section);
  const audienceFrom = ValidationOptions.audienceFrom(section);
  validation.audienceFrom = [];
  for (let i = 0; i < audienceFrom.length; i++) {
    validation.audienceFrom.push(Bytes.of(claimOf(audienceFrom[i])));
  }
  if (audienceFrom.length == 0) {
    section.error("audienceFrom", "empty", "is empty: no token would pass; leave it out for [aud]");
  }
  validation.acceptAzp = ValidationOptions.acceptAzp(section);
  validation.allowNonce = ValidationOptions.allowNonce(section);
  validation.acceptIdTokens = ValidationOptions.acceptIdTokens(section);
  const types = ValidationOptions.tokenTypes(section);
  for (let i = 0; i < types.length; i++) validation.tokenTypes.push(shortType(types[i]));
  if (types.length == 0) {
    section.error("tokenTypes", "empty", "is empty; leave it out for [JWT, at+jwt]");
  }
  section.refuseOthers(ValidationOptions.KEYS);
}

function claimOf(from: AudienceFrom): string {
  switch (from) {
    case AudienceFrom.ClientId:
      return "client_id";
    case AudienceFrom.Azp:
      return "azp";
    case AudienceFrom.Aud:
      return "aud";
    default:
      return "";
  }
}

/** `upstreamAuthorization`, and the options that it excludes. */
function readUpstreamAuthorization(top: Section, settings: Settings, sources: SecretSources): void {
  settings.reportOnly = TopOptions.reportOnly(top);
  if (!top.has("upstreamAuthorization")) return;
  if (TopOptions.resolvesUpstreamAuthorization(settings.mode)) {
    settings.upstreamAuthorization = readSecret(top, "upstreamAuthorization", sources);
  } else top.text("upstreamAuthorization");
  own(Bytes.of("authorization"), settings);
  const value = settings.upstreamAuthorization;
  for (let i = 0; value && i < value.length; i++) {
    if (value.at(i) >= 0x20 && value.at(i) < 0x7f) continue;
    top.error("upstreamAuthorization", "wrong_value", "holds a character that no header may hold");
    break;
  }
  if (settings.reportOnly) {
    top.error(
      "reportOnly",
      "conflict",
      "would give the application's own credential to callers who may not pass; not together with upstreamAuthorization",
    );
  }
  if (settings.forwardAuthorization) {
    top.error(
      "upstreamAuthorization",
      "conflict",
      "and the caller's token cannot both be Authorization; take forwardAuthorization away",
    );
  }
}

function readApiKeysFile(top: Section, settings: Settings): void {
  const file = TopOptions.apiKeysFile(top);
  if (file && file.at(0) != Char.Slash) {
    top.error(
      "apiKeysFile",
      "wrong_value",
      "expected an absolute path on a mount, as in /state/api-keys.json",
    );
  } else settings.apiKeysFile = file;
}

function readCors(section: Section, settings: Settings): void {
  const origins = CorsOptions.allowedOrigins(section);
  for (let i = 0; origins && i < origins.length; i++) {
    if (isOrigin(origins[i]) || isAppOrigin(origins[i])) settings.corsOrigins.push(origins[i]);
    else section.error(`allowedOrigins[${i}]`, "wrong_value", originExpected());
  }
  section.refuseOthers(CorsOptions.KEYS);
}
