/**
 * Signing out (OpenID Connect RP-Initiated Logout §2): every cookie of ours goes, the session is revoked wherever
 * stateDir is shared, and the provider is told. Another site can ask for it, but not do it.
 */
import { isOwnPage } from "../identity/cross-site";
import { languageFor, show } from "../pages/show";
import { Endpoint } from "../config/sign-in";
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
import { Parameters } from "../pages/page";
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
import { loopCookie } from "./redirect-loop";
import { HandlerResult } from "./exchange";

export function logout(context: Context): HandlerResult {
  const session = sessionOf(context);
  if (!isAskedForHere(context)) return HandlerResult.answer(confirm(context, session));
  const isEnded = !session || !context.stateDirectory || endHere(context, session);
  const refreshCookie = refreshCookieOf(context);
  // A sibling host can set that cookie: another session's would sign somebody else out at the provider.
  if (session && refreshCookie && !refreshCookie.id.equals(session.id)) {
    refreshCookie.idToken = Bytes.empty();
  }
  const way = new WayOut(session, refreshCookie, isEnded);
  // Of a session that another application has begun only the provider's metadata says where it ends.
  if (session && !refreshCookie && !context.login.endpoints[Endpoint.EndSession]) {
    return discover(context, way);
  }
  return HandlerResult.answer(
    way.take(context, refreshCookie ? refreshCookie.endSessionEndpoint : null),
  );
}

/** The machine where it began may have a clock that is ahead of ours. */
function endHere(context: Context, session: Session): bool {
  const time = max(context.now, session.signedIn);
  return endSession(context, session.sid, session.subject, time, false);
}

@final
class WayOut extends Discovery {
  constructor(
    private session: Session | null,
    private refreshCookie: RefreshCookie | null,
    /** False: the session lives on elsewhere. */
    private isEnded: bool,
  ) {
    super();
  }

  known(context: Context, metadata: Metadata): Response {
    return this.take(context, metadata.get(Endpoint.EndSession));
  }

  /** It ends here, at least. */
  failed(context: Context, _kind: PageKind): Response {
    return this.take(context, null);
  }

  /** `endpoint`: the provider's, unless it is configured. */
  take(context: Context, endpoint: Bytes | null): Response {
    const session = this.session;
    const target = targetOf(context, this.refreshCookie, endpoint);
    if (!this.isEnded) {
      const told = tellIncomplete(context, target);
      clearAll(context, told);
      return told;
    }
    // `form-action 'self'` of the page with the button holds for redirects after it as well (measured in Chromium).
    const response = context.request.method.is("POST")
      ? pageWith(context, PageKind.MovingOn, target)
      : redirectTo(target);
    clearAll(context, response);
    context.log.note("signed_out", session ? session.subject : Bytes.empty());
    return response;
  }
}

/** This browser forgets the session all the same; `target`: where signing out goes on. */
function tellIncomplete(context: Context, target: Bytes): Response {
  const request = context.request;
  const reason = Reason.SignOutNotWritten;
  const message = "a copy of the session holds until it is to be renewed";
  context.log.warn("sign_out_incomplete", message, Bytes.empty(), reason);
  if (isPageLoad(request)) return pageWith(context, PageKind.SignOutIncomplete, target);
  const answer = answerTo(reason);
  const response = new Response(answer.status);
  response.text("Content-Type", "application/problem+json");
  response.body = problemBody(answer, request.id);
  return response;
}

/**
 * By the user, on a page of ours or in the address bar; never by a page of somebody else's, nor by a picture or a frame,
 * which texts of other users may bring into pages of ours.
 */
function isAskedForHere(context: Context): bool {
  const request = context.request;
  // One host may be reached on several ports: their cookies are the same.
  if (request.method.is("POST")) return isOwnPage(request, context.settings);
  const site = request.get(Field.FetchSite);
  const dest = request.get(Field.FetchDest);
  if (dest && !dest.is("document") && !dest.is("empty")) return false;
  return !site || site.is("same-origin") || site.is("none");
}

function confirm(context: Context, session: Session | null): Response {
  const parameters = new Parameters(languageFor(context.request));
  parameters.link = context.pathOf("logout");
  parameters.other = Bytes.of("/");
  if (session) parameters.user = session.user;
  return show(PageKind.SignOutConfirm, context.request, parameters);
}

/** The provider's page, or where people go when it has none. */
function targetOf(
  context: Context,
  refreshCookie: RefreshCookie | null,
  known: Bytes | null,
): Bytes {
  const login = context.login;
  const configured = login.postLogoutRedirect;
  const home =
    configured.at(0) == Char.Slash ? context.publicOrigin.concat(configured) : configured;
  const configuredEndpoint = login.endpoints[Endpoint.EndSession];
  const endpoint = configuredEndpoint ? configuredEndpoint : known;
  if (!endpoint || endpoint.length == 0) return home;
  const pairs = new Pairs();
  if (refreshCookie && refreshCookie.idToken.length > 0) {
    pairs.add("id_token_hint", refreshCookie.idToken);
  }
  pairs.add("client_id", context.clientId).add("post_logout_redirect_uri", home);
  return pairs.after(endpoint);
}

/** Makes the browser forget all that it sent of ours. What else begins as our names do is anybody's, and only so much of it. */
export function clearAll(context: Context, response: Response): void {
  clearSession(context, response);
  const header = context.cookies;
  if (!header) return;
  const configured = context.sessionSettings;
  const loop = loopCookie(context);
  let left = COOKIES_CLEARED;
  for (const cookies = new Cookies(header); left > 0 && cookies.next();) {
    const name = cookies.name;
    if (!isOf(name, configured.cookieName) || !isToken(name)) continue;
    if (isPart(cookies, configured.sessionCookie) || isPart(cookies, configured.refreshCookie)) {
      continue;
    }
    const path = name.equals(loop) ? context.login.path : Bytes.of("/");
    response.cookie(context.laxAttributes(path, 0).clear(name));
    left--;
  }
}
