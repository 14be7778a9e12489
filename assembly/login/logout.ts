/**
 * Sign-out (OpenID Connect RP-Initiated Logout §2): Rolegate's cookies are cleared, the session is
 * revoked for all that share stateDir, and the provider is notified. Another site can request it,
 * but the user must confirm.
 */
import { isOwnPage } from "../identity/cross-site";
import { parametersFor, show } from "../pages/show";
import { Endpoint, SIGNED_OUT } from "../config/sign-in";
import { Cookies, isOf } from "../http/cookie";
import { Pairs } from "../http/escape";
import { isToken } from "../http/header";
import { Field } from "../http/request";
import { isPageLoad } from "../http/navigation";
import { Response } from "../http/response";
import { COOKIES_CLEARED } from "../limits";
import { answerTo } from "../outcome/answer";
import { problemBody } from "../outcome/problem";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { isPart } from "../session/cookies";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { pageWith, redirectTo } from "./answers";
import { Context } from "./context";
import { RefreshCookie, refreshCookieOf, sessionOf } from "./refresh-cookie";
import { discover, Discovery } from "./discovery";
import { clearSession } from "./create-session";
import { Metadata } from "./metadata";
import { endSession } from "./revoke";
import { logoutState, signedOutPage } from "./signed-out";
import { addressToWrite, storedOf } from "./store-visit";
import { transactionDataPrefix } from "./transaction-data";
import { loopCookie } from "./redirect-loop";
import { HandlerResult } from "./exchange";

const SEE_OTHER = 303;

/**
 * Ends the session and redirects to the provider's end_session_endpoint, or to
 * `login.postLogoutRedirect`. A request of another site gets a page with a button; a revocation
 * that cannot be written is reported, and the browser's cookies are cleared all the same.
 */
export function logout(context: Context): HandlerResult {
  const isOurs = isAskedForHere(context) || storedOf(context) !== null;
  if (!isOurs) return HandlerResult.answer(confirm(context, sessionOf(context)));
  const way = wayOut(context);
  const refreshCookie = way.refreshCookie;
  // For a session that another application began, only the provider's metadata has the address for
  // signing out.
  if (way.session && !refreshCookie && !context.login.endpoints[Endpoint.EndSession]) {
    return discover(context, way);
  }
  return HandlerResult.answer(
    way.take(context, refreshCookie ? refreshCookie.endSessionEndpoint : null),
  );
}

/** Signs out when the provider's metadata is known. The caller has checked `isAskedForHere`. */
export function logoutBy(context: Context, metadata: Metadata): Response {
  return wayOut(context).known(context, metadata);
}

/** Ends the session here. */
function wayOut(context: Context): WayOut {
  const session = sessionOf(context);
  const stored = storedOf(context);
  const isEnded = stored
    ? stored.isWritten
    : !session || !context.stateDirectory || endHere(context, session);
  const refreshCookie = refreshCookieOf(context);
  // A sibling host can set that cookie: one of another session would sign its user out at the
  // provider.
  if (session && refreshCookie && !refreshCookie.id.equals(session.id)) {
    refreshCookie.idToken = Bytes.empty();
  }
  const isForm = context.request.method.is("POST") || (stored !== null && stored.isForm);
  return new WayOut(session, refreshCookie, isEnded, isForm);
}

/** The machine where it began may have a clock that is ahead, or this one's was set back. */
export function timeOfEnd(context: Context, session: Session): i64 {
  return max(context.now, session.signedIn);
}

function endHere(context: Context, session: Session): bool {
  const time = timeOfEnd(context, session);
  const issuer = context.issuerNameOf(session);
  const least = context.shared ? session.signedIn : time;
  return endSession(context, issuer, session.sid, session.subject, time, false, least);
}

@final
class WayOut extends Discovery {
  constructor(
    readonly session: Session | null,
    readonly refreshCookie: RefreshCookie | null,
    /** False: the session remains valid elsewhere. */
    private isEnded: bool,
    private isForm: bool,
  ) {
    super();
  }

  known(context: Context, metadata: Metadata): Response {
    return this.take(context, metadata.get(Endpoint.EndSession));
  }

  /** Without metadata the session still ends here. */
  failed(context: Context, _kind: PageKind): Response {
    return this.take(context, null);
  }

  /** `endpoint`: the provider's, used unless another is configured. */
  take(context: Context, endpoint: Bytes | null): Response {
    const session = this.session;
    if (session && context.shared && context.revoked) {
      // Comes back here, with what became of it.
      return redirectTo(addressToWrite(context, session, this.isForm), SEE_OTHER);
    }
    const known = context.login.endpoints[Endpoint.EndSession] || endpoint;
    const isTold = known !== null && known.length > 0;
    const target = isTold ? addressOf(context, this.refreshCookie, known!) : homeOf(context);
    if (!this.isEnded) {
      const told = tellIncomplete(context, target);
      clearAll(context, told);
      return told;
    }
    const response =
      isTold || !isStartPage(context)
        ? this.moveOn(context, target)
        : signedOutPage(context, false);
    clearAll(context, response);
    context.log.note("signed_out");
    return response;
  }

  /**
   * `form-action 'self'` of the page with the button applies to redirects after it as well
   * (measured in Chromium).
   */
  private moveOn(context: Context, target: Bytes): Response {
    return this.isForm ? pageWith(context, PageKind.MovingOn, target) : redirectTo(target);
  }
}

/** This browser's session ends all the same; `target`: the address where signing out continues. */
function tellIncomplete(context: Context, target: Bytes): Response {
  const request = context.request;
  const reason = Reason.SignOutNotWritten;
  const message = "a copy of the session holds until it is to be renewed";
  context.log.warnWith("sign_out_incomplete", message, Bytes.empty(), reason, null);
  if (isPageLoad(request)) return pageWith(context, PageKind.SignOutIncomplete, target);
  const answer = answerTo(reason);
  const response = new Response(answer.status);
  response.text("Content-Type", "application/problem+json");
  response.body = problemBody(answer, request.id);
  return response;
}

/**
 * True if the user asked, on one of the application's pages or in the address bar. False for
 * another site's page, and for a picture or a frame, which other users' texts may bring into the
 * application's pages.
 */
export function isAskedForHere(context: Context): bool {
  const request = context.request;
  // One host may have several ports, which share cookies.
  if (request.method.is("POST")) return isOwnPage(request, context.settings);
  const site = request.get(Field.FetchSite);
  const dest = request.get(Field.FetchDest);
  if (dest && !dest.is("document") && !dest.is("empty")) return false;
  return !site || site.is("same-origin") || site.is("none");
}

function confirm(context: Context, session: Session | null): Response {
  const parameters = parametersFor(context.request, context.settings);
  parameters.link = context.pathOf("logout");
  parameters.other = Bytes.of("/");
  if (session) parameters.user = session.user;
  return show(PageKind.SignOutConfirm, parameters);
}

/**
 * By default people would go where the provider, whose session goes on, signs them in again at
 * once.
 */
function isStartPage(context: Context): bool {
  const configured = context.login.postLogoutRedirect;
  return configured.is("/") || isSignedOutPage(context);
}

function isSignedOutPage(context: Context): bool {
  return context.login.postLogoutRedirect.equals(context.pathOf(SIGNED_OUT));
}

/** Where people go at the end. */
function homeOf(context: Context): Bytes {
  const configured = context.login.postLogoutRedirect;
  return configured.at(0) == Char.Slash ? context.publicOrigin.concat(configured) : configured;
}

/** The provider's page. */
function addressOf(context: Context, refreshCookie: RefreshCookie | null, endpoint: Bytes): Bytes {
  const pairs = new Pairs();
  if (refreshCookie && refreshCookie.idToken.length > 0) {
    pairs.add("id_token_hint", refreshCookie.idToken);
  }
  pairs.add("client_id", context.clientId).add("post_logout_redirect_uri", homeOf(context));
  // An application's own page would get it as a parameter that it knows nothing of.
  if (isSignedOutPage(context)) pairs.add("state", logoutState(context));
  return pairs.after(endpoint);
}

/** Expires Rolegate's cookies; of other cookies that share the prefix at most COOKIES_CLEARED. */
export function clearAll(context: Context, response: Response): void {
  clearSession(context, response);
  const header = context.cookies;
  if (!header) return;
  const configured = context.sessionSettings;
  const loops = loopCookie(context);
  const data = transactionDataPrefix(context);
  let left = COOKIES_CLEARED;
  for (const cookies = new Cookies(header); left > 0 && cookies.next();) {
    const name = cookies.name;
    if (!isOf(name, configured.cookieName) || !isToken(name)) continue;
    if (isPart(cookies, configured.sessionCookie) || isPart(cookies, configured.refreshCookie)) {
      continue;
    }
    const isOnPath = name.equals(loops) || name.startsWith(data);
    const path = isOnPath ? context.login.path : Bytes.of("/");
    response.cookie(context.laxAttributes(path, 0).clear(name));
    left--;
  }
}
