/**
 * Refreshes a session (RFC 6749 §6, OpenID Connect Core §12). A failed refresh never ends a session
 * that is still valid.
 */
import { secondsOf } from "../claims/times";
import { Pairs, escaped } from "../http/escape";
import { canDetour, isNavigation } from "../http/navigation";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { REFRESH_PAUSE_SECONDS, REFRESH_ROUNDS } from "../limits";
import { answerTo } from "../outcome/answer";
import { problemBody, RETRY_AFTER } from "../outcome/problem";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo, unauthenticated } from "./answers";
import { Context } from "./context";
import { RefreshCookie, refreshCookieOf, refreshCookieWith, sessionOf } from "./refresh-cookie";
import { discoveryRequest } from "./discovery";
import { cookiesOf, NewSession, createSession, tooLarge } from "./create-session";
import { IdToken, mayBeGoodLater, verifyIdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { SingleFlight } from "./single-flight";
import { leaseOf, stepOf, Turn, turnOf } from "./store-turn";
import { STORE } from "./ticket";
import { readTokenAnswer, TokenAnswer, tokenRequest } from "./token-endpoint";
import { ProviderResponse } from "./provider-message";
import { HandlerResult, Exchange } from "./exchange";

/**
 * Refreshes the session of the request, and returns to `rd` or responds with 204. Without a session
 * that can be refreshed the user is sent to sign in, and a program gets 401; if the provider fails,
 * a valid session is kept, and an ended one gets 503 or a page.
 */
export function refresh(context: Context): HandlerResult {
  const to = returnAddress(context.parameter("rd"), context.settings, context.originIndex);
  const session = sessionOf(context);
  if (!session || context.isRevoked(session))
    return HandlerResult.answer(unauthenticated(context, to));
  const found = refreshCookieOf(context);
  const refreshCookie = found ? found : new RefreshCookie();
  const refreshContext = new RefreshContext(context, session, refreshCookie, to);
  if (!refreshCookie.id.equals(session.id))
    return HandlerResult.answer(refreshContext.withoutToken());
  if (refreshContext.isFresh) return HandlerResult.answer(refreshContext.done());
  const isOver =
    context.now >= session.signedIn + context.sessionSettings.maxAge ||
    context.now >= session.end + context.login.refreshGrace;
  if (isOver || refreshCookie.refreshToken.length == 0) {
    return HandlerResult.answer(unauthenticated(context, to));
  }
  if (!leadsTo(refreshCookie.tokenEndpoint, context.login)) {
    context.log.warn("wrong_router", "refreshing needs a router to the token endpoint's service");
    return HandlerResult.answer(refreshContext.postponed(PageKind.ConfigError));
  }
  const flight = SingleFlight.of(context, refreshCookie.refreshToken, session.made);
  const cookies = flight.cookies();
  if (cookies) return HandlerResult.answer(refreshContext.doneWith(cookies));
  const turn = turnOf(context, flight);
  if (turn == Turn.Lost && !refreshContext.holds) {
    const lease = leaseOf(context);
    if (lease.length > 0) flight.lease = lease;
    return HandlerResult.answer(refreshContext.step(flight, Turn.Wait));
  }
  if (turn == Turn.Lost || turn == Turn.GaveUp) {
    flight.abandon();
    return HandlerResult.answer(refreshContext.postponed(PageKind.ProviderUnreachable));
  }
  if (turn != Turn.None && flight.goesOn(turn == Turn.Won)) {
    return refreshContext.askProvider(flight, turn == Turn.Won);
  }
  // Another request holds the lock, and a guest cannot sleep: sends a harmless discovery request,
  // and looks for the new cookies when the response arrives.
  if (!flight.begin())
    return HandlerResult.exchange(
      discoveryRequest(context),
      new RefreshWaiter(refreshContext, flight),
    );
  // Another request may have finished in the meantime, and the provider would take a second use of
  // the token for theft.
  const late = flight.cookies();
  if (late) {
    flight.abandon();
    return HandlerResult.answer(refreshContext.doneWith(late));
  }
  // Other Traefiks may have the same session.
  flight.lease = leaseOf(context);
  if (flight.lease.length > 0) {
    return HandlerResult.answer(refreshContext.step(flight, Turn.Claim));
  }
  return refreshContext.askProvider(flight, false);
}

const REDIRECT = 302;
/** For the log. */
const KEY_UNKNOWN =
  "the key of the new ID token is not known yet: the session is refreshed when the keys are fetched";

/** The session to refresh, and the address to return to. */
@final
class RefreshContext {
  constructor(
    readonly context: Context,
    readonly session: Session,
    readonly refreshCookie: RefreshCookie,
    private to: Bytes,
  ) {}

  /** `isLocked`: at the other Traefiks as well. */
  askProvider(flight: SingleFlight, isLocked: bool): HandlerResult {
    const refreshCookie = this.refreshCookie;
    const form = new Pairs()
      .add("grant_type", Bytes.of("refresh_token"))
      .add("refresh_token", refreshCookie.refreshToken);
    const outgoing = tokenRequest(this.context, refreshCookie.tokenEndpoint, form);
    return HandlerResult.exchange(outgoing, new RefreshExchange(this, flight, isLocked));
  }

  /** Sends the browser to the engine, from where it comes back. */
  step(flight: SingleFlight, turn: Turn): Response {
    const step = stepOf(this.context, this.session, flight, turn);
    return redirectTo(this.addressOf(`${STORE}?`).concat(step));
  }

  /** Another request has refreshed it already. */
  get isFresh(): bool {
    return this.holds && this.context.now < this.session.refreshAt;
  }

  /** The session is still valid. */
  get holds(): bool {
    return this.isCurrent && this.context.now < this.session.end;
  }

  private get isCurrent(): bool {
    return this.session.fingerprint.equals(this.context.sessionSettings.fingerprint);
  }

  /** A front end that calls this itself gives no address, and wants no page. */
  done(): Response {
    if (this.context.has("rd")) return redirectTo(this.to);
    return new Response(204);
  }

  /**
   * Asks the userinfo endpoint again if it is used, because the new cookies do not have its claims.
   */
  doneWith(cookies: Array<Bytes>): Response {
    const asks = this.refreshCookie.asksUserInfo(this.context);
    const response = asks ? redirectTo(this.addressOf("userinfo?")) : this.done();
    response.cookies(cookies);
    return response;
  }

  /** The cookie of a session that is not refreshed again for a while. */
  get pause(): Bytes {
    const attributes = this.context.laxAttributes(Bytes.of("/"), REFRESH_PAUSE_SECONDS);
    return attributes.set(this.context.sessionSettings.laterCookie, Bytes.of("1"));
  }

  /** The refresh failed for now. A valid session is not refreshed again for a while. */
  postponed(kind: PageKind): Response {
    const context = this.context;
    if (this.holds) {
      const response = this.done();
      response.cookie(this.pause);
      return response;
    }
    if (isNavigation(context.request)) return pageWith(context, kind, this.again(0));
    const answer = answerTo(Reason.ProviderUnreachable);
    const response = new Response(answer.status);
    response.text("Content-Type", "application/problem+json");
    response.text("Retry-After", RETRY_AFTER);
    response.body = problemBody(answer, context.request.id);
    return response;
  }

  /**
   * Applications that share a session have separate refresh tokens: a page starts a sign-in to get
   * one, a script continues.
   */
  withoutToken(): Response {
    if (this.holds && !isNavigation(this.context.request)) {
      return this.postponed(PageKind.SignInRequired);
    }
    return this.signInAgain();
  }

  signInAgain(canRefresh: bool = false): Response {
    return unauthenticated(this.context, this.to, canRefresh);
  }

  /** This route's address, for the next round of waiting. */
  again(round: i32): Bytes {
    const address = this.addressOf("refresh?");
    return round > 0 ? address.concat(Bytes.of(`&round=${round}`)) : address;
  }

  private addressOf(route: string): Bytes {
    const address = this.context.pathOf(route);
    return this.context.has("rd")
      ? address.concat(Bytes.of("rd=")).concat(escaped(this.to))
      : address;
  }
}

/** Handles a refresh that lost the lock. */
@final
class RefreshWaiter extends Exchange {
  constructor(
    private refreshContext: RefreshContext,
    private flight: SingleFlight,
  ) {
    super();
  }

  onResponse(_incoming: ProviderResponse): Response {
    const refreshContext = this.refreshContext;
    const cookies = this.flight.cookies();
    if (cookies) return refreshContext.doneWith(cookies);
    if (refreshContext.holds) return refreshContext.postponed(PageKind.ProviderUnreachable);
    const round = roundOf(refreshContext.context) + 1;
    if (round < REFRESH_ROUNDS && canDetour(refreshContext.context.request)) {
      return redirectTo(refreshContext.again(round));
    }
    // The request with the lock may still finish, so a front end should ask again.
    return refreshContext.signInAgain(true);
  }
}

function roundOf(context: Context): i32 {
  const text = context.parameter("round");
  return text && text.length == 1 ? (<i32>text.at(0)) & 15 : 0;
}

@final
class RefreshExchange extends Exchange {
  constructor(
    private refreshContext: RefreshContext,
    private flight: SingleFlight,
    private isLocked: bool,
  ) {
    super();
  }

  /** The response, after a step that releases the engine's lock. */
  private released(response: Response, turn: Turn): Response {
    if (!this.isLocked) return response;
    const isFailure = response.status > REDIRECT;
    // With cookies it is shown at once.
    if (isFailure && turn == Turn.Share) return response;
    const step = this.refreshContext.step(this.flight, isFailure ? Turn.GiveUp : turn);
    if (isFailure) return step;
    response.status = step.status;
    response.headers.replace("Location", step.headers.values[0]);
    return response;
  }

  onResponse(incoming: ProviderResponse): Response {
    const context = this.refreshContext.context;
    const answer = readTokenAnswer(incoming);
    if (answer.failed || (answer.error.length > 0 && !answer.error.is("invalid_grant"))) {
      const status = `(status ${incoming.status})`;
      context.log.warnWith(
        "refresh_failed",
        `the token endpoint ${status}`,
        answer.error,
        Reason.None,
        null,
      );
      this.flight.abandon();
      const postponed = this.refreshContext.postponed(PageKind.ProviderUnreachable);
      return this.released(postponed, Turn.Release);
    }
    if (answer.error.length > 0) {
      const cookies = this.flight.cookies();
      if (cookies) return this.refreshContext.doneWith(cookies);
      context.log.note("refresh_refused");
      this.flight.abandon();
      return this.refreshContext.signInAgain();
    }
    return this.complete(answer);
  }

  private complete(answer: TokenAnswer): Response {
    const refreshContext = this.refreshContext;
    const context = refreshContext.context;
    const idToken = this.idTokenOf(answer);
    if (mayBeGoodLater(idToken.reason)) return this.waitForKeys(answer, idToken);
    const created =
      idToken.reason != Reason.None
        ? new NewSession().refuse(idToken.reason)
        : this.sessionFrom(idToken, answer);
    let cookies: Array<Bytes> | null = null;
    if (created.reason == Reason.None) cookies = cookiesOf(context, created);
    if (!cookies) {
      const why = created.reason == Reason.None ? tooLarge() : "the new tokens are refused";
      context.log.warnWith("refresh_refused", why, Bytes.empty(), created.reason, idToken.token);
      this.flight.abandon();
      return refreshContext.signInAgain();
    }
    this.flight.finish(cookies);
    context.log.note("refreshed", created.roles, created.providerRoles);
    return this.released(refreshContext.doneWith(cookies), Turn.Share);
  }

  /**
   * The provider has rotated its keys, or none are there. The session stays as it is. The refresh
   * token that came, which may be the only one that counts now, is kept for the next refresh.
   */
  private waitForKeys(answer: TokenAnswer, idToken: IdToken): Response {
    const refreshContext = this.refreshContext;
    const context = refreshContext.context;
    if (idToken.reason == Reason.KeyUnknown) context.log.keysAreStale = true;
    context.log.warnWith(
      "refresh_failed",
      KEY_UNKNOWN,
      Bytes.empty(),
      idToken.reason,
      idToken.token,
    );
    const response = refreshContext.postponed(PageKind.KeysMissing);
    const refreshCookie = refreshContext.refreshCookie;
    const cookies = answer.refreshToken
      ? refreshCookieWith(context, refreshCookie, answer.refreshToken!)
      : null;
    if (cookies) {
      response.cookies(cookies);
      cookies.push(refreshContext.pause);
      this.flight.finish(cookies);
    } else this.flight.abandon();
    return this.released(response, cookies ? Turn.Share : Turn.Release);
  }

  /**
   * Core §12.2: the same subject and, if present, the same sign-in. Without a new ID token the old
   * one's claims remain.
   */
  private idTokenOf(answer: TokenAnswer): IdToken {
    const refreshContext = this.refreshContext;
    const context = refreshContext.context;
    const old = Token.parse(refreshContext.refreshCookie.idToken, [Bytes.of("JWT")]);
    const before = old.payload;
    const text = answer.idToken;
    const result = new IdToken();
    if (!before) return result.refuse(old.reason);
    if (!text) {
      return result.take(context, before, refreshContext.session.subject);
    }
    const endpoint = refreshContext.refreshCookie.tokenEndpoint;
    const idToken = verifyIdToken(context, text, answer.accessToken, null, endpoint);
    const payload = idToken.payload;
    if (!payload) return idToken;
    // Two tenants of one provider may have the same subject.
    const isSame = idToken.issuer!.tenant.equals(refreshContext.session.tenant);
    if (!isSame || !idToken.subject.equals(refreshContext.session.subject)) {
      return idToken.refuse(Reason.SubjectMismatch);
    }
    const time = secondsOf(payload, "auth_time");
    if (
      time >= 0 &&
      refreshContext.session.authenticated > 0 &&
      time != refreshContext.session.authenticated
    ) {
      return idToken.refuse(Reason.AuthenticationMismatch);
    }
    const nonce = payload.member("nonce");
    const first = before.stringOf("nonce");
    if (nonce && (!first || !nonce.isString || !nonce.text.equals(first))) {
      return idToken.refuse(Reason.NonceMismatch);
    }
    return idToken;
  }

  private sessionFrom(idToken: IdToken, answer: TokenAnswer): NewSession {
    const old = this.refreshContext.refreshCookie;
    if (!answer.refreshToken) answer.refreshToken = old.refreshToken;
    const created = createSession(
      this.refreshContext.context,
      this.refreshContext.session,
      idToken,
      answer,
      null,
    );
    const refreshCookie = created.refreshCookie;
    refreshCookie.refreshToken = answer.refreshToken!;
    refreshCookie.idToken = answer.idToken || old.idToken;
    refreshCookie.tokenEndpoint = old.tokenEndpoint;
    refreshCookie.endSessionEndpoint = old.endSessionEndpoint;
    refreshCookie.userInfoEndpoint = old.userInfoEndpoint;
    return created;
  }
}
