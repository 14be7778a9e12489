/** The end of a sign-in: the provider's tokens are verified, and become a session. */
import { escaped } from "../http/escape";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { Reason } from "../outcome/reason";
import { addKeysRouter } from "../outcome/remedy";
import { PageKind } from "../pages/kind";
import { nonceOf } from "../session/random";
import { endsAtOnce } from "../session/revocation";
import { ID_BYTES, Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo, returnTo, signInAgain } from "./answers";
import { Context } from "./context";
import { cookiesOf, createSession, NewSession, tooLarge } from "./create-session";
import { IdToken, mayBeGoodLater, verifyIdToken } from "./id-token";
import { countSignIn } from "./redirect-loop";
import { TokenAnswer } from "./token-endpoint";
import { AuthorizationState, nameOf, Transaction } from "./transaction";
import { clearTransactionData } from "./transaction-data";

/** For the log. */
const CLAIMS_ELSEWHERE =
  "the token leaves out claims that roles or rules need, because the user has too many groups: see docs/log.md";
const NO_REFRESH_TOKEN =
  "the session ends with the ID token or after session.refreshEvery, because the provider gave no refresh token: " +
  "it may want the scope offline_access, or login.authorizationParams: {access_type: offline} (Google)";

/** The code is spent either way. */
export function forget(context: Context, transaction: Transaction, response: Response): void {
  const attributes = context.laxAttributes(Bytes.of("/"), 0);
  response.cookie(attributes.clear(nameOf(transaction.id, context.sessionSettings)));
  clearTransactionData(context, transaction.id, response);
}

@final
export class SignIn {
  private idToken: IdToken = new IdToken();

  constructor(
    private context: Context,
    private transaction: Transaction,
    private state: AuthorizationState,
    private to: Bytes,
    /** It has an ID token. */
    readonly answer: TokenAnswer,
    /**
     * When it came, in seconds: a sign-out after that ends the session, however late it is made.
     */
    readonly received: i64,
    /** The revocations that were known before the code was sent, if its answer has just come. */
    private known: Bytes,
  ) {
    this.verify();
  }

  /** By the keys that are known now. */
  verify(): void {
    const answer = this.answer;
    const transaction = this.transaction;
    const nonce = nonceOf(transaction.seed);
    const endpoint = transaction.tokenEndpoint;
    const text = answer.idToken!;
    this.idToken = verifyIdToken(this.context, text, answer.accessToken, nonce, endpoint);
  }

  /** True if newly fetched keys may verify it (OpenID Connect Core §10.1.1). */
  get waitsForKeys(): bool {
    return mayBeGoodLater(this.idToken.reason);
  }

  complete(): Response {
    const response = this.end();
    forget(this.context, this.transaction, response);
    return response;
  }

  private end(): Response {
    const context = this.context;
    const idToken = this.idToken;
    if (idToken.reason != Reason.None) return this.refuseIdToken();
    const session = new Session();
    session.id = context.unpredictable("session id").slice(0, ID_BYTES);
    session.signedIn = this.received;
    const created = createSession(context, session, idToken, this.answer, null);
    if (created.reason != Reason.None) {
      const message = "the tokens beside the ID token are refused";
      return this.refuse(PageKind.Failed, "tokens_refused", message, created.reason);
    }
    // A sign-out of this second would end it, though it came before: times are whole seconds. One
    // second more is all, because endings by the subject reach that far.
    if (endsAtOnce(this.known, session, context.issuerNameOf(session))) session.signedIn++;
    this.sayUnread(created);
    if (created.lacksClaims) context.log.warn("claims_elsewhere", CLAIMS_ELSEWHERE);
    return this.signIn(created);
  }

  private sayUnread(created: NewSession): void {
    const reason = created.unread;
    if (reason == Reason.None) return;
    const log = this.context.log;
    if (reason == Reason.KeyUnknown) log.keysAreStale = true;
    const message =
      "roles and claims of the access token do not count, because it cannot be verified; " +
      "if the ID token has all of them, say login.claimsFrom: [id_token]";
    log.warnWith("access_token_unread", message, Bytes.empty(), reason, created.unreadToken);
  }

  /** If only the keys are missing: they come with the next fetch, within seconds. */
  private refuseIdToken(): Response {
    const reason = this.idToken.reason;
    if (reason == Reason.KeyUnknown) this.context.log.keysAreStale = true;
    const kind = this.waitsForKeys ? PageKind.KeysMissing : PageKind.Failed;
    let message = "the ID token is refused";
    if (reason == Reason.KeysUnavailable && this.context.issuer.keysAreFetched) {
      message += ": " + addKeysRouter(this.context.login.path.toString());
    }
    return this.refuse(kind, "id_token_refused", message, reason, this.idToken.token);
  }

  private signIn(created: NewSession): Response {
    const context = this.context;
    const answer = this.answer;
    const refreshCookie = created.refreshCookie;
    refreshCookie.refreshToken = answer.refreshToken || Bytes.empty();
    refreshCookie.idToken = answer.idToken!;
    refreshCookie.tokenEndpoint = this.transaction.tokenEndpoint;
    refreshCookie.endSessionEndpoint = this.state.endSessionEndpoint;
    refreshCookie.userInfoEndpoint = this.state.userInfoEndpoint;
    const cookies = cookiesOf(context, created);
    if (!cookies) {
      return this.refuse(PageKind.Failed, "cookies_too_large", tooLarge());
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
    const context = this.context;
    context.log.warnWith(event, message, Bytes.empty(), reason, token);
    return pageWith(context, kind, signInAgain(context, this.to));
  }
}
