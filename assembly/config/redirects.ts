/** Where a browser may be redirected after sign-in and sign-out. */
import { isTarget, Url } from "../http/url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { isOrigin, ORIGIN_EXPECTED } from "./origins";
import { LoginOptions } from "./options";
import { Section } from "./section";
import { LoginSettings } from "./sign-in";

export function readRedirects(section: Section, login: LoginSettings): void {
  readAfterLogout(section, login);
  const origins = LoginOptions.allowedRedirects(section);
  for (let i = 0; origins && i < origins.length; i++) {
    if (isOrigin(origins[i])) login.allowedRedirects.push(origins[i]);
    else section.error(`allowedRedirects[${i}]`, "wrong_value", ORIGIN_EXPECTED);
  }
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
  } else if (login.covers(pathOf(text))) {
    section.error(
      "postLogoutRedirect",
      "conflict",
      "is below login.path, where signing out begins; choose a page of the application",
    );
  } else login.postLogoutRedirect = text;
}

function pathOf(target: Bytes): Bytes {
  const query = target.indexOf(Char.Question);
  return query < 0 ? target : target.slice(0, query);
}
