/**
 * Adds claims of the userinfo endpoint, OpenID Connect Core §5.3, for providers that put them
 * nowhere else.
 */
import { checkClient } from "../claims/audience";
import { checkSignature, Verification } from "../identity/verify";
import { Url } from "../http/url";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, returnTo, signInAgain, unauthenticated } from "./answers";
import { Context } from "./context";
import { RefreshCookie, refreshCookieOf, sessionOf } from "./refresh-cookie";
import { clearSession, cookiesOf, createSession, tooLarge } from "./create-session";
import { IdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { TokenAnswer } from "./token-endpoint";
import { documentRequest, ProviderResponse } from "./provider-message";
import { documentOf, Exchange, HandlerResult, isOfType } from "./exchange";

export function userInfo(context: Context): HandlerResult {
  const to = returnAddress(context.parameter("rd"), context.settings, context.originIndex);
  const session = sessionOf(context);
  const refreshCookie = refreshCookieOf(context);
  if (
    !session ||
    !refreshCookie ||
    !refreshCookie.id.equals(session.id) ||
    context.now >= session.end
  ) {
    return HandlerResult.answer(unauthenticated(context, to));
  }
  const endpoint = refreshCookie.userInfoEndpoint;
  const isAsked = context.login.userinfo && refreshCookie.accessToken.length > 0;
  if (!isAsked || endpoint.length == 0) return HandlerResult.answer(returnTo(context, to));
  if (!leadsTo(endpoint, context.login)) {
    context.log.warn("wrong_router", "userinfo needs a router to its endpoint's service");
    return HandlerResult.answer(pageWith(context, PageKind.ConfigError, to));
  }
  const outgoing = documentRequest(Url.parse(endpoint)!.target);
  outgoing.header("Authorization", Bytes.of("Bearer ").concat(refreshCookie.accessToken));
  return HandlerResult.exchange(
    outgoing,
    new UserInfoExchange(context, session, refreshCookie, to),
  );
}

/** Core §5.3.2: a JWT with this issuer and client in it. Null: it is not one. */
function signedClaims(
  context: Context,
  session: Session,
  incoming: ProviderResponse,
): IdToken | null {
  const text = incoming.body;
  if (incoming.status != 200 || !text || !isOfType(incoming, "application/jwt")) return null;
  const result = new IdToken();
  const token = Token.parse(text.trim(), [Bytes.of("JWT")]);
  if (token.reason != Reason.None) return result.refuse(token.reason);
  const issuer = context.issuerNamed(context.issuerNameOf(session));
  if (!issuer) return result.refuse(Reason.IssuerUnknown);
  const signature = checkSignature(token, issuer, new Verification());
  if (signature != Reason.None) return result.refuse(signature);
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  if (!iss || !iss.equals(issuer.name)) return result.refuse(Reason.IssuerUnknown);
  const audience = checkClient(payload, context.clientId);
  if (audience != Reason.None) return result.refuse(audience);
  result.payload = payload;
  return result;
}

@final
class UserInfoExchange extends Exchange {
  constructor(
    private context: Context,
    private session: Session,
    private refreshCookie: RefreshCookie,
    private to: Bytes,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const context = this.context;
    const text = documentOf(incoming);
    const signed = signedClaims(context, this.session, incoming);
    const claims: Json | null = text ? parse(text) : signed ? signed.payload : null;
    if (!claims || !claims.isObject) {
      if (signed && signed.reason == Reason.KeyUnknown) context.log.keysAreStale = true;
      context.log.warnWith(
        "userinfo_failed",
        `it answered ${incoming.status}; its claims are missing`,
        Bytes.empty(),
        signed ? signed.reason : Reason.None,
        null,
      );
      return returnTo(context, this.to);
    }
    // Core §5.3.2: claims of another subject must not be used.
    const sub = claims.stringOf("sub");
    if (!sub || !sub.equals(this.session.subject)) return this.refuse(Reason.SubjectMismatch);
    const idToken = new IdToken();
    const token = Token.parse(this.refreshCookie.idToken, [Bytes.of("JWT")]);
    const payload = token.payload;
    if (!payload) return this.refuse(token.reason);
    idToken.take(context, payload, this.session.subject);
    if (idToken.reason != Reason.None) return this.refuse(idToken.reason);
    const before = this.refreshCookie;
    const answer = new TokenAnswer();
    answer.accessToken = before.accessToken;
    answer.refreshToken = before.refreshToken.length > 0 ? before.refreshToken : null;
    answer.expiresIn = this.session.end - context.now;
    const created = createSession(context, this.session, idToken, answer, claims);
    if (created.reason != Reason.None) return this.refuse(created.reason);
    // It is not needed again.
    before.accessToken = Bytes.empty();
    created.refreshCookie = before;
    const cookies = cookiesOf(context, created);
    if (!cookies) return this.refuse(Reason.None, tooLarge());
    const response = context.has("rd") ? returnTo(context, this.to) : new Response(204);
    response.cookies(cookies);
    return response;
  }

  private refuse(reason: Reason, message: string = ""): Response {
    const context = this.context;
    const why = message.length > 0 ? message : "the claims of the userinfo endpoint are refused";
    context.log.warnWith("userinfo_refused", why, Bytes.empty(), reason, null);
    const response = pageWith(context, PageKind.Failed, signInAgain(context, this.to));
    clearSession(context, response);
    return response;
  }
}
