/** Reads the whole configuration, strictly: every key is checked, and all mistakes are reported at once. */
import { SubjectRule, Validation } from "../claims/validation";
import { fold, isToken } from "../http/header";
import { CLOCK_SKEW, ROLES } from "../limits";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { own, readTokenHeader } from "./headers";
import { openConfigFile } from "./config-file";
import { CORS_KEYS, TOKEN_KEYS, TOP_KEYS, VALIDATION_KEYS } from "./keywords";
import { readHierarchy, readIssuers } from "./issuers";
import { nameRoles, numberRoles, readApiKeys } from "./api-keys";
import { isOrigin, ORIGIN_EXPECTED, readPublicUrl } from "./origins";
import { fingerprintOf } from "./fingerprint";
import { readForwardAuth } from "./forward-auth";
import { readLogin, readTrust } from "./login";
import { Report } from "./report";
import { closeRules, readRules } from "./rules";
import { readSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { readSession } from "./session";
import { Settings } from "./settings";
import { Mode } from "./sign-in";
import { placeFetchedKeys, readState } from "./state";
import { AUDIT, LOG_LEVEL, MODES } from "./words";

const YEAR = 365 * 86400;

/**
 * The settings; they are complete only when the report has no error. They hold nothing of `document`, which may be
 * forgotten afterwards.
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
  settings.mode = top.word("mode", MODES, 0);
  settings.audit = top.word("audit", AUDIT, settings.audit);
  settings.logLevel = top.word("logLevel", LOG_LEVEL, settings.logLevel);
  readValidation(top.section("validation"), settings.validation);
  readPublicUrl(top, settings);
  readToken(top, settings);
  readUpstreamAuthorization(top, settings, sources);
  readCors(top.section("cors"), settings);
  readState(top, settings);
  readTrust(top, settings);
  readIssuers(top, settings, sources);
  placeFetchedKeys(settings);
  readSession(top, settings, sources);
  readLogin(top, settings, sources);
  readForwardAuth(top, settings);
  readHierarchy(top, settings.vocabulary.roles);
  readApiKeys(top, "apiKeys", settings.apiKeys);
  readApiKeysFile(top, settings);
  nameRoles(settings.apiKeys, settings.vocabulary.roles);
  const configured = settings.vocabulary.roles.names.length;
  readRules(top, settings);
  warnOfUnknownRoles(configured, settings, report);
  closeRoles(settings, report);
  const session = settings.session;
  if (session) session.fingerprint = fingerprintOf(top, settings);
  top.refuseOthers(TOP_KEYS);
  return settings;
}

/** When all roles are known. Of too many nothing is made: it would be a set of all for each. */
function closeRoles(settings: Settings, report: Report): void {
  const roles = settings.vocabulary.roles;
  if (roles.names.length > ROLES) report.error("", "too_many", `more than ${ROLES} roles in all`);
  // A session keeps the answers to all of them, and says in a byte each how many words they take.
  if (settings.vocabulary.claims.length > ROLES || settings.vocabulary.scopes.length > ROLES) {
    report.error("rules", "too_many", `more than ${ROLES} scopes, or functions about claims`);
  }
  if (roles.names.length > ROLES || roles.pairs > ROLES) return;
  roles.close();
  closeRules(settings);
  numberRoles(settings.apiKeys, roles);
}

/** With a role map for each issuer, a role that stands only in rules is nobody's, unless keys in a file have it. */
function warnOfUnknownRoles(configured: i32, settings: Settings, report: Report): void {
  if (settings.apiKeysFile) return;
  for (let i = 0; i < settings.issuers.length; i++) if (!settings.issuers[i].roles.mapped) return;
  const names = settings.vocabulary.roles.names;
  for (let i = configured; i < names.length; i++) {
    const name = names.at(i).toString();
    report.warning(
      "rules",
      "unknown_role",
      `nobody has the role ${name}: it is in neither roles nor roleHierarchy`,
    );
  }
}

function readToken(top: Section, settings: Settings): void {
  const section = top.section("token");
  readTokenHeader(section, settings);
  const name = section.optional("cookie");
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
  settings.tokenQuery = section.optional("query") || settings.tokenQuery;
  settings.webSocketProtocol = section.boolean("webSocketProtocol", false);
  section.refuseOthers(TOKEN_KEYS);
  settings.forwardAuthorization = top.boolean("forwardAuthorization", false);
  if (!settings.forwardAuthorization) own(fold(settings.tokenHeader), settings);
}

function readValidation(section: Section, validation: Validation): void {
  validation.clockSkew = section.seconds("clockSkew", <i32>validation.clockSkew, CLOCK_SKEW);
  validation.requireExpiration = section.boolean("requireExpiration", true);
  if (section.has("requireSubject")) {
    const isRequired = section.boolean("requireSubject", true);
    validation.requireSubject = isRequired ? SubjectRule.Always : SubjectRule.Never;
  }
  validation.maxTokenAge = section.seconds("maxTokenAge", 0, YEAR);
  validation.acceptAzp = section.boolean("acceptAzp", false);
  validation.allowNonce = section.boolean("allowNonce", false);
  validation.acceptIdTokens = section.boolean("acceptIdTokens", false);
  const types = section.texts("tokenTypes");
  if (types && types.length == 0) {
    section.error("tokenTypes", "empty", "is empty; leave it out for [JWT, at+jwt]");
  }
  validation.tokenTypes = types && types.length > 0 ? types : [Bytes.of("JWT"), Bytes.of("at+jwt")];
  section.refuseOthers(VALIDATION_KEYS);
}

/** `upstreamAuthorization`, and what it does not go together with. */
function readUpstreamAuthorization(top: Section, settings: Settings, sources: SecretSources): void {
  settings.reportOnly = top.boolean("reportOnly", false);
  if (!top.has("upstreamAuthorization")) return;
  // A mode resolves no secret that it has no use for.
  if (settings.mode == Mode.Login || settings.mode == Mode.Keys) top.text("upstreamAuthorization");
  else settings.upstreamAuthorization = readSecret(top, "upstreamAuthorization", sources);
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
  const file = top.optional("apiKeysFile");
  if (file && file.at(0) != 0x2f) {
    top.error(
      "apiKeysFile",
      "wrong_value",
      "expected an absolute path on a mount, as in /state/api-keys.json",
    );
  } else settings.apiKeysFile = file;
}

function readCors(section: Section, settings: Settings): void {
  const origins = section.texts("allowedOrigins");
  for (let i = 0; origins && i < origins.length; i++) {
    if (isOrigin(origins[i])) settings.corsOrigins.push(origins[i]);
    else section.error(`allowedOrigins[${i}]`, "wrong_value", ORIGIN_EXPECTED);
  }
  section.refuseOthers(CORS_KEYS);
}
