/**
 * The visit that renews a session (RFC 6749 §6, OpenID Connect Core §12). One that fails never takes away a session
 * that still holds.
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
import { Credentials, credentialsOf, sessionOf } from "./credentials";
import { discoveryRequest } from "./discovery";
import { cookiesOf, Grant, grant, TOO_LARGE } from "./grant";
import { IdToken, verifyIdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { SingleFlight } from "./single-flight";
import { readTokenAnswer, TokenAnswer, tokenRequest } from "./token-endpoint";
import { Incoming } from "./visit";
import { Turn, Visit } from "./visits";

export function refresh(context: Context): Turn {
  const to = returnAddress(context.parameter("rd"), context.settings, context.origin);
  const session = sessionOf(context);
  if (!session || context.isRevoked(session)) return Turn.answer(unauthenticated(context, to));
  const found = credentialsOf(context);
  const credentials = found ? found : new Credentials();
  const renewal = new Renewed(context, session, credentials, to);
  if (!credentials.id.equals(session.id)) return Turn.answer(renewal.withoutToken());
  if (renewal.isFresh) return Turn.answer(renewal.done());
  const isOver =
    context.now >= session.signedIn + context.session.maxAge ||
    context.now >= session.end + context.login.refreshGrace;
  if (isOver || credentials.refreshToken.length == 0) {
    return Turn.answer(unauthenticated(context, to));
  }
  if (!leadsTo(credentials.tokenEndpoint, context.login)) {
    context.diary.warn("wrong_router", "refreshing needs a router to the token endpoint's service");
    return Turn.answer(renewal.postponed(PageKind.ConfigError));
  }
  const flight = new SingleFlight(context, credentials.refreshToken, session.made);
  const cookies = flight.cookies();
  if (cookies) return Turn.answer(renewal.doneWith(cookies));
  // Who cannot go, and cannot wait either, makes a visit that does no harm and looks again when it is back.
  if (!flight.begin()) return Turn.goOut(discoveryRequest(context), new Bystander(renewal, flight));
  const form = new Pairs()
    .add("grant_type", Bytes.of("refresh_token"))
    .add("refresh_token", credentials.refreshToken);
  const outgoing = tokenRequest(context, credentials.tokenEndpoint, form);
  return Turn.goOut(outgoing, new Refresh(renewal, flight));
}

/** A session that is to be renewed, and where its browser goes then. */
@final
class Renewed {
  constructor(
    readonly context: Context,
    readonly session: Session,
    readonly credentials: Credentials,
    private to: Bytes,
  ) {}

  /** Somebody else has done it. */
  get isFresh(): bool {
    return this.holds && this.context.now < this.session.refreshAt;
  }

  /** It still holds by itself. */
  get holds(): bool {
    return this.isCurrent && this.context.now < this.session.end;
  }

  private get isCurrent(): bool {
    return this.session.fingerprint.equals(this.context.session.fingerprint);
  }

  /** A front end that asks for itself gives no address, and wants no page. */
  done(): Response {
    if (this.context.has("rd")) return redirectTo(this.to);
    return new Response(204);
  }

  /** What the userinfo endpoint says is asked anew: the new cookies do not have it. */
  doneWith(cookies: Array<Bytes>): Response {
    const asks = this.credentials.asksUserInfo(this.context);
    const response = asks ? redirectTo(this.addressOf("userinfo?")) : this.done();
    response.cookies(cookies);
    return response;
  }

  /** Not now. A session that holds goes on for a while without being asked again. */
  postponed(kind: PageKind): Response {
    const context = this.context;
    if (this.holds) {
      const response = this.done();
      const attributes = context.laxAttributes(Bytes.of("/"), REFRESH_PAUSE_SECONDS);
      response.cookie(attributes.set(context.session.laterCookie, Bytes.of("1")));
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

  /** Applications that share a session have refresh tokens of their own: a page begins one, a script goes on meanwhile. */
  withoutToken(): Response {
    if (this.holds && !isNavigation(this.context.request)) {
      return this.postponed(PageKind.SignInRequired);
    }
    return this.signInAgain();
  }

  signInAgain(canRefresh: bool = false): Response {
    return unauthenticated(this.context, this.to, canRefresh);
  }

  /** This visit again. */
  again(round: i32): Bytes {
    const address = this.addressOf("refresh?");
    return round > 0 ? address.concat(Bytes.of(`&round=${round}`)) : address;
  }

  private addressOf(visit: string): Bytes {
    const address = this.context.pathOf(visit);
    return this.context.has("rd")
      ? address.concat(Bytes.of("rd=")).concat(escaped(this.to))
      : address;
  }
}

/** Waits for the one that went. */
@final
class Bystander extends Visit {
  constructor(
    private renewed: Renewed,
    private flight: SingleFlight,
  ) {
    super();
  }

  back(_incoming: Incoming): Response {
    const renewed = this.renewed;
    const cookies = this.flight.cookies();
    if (cookies) return renewed.doneWith(cookies);
    if (renewed.holds) return renewed.postponed(PageKind.ProviderUnreachable);
    const round = roundOf(renewed.context) + 1;
    if (round < REFRESH_ROUNDS && canDetour(renewed.context.request)) {
      return redirectTo(renewed.again(round));
    }
    // The one that went may still come back: a front end asks again.
    return renewed.signInAgain(true);
  }
}

function roundOf(context: Context): i32 {
  const text = context.parameter("round");
  return text && text.length == 1 ? (<i32>text.at(0)) & 15 : 0;
}

@final
class Refresh extends Visit {
  constructor(
    private renewed: Renewed,
    private flight: SingleFlight,
  ) {
    super();
  }

  back(incoming: Incoming): Response {
    const context = this.renewed.context;
    const answer = readTokenAnswer(incoming);
    if (answer.failed || (answer.error.length > 0 && !answer.error.is("invalid_grant"))) {
      const status = `(status ${incoming.status})`;
      context.diary.warn("refresh_failed", `the token endpoint ${status}`, answer.error);
      this.flight.abandon();
      return this.renewed.postponed(PageKind.ProviderUnreachable);
    }
    if (answer.error.length > 0) {
      const cookies = this.flight.cookies();
      if (cookies) return this.renewed.doneWith(cookies);
      context.diary.note("refresh_refused", this.renewed.session.subject);
      this.flight.abandon();
      return this.renewed.signInAgain();
    }
    return this.renew(answer);
  }

  private renew(answer: TokenAnswer): Response {
    const renewed = this.renewed;
    const context = renewed.context;
    const idToken = this.idTokenOf(answer);
    if (idToken.reason == Reason.KeyUnknown) context.diary.keysAreStale = true;
    const granted =
      idToken.reason != Reason.None
        ? new Grant().refuse(idToken.reason)
        : this.grantOf(idToken, answer);
    let cookies: Array<Bytes> | null = null;
    if (granted.reason == Reason.None) cookies = cookiesOf(context, granted);
    if (!cookies) {
      const why = granted.reason == Reason.None ? TOO_LARGE : "the new tokens are refused";
      context.diary.warn("refresh_refused", why, Bytes.empty(), granted.reason);
      this.flight.abandon();
      return renewed.signInAgain();
    }
    this.flight.finish(cookies);
    context.diary.note("refreshed", granted.session.subject);
    return renewed.doneWith(cookies);
  }

  /** Core §12.2: the same person and, where it is said, the same sign-in. Without a new one the old one's claims stand. */
  private idTokenOf(answer: TokenAnswer): IdToken {
    const renewed = this.renewed;
    const context = renewed.context;
    const old = Token.parse(renewed.credentials.idToken, [Bytes.of("JWT")]);
    const before = old.payload;
    const text = answer.idToken;
    const result = new IdToken();
    if (!before) return result.refuse(old.reason);
    if (!text) {
      result.payload = before;
      result.subject = renewed.session.subject;
      return result;
    }
    const endpoint = renewed.credentials.tokenEndpoint;
    const idToken = verifyIdToken(context, text, answer.accessToken, null, endpoint);
    const payload = idToken.payload;
    if (!payload) return idToken;
    if (!idToken.subject.equals(renewed.session.subject)) {
      return idToken.refuse(Reason.SubjectMismatch);
    }
    const time = secondsOf(payload, "auth_time");
    if (time >= 0 && renewed.session.authenticated > 0 && time != renewed.session.authenticated) {
      return idToken.refuse(Reason.AuthenticationMismatch);
    }
    const nonce = payload.member("nonce");
    const first = before.stringOf("nonce");
    if (nonce && (!first || !nonce.isString || !nonce.text.equals(first))) {
      return idToken.refuse(Reason.NonceMismatch);
    }
    return idToken;
  }

  private grantOf(idToken: IdToken, answer: TokenAnswer): Grant {
    const old = this.renewed.credentials;
    if (!answer.refreshToken) answer.refreshToken = old.refreshToken;
    const granted = grant(this.renewed.context, this.renewed.session, idToken, answer, null);
    const credentials = granted.credentials;
    credentials.refreshToken = answer.refreshToken!;
    credentials.idToken = answer.idToken || old.idToken;
    credentials.tokenEndpoint = old.tokenEndpoint;
    credentials.endSessionEndpoint = old.endSessionEndpoint;
    credentials.userInfoEndpoint = old.userInfoEndpoint;
    return granted;
  }
}
