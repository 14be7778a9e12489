/** The configuration's `session`: what its cookies are sealed with, how they are named and how long they hold. */
import { Url } from "../http/url";
import { isToken } from "../http/header";
import { readHost } from "../http/host";
import { SESSION_SECRET_BYTES } from "../limits";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { decodeHex } from "../text/hex";
import { SESSION_KEYS } from "./keywords";
import { resolveSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { Settings } from "./settings";
import { Mode, SAME_SITE, SameSite, SessionSettings } from "./sign-in";

const YEAR = 365 * 86400;
const DAY = 86400;
/** 32 random bytes have about 30. */
const DISTINCT_BYTES = 16;

export function readSession(top: Section, settings: Settings, sources: SecretSources): void {
  if (!top.has("session")) return;
  const section = top.section("session");
  const session = new SessionSettings();
  settings.session = session;
  // Mode keys has no use for a secret, and resolves none.
  if (settings.mode != Mode.Keys) readSecrets(section, session, sources);
  const name = section.text("cookieName");
  if (name && isToken(name) && !name.hasAt(0, "__")) session.cookieName = name;
  else if (name) {
    section.error(
      "cookieName",
      "wrong_name",
      "is no name of a cookie; a prefix such as __Host- is added by itself",
    );
  }
  readDomain(section, session, settings);
  session.sameSite = section.word("sameSite", SAME_SITE, SameSite.Lax);
  session.maxAge = section.seconds("maxAge", <i32>session.maxAge, YEAR);
  session.refreshEvery = section.seconds("refreshEvery", <i32>session.refreshEvery, DAY);
  session.revocationTtl = section.seconds("revocationTtl", <i32>session.revocationTtl, 3600);
  session.passUnreadable = section.word("revocationUnreadable", ["refuse", "allow"], 0) == 1;
  session.audience = section.text("audience") || Bytes.empty();
  section.refuseOthers(SESSION_KEYS);
  if (session.maxAge == 0) section.error("maxAge", "wrong_value", "no session would live");
  if (session.refreshEvery == 0) {
    section.error("refreshEvery", "wrong_value", "no session would live");
  }
  checkSurroundings(top, settings);
  nameCookies(session, settings.isSecure);
}

/** A prefix holds the browser to what is promised, RFC 6265bis §4.1.3; it takes only Secure cookies with one. */
function nameCookies(session: SessionSettings, isSecure: bool): void {
  const name = session.cookieName.toString();
  const secure = isSecure ? "__Secure-" : "";
  const host = isSecure ? "__Host-" : "";
  session.sessionCookie = Bytes.of((session.domain.length > 0 ? secure : host) + name);
  session.refreshCookie = Bytes.of(`${secure}${name}-refresh`);
  session.attemptCookie = Bytes.of(`${host}${name}-login-`);
  session.laterCookie = Bytes.of(`${host}${name}-later`);
}

function readSecrets(section: Section, session: SessionSettings, sources: SecretSources): void {
  const texts = section.texts("secrets");
  if (!texts) {
    if (!section.has("secrets")) {
      section.error("secrets", "missing", "give at least one; `rolegate secret` makes it");
    }
    return;
  }
  if (texts.length == 0) section.error("secrets", "empty", "is empty; `rolegate secret` makes one");
  for (let i = 0; i < texts.length; i++) {
    const key = `secrets[${i}]`;
    const text = resolveSecret(section, key, texts[i], sources);
    if (!text) continue;
    const secret = decodeHex(text) || decode(text);
    if (!secret || secret.length < SESSION_SECRET_BYTES) {
      section.error(
        key,
        "bad_secret",
        `expected at least ${SESSION_SECRET_BYTES} bytes in base64url or hexadecimal; \`rolegate secret\` makes one`,
      );
    } else if (distinctBytes(secret) < DISTINCT_BYTES) {
      section.error(
        key,
        "bad_secret",
        "has few different bytes and can be guessed; use random ones",
      );
    } else session.secrets.push(secret);
  }
}

function distinctBytes(bytes: Bytes): i32 {
  const seen = Bytes.make(256);
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (seen.at(bytes.at(i)) == 0) count++;
    seen.set(bytes.at(i), 1);
  }
  return count;
}

function readDomain(section: Section, session: SessionSettings, settings: Settings): void {
  const value = section.value("domain");
  if (!value || value.text.length == 0) return;
  const domain = section.text("domain");
  if (!domain) return;
  const host = readHost(domain);
  if (!host || !host.equals(domain) || domain.indexOf(0x2e) < 0) {
    section.error("domain", "wrong_value", "expected a domain in lower case, as in example.com");
    return;
  }
  session.domain = domain;
  for (let i = 0; i < settings.hosts.length; i++) {
    if (isWithin(settings.hosts[i], domain)) continue;
    section.error("domain", "wrong_value", "does not cover the host of every publicUrl");
  }
  section.report.warning(
    section.pathOf("domain"),
    "shared_cookie",
    "every host of the domain can read and set the session's cookie; leave it out unless applications share sessions",
  );
}

function isWithin(host: Bytes, domain: Bytes): bool {
  const rest = host.length - domain.length;
  if (rest < 0 || !host.slice(rest).equals(domain)) return false;
  return rest == 0 || host.at(rest - 1) == 0x2e;
}

/** What a session cannot be without: whose it is, and where it is sent. */
function checkSurroundings(top: Section, settings: Settings): void {
  const origins = settings.origins;
  if (origins.length == 0 && !top.has("publicUrl")) {
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
    if (url.isLoopback) {
      top.report.warning(
        top.pathOf(key),
        "insecure_url",
        "plain http: cookies without Secure, for trying out on this machine only",
      );
    } else {
      top.error(
        key,
        "insecure_url",
        "sign-in needs https; plain http is for loopback addresses only",
      );
    }
  }
}
