/** Claims of the userinfo endpoint, OpenID Connect Core §5.3, for providers that put them nowhere else. */
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
import { Credentials, credentialsOf, sessionOf } from "./credentials";
import { clearSession, cookiesOf, grant, TOO_LARGE } from "./grant";
import { IdToken } from "./id-token";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { TokenAnswer } from "./token-endpoint";
import { documentRequest, Incoming } from "./visit";
import { documentOf, Turn, Visit } from "./visits";

export function userInfo(context: Context): Turn {
  const to = returnAddress(context.parameter("rd"), context.settings, context.origin);
  const session = sessionOf(context);
  const credentials = credentialsOf(context);
  if (
    !session ||
    !credentials ||
    !credentials.id.equals(session.id) ||
    context.now >= session.end
  ) {
    return Turn.answer(unauthenticated(context, to));
  }
  const endpoint = credentials.userInfoEndpoint;
  const isAsked = context.login.userinfo && credentials.accessToken.length > 0;
  if (!isAsked || endpoint.length == 0) return Turn.answer(returnTo(context, to));
  if (!leadsTo(endpoint, context.login)) {
    context.diary.warn("wrong_router", "userinfo needs a router to its endpoint's service");
    return Turn.answer(pageWith(context, PageKind.ConfigError, to));
  }
  const outgoing = documentRequest(Url.parse(endpoint)!.target);
  outgoing.header("Authorization", Bytes.of("Bearer ").concat(credentials.accessToken));
  return Turn.goOut(outgoing, new UserInfoVisit(context, session, credentials, to));
}

const REFUSED = "the claims of the userinfo endpoint are refused";

@final
class UserInfoVisit extends Visit {
  constructor(
    private context: Context,
    private session: Session,
    private credentials: Credentials,
    private to: Bytes,
  ) {
    super();
  }

  back(incoming: Incoming): Response {
    const context = this.context;
    const text = documentOf(incoming);
    const claims: Json | null = text ? parse(text) : null;
    if (!claims || !claims.isObject) {
      context.diary.warn(
        "userinfo_failed",
        `it answered ${incoming.status}; its claims are missing`,
      );
      return returnTo(context, this.to);
    }
    // Core §5.3.2: claims of somebody else must not be used.
    const sub = claims.stringOf("sub");
    if (!sub || !sub.equals(this.session.subject)) return this.refuse(Reason.SubjectMismatch);
    const idToken = new IdToken();
    const token = Token.parse(this.credentials.idToken, [Bytes.of("JWT")]);
    idToken.payload = token.payload;
    idToken.subject = this.session.subject;
    if (!idToken.payload) return this.refuse(token.reason);
    const before = this.credentials;
    const answer = new TokenAnswer();
    answer.accessToken = before.accessToken;
    answer.refreshToken = before.refreshToken.length > 0 ? before.refreshToken : null;
    answer.expiresIn = this.session.end - context.now;
    const granted = grant(context, this.session, idToken, answer, claims);
    if (granted.reason != Reason.None) return this.refuse(granted.reason);
    // Once is enough.
    before.accessToken = Bytes.empty();
    granted.credentials = before;
    const cookies = cookiesOf(context, granted);
    if (!cookies) return this.refuse(Reason.None, TOO_LARGE);
    const response = context.has("rd") ? returnTo(context, this.to) : new Response(204);
    response.cookies(cookies);
    return response;
  }

  private refuse(reason: Reason, message: string = REFUSED): Response {
    const context = this.context;
    context.diary.warn("userinfo_refused", message, Bytes.empty(), reason);
    const response = pageWith(context, PageKind.Failed, signInAgain(context, this.to));
    clearSession(context, response);
    return response;
  }
}
