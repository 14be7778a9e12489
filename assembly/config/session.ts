/** `session`: the secrets of its cookies, their names and their life. */
import { Url } from "../http/url";
import { isToken } from "../http/header";
import { readHost } from "../http/host";
import { SESSION_SECRET_BYTES, SESSION_SECRETS } from "../limits";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { decodeHex } from "../text/hex";
import { Mode, SameSite, SessionOptions, TopOptions, Unclear } from "./options";
import { distinctBytes, GUESSABLE, resolveSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { Settings } from "./settings";
import { SessionSettings } from "./sign-in";

/** 32 random bytes have about 30. */
const DISTINCT_BYTES = 16;

export function readSession(top: Section, settings: Settings, sources: SecretSources): void {
  if (!top.has("session")) return;
  const section = top.section("session");
  const session = new SessionSettings();
  settings.session = session;
  readSecrets(section, session, settings.mode, sources);
  readCookieName(section, session);
  readDomain(section, session, settings);
  session.sameSite = SessionOptions.sameSite(section);
  session.maxAge = SessionOptions.maxAge(section);
  session.refreshEvery = SessionOptions.refreshEvery(section);
  session.refreshIsSet = section.has("refreshEvery");
  session.revocationTtl = SessionOptions.revocationTtl(section);
  session.revocationMaxStale = SessionOptions.revocationMaxStale(section);
  session.passUnreadable = SessionOptions.revocationUnreadable(section) == Unclear.Allow;
  session.audience = SessionOptions.audience(section) || session.audience;
  section.refuseOthers(SessionOptions.KEYS);
  checkSurroundings(top, settings);
  nameCookies(session, settings.isSecure);
  const token = settings.tokenCookie;
  if (token.equals(session.sessionCookie) || token.equals(session.refreshCookie)) {
    section.error("cookieName", "conflict", "is the cookie that token.cookie names");
  }
}

/**
 * A prefix makes the browser enforce attributes, RFC 6265bis §4.1.3; it accepts a prefix only on
 * Secure cookies.
 */
function nameCookies(session: SessionSettings, isSecure: bool): void {
  const name = session.cookieName.toString();
  const secure = isSecure ? "__Secure-" : "";
  const host = isSecure ? "__Host-" : "";
  session.sessionCookie = Bytes.of((session.domain.length > 0 ? secure : host) + name);
  session.refreshCookie = Bytes.of(`${secure}${name}-refresh`);
  session.transactionCookie = Bytes.of(`${host}${name}-login-`);
  session.laterCookie = Bytes.of(`${host}${name}-later`);
}

function readSecrets(
  section: Section,
  session: SessionSettings,
  mode: Mode,
  sources: SecretSources,
): void {
  const texts = section.texts("secrets");
  if (!texts && section.has("secrets")) return;
  const count = texts ? texts.length : 0;
  if (count == 0) {
    section.error("secrets", "missing", "give at least one; `rolegate secret` makes it");
  }
  if (count > SESSION_SECRETS) {
    section.error("secrets", "too_many", `more than ${SESSION_SECRETS} secrets`);
  }
  const read = SessionOptions.resolvesSecrets(mode) ? min(count, SESSION_SECRETS) : 0;
  for (let i = 0; texts && i < read; i++) {
    const key = `secrets[${i}]`;
    const secret = readOne(section, key, texts[i], sources);
    if (!secret) continue;
    if (contains(session.secrets, secret)) section.error(key, "duplicate", "is listed already");
    session.secrets.push(secret);
  }
}

function readOne(section: Section, key: string, text: Bytes, sources: SecretSources): Bytes | null {
  const value = resolveSecret(section, key, text, sources);
  if (!value) return null;
  const secret = decodeHex(value) || decode(value);
  if (!secret || secret.length < SESSION_SECRET_BYTES) {
    section.error(
      key,
      "bad_secret",
      `expected at least ${SESSION_SECRET_BYTES} bytes in base64url or hexadecimal; \`rolegate secret\` makes one`,
    );
    return null;
  }
  if (distinctBytes(secret) >= DISTINCT_BYTES) return secret;
  section.error(key, "bad_secret", GUESSABLE);
  return null;
}

function contains(secrets: Array<Bytes>, secret: Bytes): bool {
  for (let i = 0; i < secrets.length; i++) if (secrets[i].equals(secret)) return true;
  return false;
}

function readCookieName(section: Section, session: SessionSettings): void {
  const name = SessionOptions.cookieName(section);
  // Name and value together must stay below browsers' limit for a cookie: see `COOKIE_CHUNK_BYTES`.
  if (isToken(name) && !name.hasAt(0, "__") && name.length <= SessionOptions.COOKIE_NAME_BYTES) {
    session.cookieName = name;
  } else {
    section.error(
      "cookieName",
      "wrong_name",
      `is no name of a cookie, or longer than ${SessionOptions.COOKIE_NAME_BYTES} bytes; a prefix such as __Host- is added by itself`,
    );
  }
}

function readDomain(section: Section, session: SessionSettings, settings: Settings): void {
  const domain = SessionOptions.domain(section);
  if (!domain) return;
  const host = readHost(domain);
  if (!host || !host.equals(domain) || domain.indexOf(Char.Dot) < 0) {
    section.error("domain", "wrong_value", "expected a domain in lower case, as in example.com");
    return;
  }
  session.domain = domain;
  for (let i = 0; i < settings.hosts.length; i++) {
    if (isWithin(settings.hosts[i], domain)) continue;
    section.error("domain", "wrong_value", "does not cover the host of every publicUrl");
  }
  if (!section.report.warns) return;
  section.report.warning(
    section.pathOf("domain"),
    "shared_cookie",
    "every host of the domain can read and set the session's cookie; leave it out unless applications share sessions",
  );
}

export function isWithin(host: Bytes, domain: Bytes): bool {
  const rest = host.length - domain.length;
  if (rest < 0 || !host.rest(rest).equals(domain)) return false;
  return rest == 0 || host.at(rest - 1) == Char.Dot;
}

/** Checks the options that a session needs: its issuer and its origins. */
function checkSurroundings(top: Section, settings: Settings): void {
  const origins = settings.origins;
  const urls = TopOptions.publicUrl(top);
  if (urls ? urls.length == 0 : !top.has("publicUrl")) {
    top.error(
      "publicUrl",
      "missing",
      "sessions are of one origin; give the URL that browsers see, as in https://app.example.com",
    );
  }
  for (let i = 0; i < origins.length; i++) {
    const url = Url.parse(origins[i])!;
    const key = `publicUrl[${i}]`;
    if (i == 0) settings.isSecure = url.isSecure;
    else if (url.isSecure != settings.isSecure) {
      top.error(
        key,
        "conflict",
        "http and https under one session; give them middlewares of their own",
      );
    }
    if (url.isSecure) continue;
    if (settings.session!.sameSite == SameSite.None) {
      top.error(
        "session.sameSite",
        "conflict",
        "none needs https: browsers refuse such a cookie over plain http",
      );
    }
    if (!url.isLoopback) {
      top.error(
        key,
        "insecure_url",
        "sign-in needs https; plain http is for loopback addresses only",
      );
    } else if (top.report.warns) {
      top.report.warning(
        top.pathOf(key),
        "insecure_url",
        "plain http: cookies without Secure, for trying out on this machine only",
      );
    }
  }
}
