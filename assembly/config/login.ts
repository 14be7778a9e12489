/** `login`: the relying party, and what it sends to the provider. */
import { Url } from "../http/url";
import { isAlphanumeric } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { readClientProof } from "./client-proof";
import { readEndpoints } from "./endpoints";
import { LoginOptions, Mode, OtherAccount } from "./options";
import { readRedirects } from "./redirects";
import { SecretSources } from "./secret";
import { Report } from "./report";
import { toInteger } from "../json/number";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";
import { LoginSettings } from "./sign-in";

/** Parameters of the authorization request that the plugin sets, or that would replace those. */
const OWN_PARAMETERS: StaticArray<string> = [
  "client_id",
  "scope",
  "state",
  "nonce",
  "redirect_uri",
];
const OWN_PARAMETER_PREFIXES: StaticArray<string> = ["response_", "code_challenge", "request"];

/**
 * Options that reading the issuers needs: for one of them `trustTransport` replaces keys, for
 * sessions only.
 */
export function readTrust(top: Section, settings: Settings): void {
  const section = top.section("login");
  const trusts = LoginOptions.trustTransport(section);
  settings.login.trustTransport = trusts && top.has("session");
  settings.login.issuerName = LoginOptions.issuer(section);
}

/** Call it when issuers and sessions are known. */
export function readLogin(top: Section, settings: Settings, sources: SecretSources): void {
  const section = top.section("login");
  const login = settings.login;
  if (settings.mode == Mode.Login && !settings.session && !top.has("session")) {
    top.error(
      "session",
      "missing",
      "mode login seals what it reads into cookies; give session.secrets",
    );
  }
  // Unpredictable values depend on the connection as well, and in mode auth only some peers may
  // ask.
  if (settings.mode != Mode.Protect) settings.vocabulary.usesClientIp = true;
  readIssuerName(section, settings);
  readPath(section, login);
  readScopes(section, login);
  readParameters(section, login);
  readClaimsFrom(section, login);
  readEndpoints(section, settings);
  login.otherAccount = LoginOptions.otherAccount(section, <OtherAccount>-1);
  login.userinfo = LoginOptions.userinfo(section);
  login.refreshAt = LoginOptions.refreshAt(section);
  login.refreshGrace = LoginOptions.refreshGrace(section);
  readRedirects(section, settings);
  readClientProof(section, settings, sources);
  section.refuseOthers(LoginOptions.KEYS);
}

/** With several issuers, `login.issuer` names the one that users sign in with. */
function readIssuerName(section: Section, settings: Settings): void {
  const login = settings.login;
  const name = login.issuerName;
  const issuers = settings.issuers;
  let found = name ? -1 : 0;
  let configured = 0;
  for (let i = 0; i < issuers.length; i++) {
    if (issuers[i].base) continue;
    configured++;
    if (name && issuers[i].name.equals(name)) found = i;
  }
  if (found < 0) {
    section.error("issuer", "wrong_value", "is none of the issuers of this configuration");
    return;
  }
  login.issuer = found;
  if (issuers.length == 0 || (!settings.session && settings.mode != Mode.Keys)) return;
  if (!name && configured > 1) {
    section.error("issuer", "missing", "name the one of the issuers that people sign in with");
    return;
  }
  checkIssuer(issuers[found], section.report, settings);
}

/**
 * OpenID Connect Discovery §3: the metadata's URL is made from the issuer's name, so the name must
 * be a URL without query and fragment, on https or loopback.
 */
function checkIssuer(issuer: Issuer, report: Report, settings: Settings): void {
  if (settings.session && !issuer.clientId) {
    report.error(
      issuer.pathOf("clientId"),
      "missing",
      "sign-in needs the id that the provider gave the application",
    );
  }
  const url = Url.parse(issuer.url);
  if (!url || url.path.length < url.target.length || (!url.isSecure && !url.isLoopback)) {
    report.error(
      issuer.pathOf("issuer"),
      "wrong_value",
      "expected an https URL without query and fragment, byte for byte as the provider has it",
    );
  }
  if (settings.mode == Mode.Keys && settings.stateDir && !issuer.keysAreFetched) {
    report.error(
      issuer.pathOf("issuer"),
      "conflict",
      "has keys of its own and mode keys nothing to fetch: remove jwksFile, jwks, publicKeys and signingSecret",
    );
  }
}

function readPath(section: Section, login: LoginSettings): void {
  const path = LoginOptions.path(section);
  let plain: bool =
    path.length > 1 && path.at(0) == Char.Slash && path.at(path.length - 1) != Char.Slash;
  for (let i = 1; i < path.length && plain; i++) {
    const c = <u32>path.at(i);
    const slash = c == Char.Slash && path.at(i - 1) != Char.Slash;
    plain = isAlphanumeric(c) || c == Char.Hyphen || c == Char.Underscore || slash;
  }
  if (plain) login.path = path;
  else {
    section.error(
      "path",
      "wrong_value",
      "expected a path of letters, digits, - and _, as in /oidc",
    );
  }
}

/** RFC 6749 §3.3: a scope is visible ASCII without spaces, quotes and backslashes. */
function readScopes(section: Section, login: LoginSettings): void {
  const scopes = LoginOptions.scopes(section);
  login.scopes = scopes;
  let hasOpenId = false;
  for (let i = 0; i < scopes.length; i++) {
    const scope = scopes[i];
    if (scope.is("openid")) hasOpenId = true;
    for (let at = 0; at < scope.length; at++) {
      const c = scope.at(at);
      if (c > 0x20 && c < 0x7f && c != Char.Quote && c != Char.Backslash) continue;
      section.error(
        `scopes[${i}]`,
        "wrong_value",
        "expected one scope, without spaces; several are a list",
      );
      return;
    }
  }
  if (hasOpenId) return;
  section.error(
    "scopes",
    "wrong_value",
    "expected openid among them: without it there is no ID token",
  );
}

function readParameters(section: Section, login: LoginSettings): void {
  const map = section.map("authorizationParams");
  if (!map) return;
  const parameters = section.section("authorizationParams");
  for (let it = map.first; it; it = it!.next) {
    const name = it.name!;
    const key = name.toString();
    const value = parameters.textOf(key, it);
    if (name.length == 0) parameters.error(key, "wrong_name", "has no name");
    else if (isOwn(name)) {
      parameters.error(key, "reserved", "is set by the plugin itself; remove it");
    } else if (value) {
      login.parameterNames.push(name.copy());
      login.parameterValues.push(value);
      if (name.is("max_age")) readAuthenticationAge(parameters, key, value, login);
    }
  }
}

/**
 * A requested age is also checked: OpenID Connect Core §3.1.2.1 leaves it to the client whether the
 * provider obeyed.
 */
function readAuthenticationAge(
  parameters: Section,
  key: string,
  value: Bytes,
  login: LoginSettings,
): void {
  login.authenticationAge = toInteger(value);
  if (login.authenticationAge < 0) parameters.error(key, "wrong_value", "expected seconds");
}

/** Compares in any case, because some providers do. */
function isOwn(name: Bytes): bool {
  for (let i = 0; i < OWN_PARAMETERS.length; i++) {
    if (name.isInAnyCase(OWN_PARAMETERS[i])) return true;
  }
  for (let i = 0; i < OWN_PARAMETER_PREFIXES.length; i++) {
    if (name.hasAt(0, OWN_PARAMETER_PREFIXES[i])) return true;
  }
  return false;
}

function readClaimsFrom(section: Section, login: LoginSettings): void {
  login.claimsFrom = LoginOptions.claimsFrom(section);
  if (login.claimsFrom.length == 0) {
    section.error(
      "claimsFrom",
      "empty",
      "is empty: no one would have a role; leave it out for both",
    );
  }
}
