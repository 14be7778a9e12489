/** Where a browser may be redirected after sign-in and sign-out. */
import { isTarget, Url } from "../http/url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { isOrigin } from "./origins";
import { LoginOptions } from "./options";
import { Section } from "./section";
import { isWithin } from "./session";
import { Settings } from "./settings";
import { LoginSettings, SIGNED_OUT } from "./sign-in";

/** The beginning of an origin that means all names one label below its host. */
const ANY_SIBLING = "https://*.";

const REDIRECT_EXPECTED =
  "expected an origin as browsers write it, in lower case and without the default port, as in https://app.example.com; " +
  "https://*.example.com only within session.domain";

export function readRedirects(section: Section, settings: Settings): void {
  const login = settings.login;
  readAfterLogout(section, login);
  const origins = LoginOptions.allowedRedirects(section);
  for (let i = 0; origins && i < origins.length; i++) {
    if (isOrigin(origins[i]) || isSibling(origins[i], settings)) {
      login.allowedRedirects.push(origins[i]);
    } else section.error(`allowedRedirects[${i}]`, "wrong_value", REDIRECT_EXPECTED);
  }
}

/**
 * Every host of a domain that gets the session's cookie is trusted with the session already. In
 * another domain, anyone with a host there could have users redirected to it.
 */
function isSibling(text: Bytes, settings: Settings): bool {
  const session = settings.session;
  if (!session || session.domain.length == 0 || !text.hasAt(0, ANY_SIBLING)) return false;
  const url = Url.parse(Bytes.of("https://").concat(text.rest(ANY_SIBLING.length)));
  return url !== null && url.origin.length == url.text.length && isWithin(url.host, session.domain);
}

/** OpenID Connect RP-Initiated Logout §3.1. */
function readAfterLogout(section: Section, login: LoginSettings): void {
  const text = LoginOptions.postLogoutRedirect(section);
  const url = Url.parse(text);
  if (!isTarget(text) && !(url && (url.isSecure || url.isLoopback))) {
    section.error(
      "postLogoutRedirect",
      "wrong_value",
      "expected a path that begins with one slash, or an https URL, percent-encoded where it is not ASCII",
    );
  } else if (login.covers(pathOf(text)) && !isSignedOutPage(text, login)) {
    section.error(
      "postLogoutRedirect",
      "conflict",
      `is below login.path, where only ${login.path.toString()}/${SIGNED_OUT} is a page to end at; choose that or one of the application's`,
    );
  } else login.postLogoutRedirect = text;
}

/** The plugin's own page; on this origin, for its provider sends our `state` there. */
function isSignedOutPage(text: Bytes, login: LoginSettings): bool {
  return text.equals(login.path.concat(Bytes.of(`/${SIGNED_OUT}`)));
}

function pathOf(target: Bytes): Bytes {
  const query = target.indexOf(Char.Question);
  return query < 0 ? target : target.slice(0, query);
}

/** True if sign-in may return to that origin. */
export function mayReturnTo(origin: Bytes, login: LoginSettings): bool {
  const allowed = login.allowedRedirects;
  for (let i = 0; i < allowed.length; i++) {
    if (allowed[i].equals(origin) || isBelow(origin, allowed[i])) return true;
  }
  return false;
}

/** One label more than the pattern's host has. */
function isBelow(origin: Bytes, pattern: Bytes): bool {
  if (!pattern.hasAt(0, ANY_SIBLING)) return false;
  const dot = origin.indexOf(Char.Dot);
  const scheme = ANY_SIBLING.length - 2;
  return (
    dot > scheme &&
    origin.hasAt(0, "https://") &&
    origin.rest(dot + 1).equals(pattern.rest(ANY_SIBLING.length))
  );
}
