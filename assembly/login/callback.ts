/**
 * The redirection endpoint, to which the provider sends the browser with a code (OpenID Connect
 * Core §3.1.2.5). The transaction must be this browser's and the issuer the configured one; then
 * the code is exchanged for tokens, and the tokens become a session.
 */
import { escaped, Pairs } from "../http/escape";
import { Url } from "../http/url";
import { Response } from "../http/response";
import { CODE_BYTES } from "../limits";
import { Token } from "../jose/token";
import { Reason } from "../outcome/reason";
import { addKeysRouter } from "../outcome/remedy";
import { PageKind } from "../pages/kind";
import { pageOfError } from "../pages/provider-error";
import { nonceOf, verifierOf } from "../session/random";
import { ID_BYTES, Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo, returnTo, signInAgain } from "./answers";
import {
  Transaction,
  AuthorizationState,
  findTransaction,
  idOf,
  nameOf,
  openState,
} from "./transaction";
import { Context } from "./context";
import { sessionOf } from "./refresh-cookie";
import { cookiesOf, NewSession, createSession, TOO_LARGE } from "./create-session";
import { IdToken, verifyIdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { readTokenAnswer, TokenAnswer, tokenRequest } from "./token-endpoint";
import { countSignIn } from "./redirect-loop";
import { ProviderResponse } from "./provider-message";
import { HandlerResult, Exchange } from "./exchange";

/**
 * Handles the authorization response. Checks `state`, the browser's transaction, `iss` and `error`,
 * then exchanges the code; the response is a redirect to the application with a session, or an
 * error page. RFC 6749 §4.1.2, RFC 9207 §2.4, OpenID Connect Core §3.1.3.
 */
export function callback(context: Context): HandlerResult {
  const given = context.parameter("state");
  const id = given ? idOf(given) : null;
  const state = given ? openState(given, context.ring) : null;
  if (!id || !state) return refuse(context, PageKind.SignInExpired, "state_unknown", Bytes.of("/"));
  // Sealed, but checked again, because it is written to Location as it is.
  const to = returnAddress(state.returnTo, context.settings, context.originIndex);
  const transaction = findTransaction(
    context.cookies,
    id,
    context.ring,
    context.sessionSettings,
    context.now,
  );
  if (!transaction || transaction.origin != context.originIndex)
    return withoutTransaction(context, state, to);
  if (!isFromIssuer(context, transaction)) {
    return refuse(context, PageKind.Failed, "issuer_mismatch", to, transaction);
  }
  const error = context.parameter("error");
  if (error) {
    context.log.warn("provider_refused", "the provider ended the sign-in", error);
    const response = pageOf(context, pageOfError(error), to, error);
    forget(context, transaction, response);
    return HandlerResult.answer(response);
  }
  const code = context.parameter("code");
  if (!code || code.length > CODE_BYTES)
    return refuse(context, PageKind.Failed, "code_missing", to, transaction);
  const endpoint = transaction.tokenEndpoint;
  if (!leadsTo(endpoint, context.login)) {
    const origin = Url.parse(endpoint);
    context.log.warn(
      "wrong_router",
      `the callback needs a router to the service of ${origin ? origin.origin.toString() : ""}`,
    );
    return HandlerResult.answer(pageWith(context, PageKind.ConfigError, to));
  }
  const form = new Pairs()
    .add("grant_type", Bytes.of("authorization_code"))
    .add("code", code)
    .add("redirect_uri", context.urlOf("callback"))
    .add("code_verifier", verifierOf(transaction.seed));
  return HandlerResult.exchange(
    tokenRequest(context, endpoint, form),
    new CallbackExchange(context, transaction, state, to),
  );
}

/** RFC 9207 §2.4: a response from another provider is refused whatever it says, also an error. */
function isFromIssuer(context: Context, transaction: Transaction): bool {
  const iss = context.parameter("iss");
  if (iss) return iss.equals(context.issuer.name);
  return !transaction.namesIssuer && !context.has("iss");
}

/** A callback that was used already, took too long, or belongs to another browser. */
function withoutTransaction(context: Context, state: AuthorizationState, to: Bytes): HandlerResult {
  const session = sessionOf(context);
  if (session && context.now < session.end) return HandlerResult.answer(returnTo(context, to));
  if (state.restarts == 0) {
    context.log.note("begun_anew");
    return HandlerResult.answer(redirectTo(signInAgain(context, to).concat(Bytes.of("&turn=2"))));
  }
  return refuse(context, PageKind.OtherBrowser, "attempt_missing", to);
}

function refuse(
  context: Context,
  kind: PageKind,
  event: string,
  to: Bytes,
  transaction: Transaction | null = null,
): HandlerResult {
  context.log.warn(event, "the callback is refused");
  const response = pageOf(context, kind, to, Bytes.empty());
  if (transaction) forget(context, transaction, response);
  return HandlerResult.answer(response);
}

function pageOf(context: Context, kind: PageKind, to: Bytes, error: Bytes): Response {
  return pageWith(context, kind, signInAgain(context, to), error);
}

/** The code is used up in any case. */
function forget(context: Context, transaction: Transaction, response: Response): void {
  const attributes = context.laxAttributes(Bytes.of("/"), 0);
  response.cookie(attributes.clear(nameOf(transaction.id, context.sessionSettings)));
}

/** A note for the log. */
const NO_REFRESH_TOKEN =
  "the session ends with the ID token or after session.refreshEvery, because the provider gave no refresh token: " +
  "it may want the scope offline_access, or login.authorizationParams: {access_type: offline} (Google)";

@final
class CallbackExchange extends Exchange {
  constructor(
    private context: Context,
    private transaction: Transaction,
    private state: AuthorizationState,
    private to: Bytes,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const response = this.finish(readTokenAnswer(incoming), incoming.status);
    forget(this.context, this.transaction, response);
    return response;
  }

  private finish(answer: TokenAnswer, status: i32): Response {
    const context = this.context;
    if (answer.failed) {
      return this.refuse(
        PageKind.ProviderUnreachable,
        "token_endpoint_failed",
        `the token endpoint could not be used (status ${status}): look at the service of the login router`,
      );
    }
    if (answer.error.length > 0) {
      context.log.warn("code_refused", answer.refusal, answer.description);
      const expired = answer.error.is("invalid_grant");
      const kind = expired ? PageKind.SignInExpired : PageKind.SignInRefused;
      return pageOf(context, kind, this.to, answer.error);
    }
    const text = answer.idToken;
    if (!text) return this.refuse(PageKind.Failed, "id_token_missing", "there is no ID token");
    const endpoint = this.transaction.tokenEndpoint;
    const nonce = nonceOf(this.transaction.seed);
    const idToken = verifyIdToken(context, text, answer.accessToken, nonce, endpoint);
    if (idToken.reason != Reason.None) return this.refuseIdToken(idToken);
    const session = new Session();
    session.id = context.unpredictable("session id").slice(0, ID_BYTES);
    session.signedIn = context.now;
    const created = createSession(context, session, idToken, answer, null);
    if (created.reason != Reason.None) {
      const message = "the tokens beside the ID token are refused";
      return this.refuse(PageKind.Failed, "tokens_refused", message, created.reason);
    }
    this.sayUnread(created);
    return this.signIn(created, answer);
  }

  private sayUnread(created: NewSession): void {
    const reason = created.unread;
    if (reason == Reason.None) return;
    const log = this.context.log;
    if (reason == Reason.KeyUnknown) log.keysAreStale = true;
    const message =
      "roles and claims of the access token do not count, because it cannot be verified; " +
      "if the ID token has all of them, say login.claimsFrom: [id_token]";
    log.warn("access_token_unread", message, Bytes.empty(), reason, created.unreadToken);
  }

  private refuseIdToken(idToken: IdToken): Response {
    const reason = idToken.reason;
    // The keys arrive with the next fetch, within seconds. The code is used up, so this needs a new
    // sign-in.
    const waits = reason == Reason.KeyUnknown || reason == Reason.KeysUnavailable;
    if (reason == Reason.KeyUnknown) this.context.log.keysAreStale = true;
    const kind = waits ? PageKind.KeysMissing : PageKind.Failed;
    let message = "the ID token is refused";
    if (reason == Reason.KeysUnavailable && this.context.issuer.keysAreFetched) {
      message += ": " + addKeysRouter(this.context.login.path.toString());
    }
    return this.refuse(kind, "id_token_refused", message, reason, idToken.token);
  }

  private signIn(created: NewSession, answer: TokenAnswer): Response {
    const context = this.context;
    const refreshCookie = created.refreshCookie;
    refreshCookie.refreshToken = answer.refreshToken || Bytes.empty();
    refreshCookie.idToken = answer.idToken!;
    refreshCookie.tokenEndpoint = this.transaction.tokenEndpoint;
    refreshCookie.endSessionEndpoint = this.state.endSessionEndpoint;
    refreshCookie.userInfoEndpoint = this.state.userInfoEndpoint;
    const cookies = cookiesOf(context, created);
    if (!cookies) {
      return this.refuse(PageKind.Failed, "cookies_too_large", TOO_LARGE);
    }
    const response = refreshCookie.asksUserInfo(context)
      ? redirectTo(context.pathOf("userinfo?rd=").concat(escaped(this.to)))
      : returnTo(context, this.to);
    response.cookies(cookies);
    countSignIn(context, response);
    if (!answer.refreshToken) context.log.tell("no_refresh_token", NO_REFRESH_TOKEN);
    context.log.note("signed_in", created.roles, created.providerRoles);
    return response;
  }

  private refuse(
    kind: PageKind,
    event: string,
    message: string,
    reason: Reason = Reason.None,
    token: Token | null = null,
  ): Response {
    this.context.log.warn(event, message, Bytes.empty(), reason, token);
    return pageOf(this.context, kind, this.to, Bytes.empty());
  }
}
