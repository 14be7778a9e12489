/** The configuration's `login`: the relying party, and what it says to the provider. */
import { Url } from "../http/url";
import { Bytes } from "../text/bytes";
import { Kind } from "../json/value";
import { LOGIN_KEYS, OWN_PARAMETER_PREFIXES, OWN_PARAMETERS } from "./keywords";
import { isOrigin, ORIGIN_EXPECTED } from "./origins";
import { readSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { Settings } from "./settings";
import {
  CLAIMS_FROM,
  CLIENT_AUTH,
  ClaimsFrom,
  ClientAuth,
  ENDPOINT_KEYS,
  ENDPOINTS,
  LoginSettings,
  Mode,
} from "./sign-in";

const DAY = 86400;
const URL_EXPECTED = "expected an absolute URL, as in https://sso.example.com/token";

/** What issuers need to know already: `trustTransport` takes the place of keys. */
export function readTrust(top: Section, settings: Settings): void {
  settings.login.trustTransport = top.section("login").boolean("trustTransport", false);
}

/** To be read when issuers and sessions are known. */
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
  // Unpredictable values are made of the connection, too; and only some may ask mode auth.
  if (settings.mode != Mode.Protect) settings.vocabulary.usesClientIp = true;
  readIssuerName(section, settings);
  readPath(section, login);
  login.scopes = section.texts("scopes") || login.scopes;
  if (!contains(login.scopes, "openid")) {
    section.error(
      "scopes",
      "wrong_value",
      "expected openid among them: without it there is no ID token",
    );
  }
  readParameters(section, login);
  readClaimsFrom(section, login);
  readEndpoints(section, login);
  readServices(section, settings);
  login.userinfo = section.boolean("userinfo", false);
  login.refreshAt = readShare(section, login.refreshAt);
  login.refreshGrace = section.seconds("refreshGrace", <i32>login.refreshGrace, DAY);
  login.postLogoutRedirect = section.text("postLogoutRedirect") || login.postLogoutRedirect;
  const redirects = section.texts("allowedRedirects");
  for (let i = 0; redirects && i < redirects.length; i++) {
    if (isOrigin(redirects[i])) login.allowedRedirects.push(redirects[i]);
    else section.error(`allowedRedirects[${i}]`, "wrong_value", ORIGIN_EXPECTED);
  }
  login.clientAuth = section.word("clientAuth", CLIENT_AUTH, ClientAuth.Basic);
  if (settings.mode == Mode.Login) readClientProof(section, settings, sources);
  section.refuseOthers(LOGIN_KEYS);
}

/** Where several issuers stand, `login.issuer` names the one that people sign in with. */
function readIssuerName(section: Section, settings: Settings): void {
  const login = settings.login;
  const name = section.text("issuer");
  let found = name ? -1 : 0;
  for (let i = 0; name && i < settings.issuers.length; i++) {
    if (settings.issuers[i].name.equals(name)) found = i;
  }
  if (found < 0) {
    section.error("issuer", "wrong_value", "is none of the issuers of this configuration");
    found = 0;
  }
  login.issuer = found;
  if (!settings.session && settings.mode != Mode.Keys) return;
  if (settings.issuers.length == 0) return;
  const issuer = settings.issuers[found];
  if (settings.session && !issuer.clientId) {
    section.report.error(
      "clientId",
      "missing",
      "sign-in needs the id that the provider gave the application",
    );
  }
  if (!Url.parse(issuer.name)) {
    section.report.error(
      "issuer",
      "wrong_value",
      "expected an https URL without query and fragment, byte for byte as the provider has it",
    );
  }
  if (!name && settings.issuers.length > 1) {
    section.error("issuer", "missing", "name the one of the issuers that people sign in with");
  }
}

function readPath(section: Section, login: LoginSettings): void {
  const path = section.text("path");
  if (!path) return;
  let plain = path.length > 1 && path.at(0) == 0x2f && path.at(path.length - 1) != 0x2f;
  for (let i = 1; i < path.length && plain; i++) {
    const c = <u32>path.at(i);
    const letter = (c | 0x20) - 0x61 < 26;
    const slash = c == 0x2f && path.at(i - 1) != 0x2f;
    plain = letter || c - 0x30 < 10 || c == 0x2d || c == 0x5f || slash;
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

function readParameters(section: Section, login: LoginSettings): void {
  const map = section.map("authorizationParams");
  if (!map) return;
  const parameters = section.section("authorizationParams");
  for (let it = map.first; it; it = it!.next) {
    const key = it.name!.toString();
    const value = parameters.textOf(key, it);
    let own = OWN_PARAMETERS.includes(key);
    for (let i = 0; i < OWN_PARAMETER_PREFIXES.length; i++) {
      if (key.startsWith(OWN_PARAMETER_PREFIXES[i])) own = true;
    }
    if (own) parameters.error(key, "reserved", "is set by the plugin itself; take it away");
    else if (value) {
      login.parameterNames.push(it.name!.copy());
      login.parameterValues.push(value);
    }
  }
}

function readClaimsFrom(section: Section, login: LoginSettings): void {
  const texts = section.texts("claimsFrom");
  if (!texts) return;
  login.claimsFrom = [];
  for (let i = 0; i < texts.length; i++) {
    const source = CLAIMS_FROM.indexOf(texts[i].toString());
    if (source >= 0) login.claimsFrom.push(<ClaimsFrom>source);
    else section.error(`claimsFrom[${i}]`, "wrong_value", "expected access_token or id_token");
  }
  if (texts.length == 0) {
    section.error(
      "claimsFrom",
      "empty",
      "is empty: nobody would have a role; leave it out for both",
    );
  }
}

function readEndpoints(section: Section, login: LoginSettings): void {
  const endpoints = section.section("endpoints");
  for (let i = 0; i < ENDPOINTS; i++) {
    const key = ENDPOINT_KEYS[i];
    const text = endpoints.text(key);
    if (!text) continue;
    if (Url.parse(text)) login.endpoints[i] = text;
    else endpoints.error(key, "wrong_value", URL_EXPECTED);
  }
  endpoints.refuseOthers(ENDPOINT_KEYS);
}

/** The issuer's own service is `provider` unless `endpointOrigins` says otherwise. */
function readServices(section: Section, settings: Settings): void {
  const login = settings.login;
  const map = section.map("endpointOrigins");
  const origins = section.section("endpointOrigins");
  for (let it = map ? map.first : null; it; it = it!.next) {
    const key = it.name!.toString();
    const origin = origins.textOf(key, it);
    if (!origin) continue;
    if (!isOrigin(origin)) origins.error(key, "wrong_value", ORIGIN_EXPECTED);
    login.services.push(it.name!.copy());
    login.serviceOrigins.push(origin);
  }
  const provider = Bytes.of("provider");
  let own = -1;
  for (let i = 0; i < login.services.length; i++) if (login.services[i].equals(provider)) own = i;
  const url = settings.issuers.length > 0 ? Url.parse(settings.issuers[login.issuer].name) : null;
  if (own < 0 && url) {
    login.services.push(provider);
    login.serviceOrigins.push(url.origin);
  }
  const name = section.text("service") || provider;
  let found = -1;
  for (let i = 0; i < login.services.length; i++) if (login.services[i].equals(name)) found = i;
  if (found >= 0) login.service = found;
  else if (section.has("service")) {
    section.error("service", "wrong_value", "is no name of endpointOrigins, nor provider");
  }
}

/** A share of 1, in per mille. Traefik writes 0.75 as "0.750000". */
function readShare(section: Section, absent: i64): i64 {
  const value = section.value("refreshAt");
  if (!value) return absent;
  const text = value.text;
  let share: i64 = -1;
  if ((value.kind == Kind.Number || value.kind == Kind.String) && text.hasAt(0, "0.")) {
    share = 0;
    for (let i = 2, unit = 100; i < text.length; i++, unit /= 10) {
      const digit = <u32>text.at(i) - 0x30;
      if (digit > 9) return wrongShare(section, absent);
      share += digit * unit;
    }
  }
  return share >= 100 && share <= 950 ? share : wrongShare(section, absent);
}

function wrongShare(section: Section, absent: i64): i64 {
  section.error(
    "refreshAt",
    "wrong_value",
    "expected a share of the session's life from 0.1 to 0.95",
  );
  return absent;
}

function readClientProof(section: Section, settings: Settings, sources: SecretSources): void {
  const login = settings.login;
  login.clientSecret = readSecret(section, "clientSecret", sources);
  login.clientKeyId = section.text("clientKeyId");
  const usesSecret = login.clientAuth == ClientAuth.Basic || login.clientAuth == ClientAuth.Post;
  if (usesSecret && !section.has("clientSecret")) {
    section.error(
      "clientSecret",
      "missing",
      "give the secret that the provider gave the application, or clientAuth none for a public client",
    );
  }
  if (login.clientAuth == ClientAuth.PrivateKeyJwt && !section.has("clientKey")) {
    section.error(
      "clientKey",
      "missing",
      "private_key_jwt signs with a P-256 key; give file:/path to it",
    );
  }
}

function contains(list: Array<Bytes>, text: string): bool {
  for (let i = 0; i < list.length; i++) if (list[i].is(text)) return true;
  return false;
}
