/**
 * The visit that the provider sends the browser to with a code (OpenID Connect Core §3.1.2.5): its attempt must be this
 * browser's and the issuer ours, then the code becomes tokens, and the tokens a session.
 */
import { escaped, Pairs } from "../http/escape";
import { Url } from "../http/url";
import { Response } from "../http/response";
import { CODE_BYTES } from "../limits";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { pageOfError } from "../pages/provider-error";
import { nonceOf, verifierOf } from "../session/random";
import { ID_BYTES, Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo, returnTo, signInAgain } from "./answers";
import { Attempt, AttemptState, findAttempt, idOf, nameOf, openState } from "./attempt";
import { Context } from "./context";
import { sessionOf } from "./credentials";
import { cookiesOf, Grant, grant, TOO_LARGE } from "./grant";
import { IdToken, verifyIdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { readTokenAnswer, TokenAnswer, tokenRequest } from "./token-endpoint";
import { countTurn } from "./turns";
import { Incoming } from "./visit";
import { Turn, Visit } from "./visits";

export function callback(context: Context): Turn {
  const given = context.parameter("state");
  const id = given ? idOf(given) : null;
  const state = given ? openState(given, context.ring) : null;
  if (!id || !state) return refuse(context, PageKind.SignInExpired, "state_unknown", Bytes.of("/"));
  // Sealed, and checked once more as it stands in Location.
  const to = returnAddress(state.returnTo, context.settings, context.origin);
  const attempt = findAttempt(context.cookies, id, context.ring, context.session, context.now);
  if (!attempt || attempt.origin != context.origin) return withoutAttempt(context, state, to);
  if (!isFromIssuer(context, attempt)) {
    return refuse(context, PageKind.Failed, "issuer_mismatch", to, attempt);
  }
  const error = context.parameter("error");
  if (error) {
    context.diary.warn("provider_refused", "the provider ended the sign-in", error);
    const response = pageOf(context, pageOfError(error), to, error);
    forget(context, attempt, response);
    return Turn.answer(response);
  }
  const code = context.parameter("code");
  if (!code || code.length > CODE_BYTES)
    return refuse(context, PageKind.Failed, "code_missing", to, attempt);
  const endpoint = attempt.tokenEndpoint;
  if (!leadsTo(endpoint, context.login)) {
    const origin = Url.parse(endpoint);
    context.diary.warn(
      "wrong_router",
      `the callback needs a router to the service of ${origin ? origin.origin.toString() : ""}`,
    );
    return Turn.answer(pageWith(context, PageKind.ConfigError, to));
  }
  const form = new Pairs()
    .add("grant_type", Bytes.of("authorization_code"))
    .add("code", code)
    .add("redirect_uri", context.urlOf("callback"))
    .add("code_verifier", verifierOf(attempt.seed));
  return Turn.goOut(
    tokenRequest(context, endpoint, form),
    new CallbackVisit(context, attempt, state, to),
  );
}

/** RFC 9207 §2.4: a response of another provider is one whatever it says, an error too. */
function isFromIssuer(context: Context, attempt: Attempt): bool {
  const iss = context.parameter("iss");
  if (iss) return iss.equals(context.issuer.name);
  return !attempt.namesIssuer && !context.has("iss");
}

/** A callback that was used already, took too long, or was begun in another browser. */
function withoutAttempt(context: Context, state: AttemptState, to: Bytes): Turn {
  const session = sessionOf(context);
  if (session && context.now < session.end) return Turn.answer(returnTo(context, to));
  if (state.turn == 0) {
    context.diary.note("begun_anew", Bytes.empty());
    return Turn.answer(redirectTo(signInAgain(context, to).concat(Bytes.of("&turn=2"))));
  }
  return refuse(context, PageKind.OtherBrowser, "attempt_missing", to);
}

function refuse(
  context: Context,
  kind: PageKind,
  event: string,
  to: Bytes,
  attempt: Attempt | null = null,
): Turn {
  context.diary.warn(event, "the callback is refused");
  const response = pageOf(context, kind, to, Bytes.empty());
  if (attempt) forget(context, attempt, response);
  return Turn.answer(response);
}

function pageOf(context: Context, kind: PageKind, to: Bytes, error: Bytes): Response {
  return pageWith(context, kind, signInAgain(context, to), error);
}

/** The code is spent either way. */
function forget(context: Context, attempt: Attempt, response: Response): void {
  const attributes = context.laxAttributes(Bytes.of("/"), 0);
  response.cookie(attributes.clear(nameOf(attempt.id, context.session)));
}

/** For the log. */
const NO_REFRESH_TOKEN =
  "the session ends with the ID token or after session.refreshEvery, because the provider gave no refresh token: " +
  "it may want the scope offline_access, or login.authorizationParams: {access_type: offline} (Google)";

@final
class CallbackVisit extends Visit {
  constructor(
    private context: Context,
    private attempt: Attempt,
    private state: AttemptState,
    private to: Bytes,
  ) {
    super();
  }

  back(incoming: Incoming): Response {
    const response = this.finish(readTokenAnswer(incoming), incoming.status);
    forget(this.context, this.attempt, response);
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
      context.diary.warn("code_refused", answer.error.toString(), answer.description);
      const expired = answer.error.is("invalid_grant");
      const kind = expired ? PageKind.SignInExpired : PageKind.SignInRefused;
      return pageOf(context, kind, this.to, answer.error);
    }
    const text = answer.idToken;
    if (!text) return this.refuse(PageKind.Failed, "id_token_missing", "there is no ID token");
    const endpoint = this.attempt.tokenEndpoint;
    const nonce = nonceOf(this.attempt.seed);
    const idToken = verifyIdToken(context, text, answer.accessToken, nonce, endpoint);
    if (idToken.reason != Reason.None) return this.refuseIdToken(idToken);
    const session = new Session();
    session.id = context.unpredictable("session id").slice(0, ID_BYTES);
    session.signedIn = context.now;
    const granted = grant(context, session, idToken, answer, null);
    if (granted.reason != Reason.None) {
      const message = "the tokens beside the ID token are refused";
      return this.refuse(PageKind.Failed, "tokens_refused", message, granted.reason);
    }
    this.sayUnread(granted.unread);
    return this.signIn(granted, answer);
  }

  private sayUnread(reason: Reason): void {
    if (reason == Reason.None) return;
    const diary = this.context.diary;
    if (reason == Reason.KeyUnknown) diary.keysAreStale = true;
    const message =
      "roles and claims of the access token do not count, because it cannot be verified; " +
      "if the ID token has all of them, say login.claimsFrom: [id_token]";
    diary.warn("access_token_unread", message, Bytes.empty(), reason);
  }

  private refuseIdToken(idToken: IdToken): Response {
    const reason = idToken.reason;
    // The keys come with the next fetch, within seconds; the code is spent, so it takes a new sign-in.
    const waits = reason == Reason.KeyUnknown || reason == Reason.KeysUnavailable;
    if (reason == Reason.KeyUnknown) this.context.diary.keysAreStale = true;
    const kind = waits ? PageKind.KeysMissing : PageKind.Failed;
    return this.refuse(kind, "id_token_refused", "the ID token is refused", reason);
  }

  private signIn(granted: Grant, answer: TokenAnswer): Response {
    const context = this.context;
    const credentials = granted.credentials;
    credentials.refreshToken = answer.refreshToken || Bytes.empty();
    credentials.idToken = answer.idToken!;
    credentials.tokenEndpoint = this.attempt.tokenEndpoint;
    credentials.endSessionEndpoint = this.state.endSessionEndpoint;
    credentials.userInfoEndpoint = this.state.userInfoEndpoint;
    const cookies = cookiesOf(context, granted);
    if (!cookies) {
      return this.refuse(PageKind.Failed, "cookies_too_large", TOO_LARGE);
    }
    const response = credentials.asksUserInfo(context)
      ? redirectTo(context.pathOf("userinfo?rd=").concat(escaped(this.to)))
      : returnTo(context, this.to);
    response.cookies(cookies);
    countTurn(context, response);
    if (!answer.refreshToken) context.diary.tell("no_refresh_token", NO_REFRESH_TOKEN);
    context.diary.note("signed_in", granted.session.subject);
    return response;
  }

  private refuse(
    kind: PageKind,
    event: string,
    message: string,
    reason: Reason = Reason.None,
  ): Response {
    this.context.diary.warn(event, message, Bytes.empty(), reason);
    return pageOf(this.context, kind, this.to, Bytes.empty());
  }
}
