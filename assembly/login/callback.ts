/**
 * The redirection endpoint, to which the provider sends the browser with a code (OpenID Connect
 * Core §3.1.2.5). The transaction must be this browser's and the issuer the configured one; then
 * the code is exchanged for tokens, and the tokens become a session.
 */
import { Pairs } from "../http/escape";
import { Url } from "../http/url";
import { Response } from "../http/response";
import { CODE_BYTES } from "../limits";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { pageOfError } from "../pages/provider-error";
import { verifierOf } from "../session/random";
import { Bytes } from "../text/bytes";
import { pageWith, pageWithError, redirectTo, returnTo, signInAgain } from "./answers";
import { forget, SignIn } from "./complete-sign-in";
import { Context } from "./context";
import { sessionOf } from "./refresh-cookie";
import { knownRevocations } from "./revoke";
import { leadsTo } from "./metadata";
import { returnAddress } from "./return-address";
import { readTokenAnswer, TokenAnswer, tokenRequest } from "./token-endpoint";
import { AuthorizationState, findTransaction, idOf, openState, Transaction } from "./transaction";
import { transactionData, TransactionData } from "./transaction-data";
import { verifyAddress } from "./verify";
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
  const data = transactionData(context, id);
  const kept = data && data.returnTo.length > 0 ? data.returnTo : state.returnTo;
  // Sealed, but checked again, because it is written to Location as it is.
  const to = returnAddress(kept, context.settings, context.originIndex);
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
    context.log.warnWith(
      "provider_refused",
      "the provider ended the sign-in",
      error,
      Reason.None,
      null,
    );
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
  if (iss) return context.issuerNamed(iss) !== null;
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
  return pageWithError(context, kind, signInAgain(context, to), error);
}

@final
class CallbackExchange extends Exchange {
  /** Before the code is sent. */
  private known: Bytes;

  constructor(
    private context: Context,
    private transaction: Transaction,
    private state: AuthorizationState,
    private to: Bytes,
  ) {
    super();
    this.known = knownRevocations(context);
  }

  onResponse(incoming: ProviderResponse): Response {
    const context = this.context;
    const answer = readTokenAnswer(incoming);
    const refusal = this.refusalOf(answer, incoming.status);
    if (refusal) {
      forget(context, this.transaction, refusal);
      return refusal;
    }
    const signIn = new SignIn(
      context,
      this.transaction,
      this.state,
      this.to,
      answer,
      context.now,
      this.known,
    );
    return (signIn.waitsForKeys ? this.fetchKeys(answer) : null) || signIn.complete();
  }

  /**
   * The code is spent: the tokens wait in a cookie. Null: the keys are not fetched here, or there
   * is no room.
   */
  private fetchKeys(answer: TokenAnswer): Response | null {
    const context = this.context;
    if (!context.issuer.keysAreFetched) return null;
    const response = redirectTo(verifyAddress(context, context.parameter("state")!));
    const data = new TransactionData();
    data.returnTo = this.to;
    data.answer = answer;
    data.received = context.now;
    return data.keep(context, this.transaction.id, response) ? response : null;
  }

  /** Null: there is an ID token. */
  private refusalOf(answer: TokenAnswer, status: i32): Response | null {
    const context = this.context;
    if (answer.failed) {
      return this.refuse(
        PageKind.ProviderUnreachable,
        "token_endpoint_failed",
        `the token endpoint could not be used (status ${status}): look at the service of the login router`,
      );
    }
    if (answer.error.length > 0) {
      context.log.warnWith("code_refused", answer.refusal, answer.description, Reason.None, null);
      const expired = answer.error.is("invalid_grant");
      const kind = expired ? PageKind.SignInExpired : PageKind.SignInRefused;
      return pageOf(context, kind, this.to, answer.error);
    }
    if (answer.idToken) return null;
    return this.refuse(PageKind.Failed, "id_token_missing", "there is no ID token");
  }

  private refuse(kind: PageKind, event: string, message: string): Response {
    this.context.log.warn(event, message);
    return pageOf(this.context, kind, this.to, Bytes.empty());
  }
}
