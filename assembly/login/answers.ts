/** Responses of the relying party to browsers: pages, redirects, and their common headers. */
import { parametersFor, show } from "../pages/show";
import { isNavigation } from "../http/navigation";
import { Response } from "../http/response";
import { escaped } from "../http/escape";
import { answerTo } from "../outcome/answer";
import { problemBody } from "../outcome/problem";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** A page with its first link. */
export function pageWith(context: Context, kind: PageKind, link: Bytes): Response {
  return pageWithError(context, kind, link, Bytes.empty());
}

/** The same with the provider's error code, if there is one. */
export function pageWithError(
  context: Context,
  kind: PageKind,
  link: Bytes,
  error: Bytes,
): Response {
  const parameters = parametersFor(context.request, context.settings);
  parameters.link = link;
  parameters.error = error;
  // The provider may accept another account.
  if (kind == PageKind.AccessDenied) parameters.account = link.concat(Bytes.of("&account=other"));
  return show(kind, parameters);
}

/** A link to a new sign-in that returns to `returnTo`. */
export function signInAgain(context: Context, returnTo: Bytes): Bytes {
  return context.pathOf("login?rd=").concat(escaped(returnTo));
}

export function redirectTo(location: Bytes, status: i32 = 302): Response {
  const response = new Response(status);
  response.header("Location", location);
  return response;
}

/**
 * Sends the browser back to the application. With SameSite=Strict it sends the cookie only after a
 * step from Rolegate's own page.
 */
export function returnTo(context: Context, address: Bytes): Response {
  if (!context.isStrict) return redirectTo(address);
  return pageWith(context, PageKind.MovingOn, address);
}

/**
 * Redirects a person to sign in; tells a program that it is not signed in, and whether another
 * request for a refresh may help.
 */
export function unauthenticated(
  context: Context,
  returnTo: Bytes,
  canRefresh: bool = false,
): Response {
  if (isNavigation(context.request)) return redirectTo(signInAgain(context, returnTo));
  const answer = answerTo(Reason.CredentialMissing);
  const response = new Response(answer.status);
  response.text("Content-Type", "application/problem+json");
  response.text("WWW-Authenticate", "Bearer");
  const url = context.urlOf("login").toString();
  const refresh = canRefresh ? context.urlOf("refresh").toString() : "";
  response.body = problemBody(answer, context.request.id, url, refresh);
  return response;
}

/** Headers against caching, referrers and sniffing of content types. */
export function addSecurityHeaders(response: Response): Response {
  const names = response.headers.names;
  let hasReferrer = false;
  let hasCache = false;
  let hasSniff = false;
  for (let i = 0; i < names.length; i++) {
    if (names[i].isInAnyCase("referrer-policy")) hasReferrer = true;
    if (names[i].isInAnyCase("cache-control")) hasCache = true;
    if (names[i].isInAnyCase("x-content-type-options")) hasSniff = true;
  }
  if (!hasCache) response.text("Cache-Control", "no-store");
  if (!hasReferrer) response.text("Referrer-Policy", "no-referrer");
  if (!hasSniff) response.text("X-Content-Type-Options", "nosniff");
  return response;
}
