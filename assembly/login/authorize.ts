/** Starts a sign-in: discovery, then a redirect to the authorization endpoint (RFC 6749 §4.1.1). */
import { OtherAccount } from "../config/options";
import { Endpoint } from "../config/sign-in";
import { Pairs } from "../http/escape";
import { Response } from "../http/response";
import { Url } from "../http/url";
import { LOGIN_HINT_BYTES, STATE_ADDRESS_BYTES, TRANSACTION_SECONDS } from "../limits";
import { PageKind } from "../pages/kind";
import { challengeOf, nonceOf, verifierOf } from "../session/random";
import { isPresent, readSealed } from "../session/cookies";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { encode } from "../text/base64url";
import { pageWith, redirectTo, signInAgain } from "./answers";
import { Transaction, AuthorizationState, nameOf, surplusTransactions } from "./transaction";
import { Context } from "./context";
import { discover, Discovery } from "./discovery";
import { Metadata } from "./metadata";
import { returnAddress } from "./return-address";
import { isAskedForHere, logoutBy } from "./logout";
import { isLooping } from "./redirect-loop";
import { TransactionData } from "./transaction-data";
import { HandlerResult } from "./exchange";

const ID_BYTES = 9;

/**
 * Starts a sign-in that returns to `rd`. Responds with a redirect to the authorization endpoint and
 * the transaction's cookie; with an error page after repeated sign-ins or failed discovery. RFC
 * 6749 §4.1.1, RFC 7636 §4.3.
 */
export function authorize(context: Context): HandlerResult {
  // Third-party initiated login, Core §4: `iss` says that it is meant, and only our own provider's
  // counts.
  const isInitiated = context.has("iss");
  const iss = context.parameter("iss");
  const wanted = context.parameter(isInitiated ? "target_link_uri" : "rd");
  const to = returnAddress(wanted, context.settings, context.originIndex);
  if (isInitiated && !(iss && iss.equals(context.issuer.name))) {
    context.log.warn("issuer_mismatch", "a sign-in for another issuer was asked for");
    return HandlerResult.answer(pageWith(context, PageKind.Failed, Bytes.of("/")));
  }
  const session = context.sessionSettings.sessionCookie;
  if (isPresent(context.cookies, session) && !readSealed(context.cookies, session)) {
    context.log.warn("cookie_repeated", COOKIE_REPEATED);
  }
  if (isLooping(context)) {
    context.log.warn(
      "loop",
      "several sign-ins within a minute: the application's router does not take the session; see docs/login.md",
    );
    return HandlerResult.answer(
      pageWith(context, PageKind.TooManySignIns, signInAgain(context, to)),
    );
  }
  const restarts = context.parameter("turn");
  const hint = isInitiated ? context.parameter("login_hint") : null;
  const account = context.parameter("account");
  // It may sign out first, which another site must not cause.
  const switches = account !== null && account.is("other") && isAskedForHere(context);
  const start = new Start(to, restarts !== null && restarts.is("2") ? 1 : 0, hint, switches);
  return discover(context, start);
}

/** A note for the log. */
const COOKIE_REPEATED =
  "the browser sends the session's cookie twice, or parts of two, so neither counts: another application below a " +
  "common domain sets one of the same name; give each a session.cookieName of its own";

/** Continues when the metadata is known. */
@final
class Start extends Discovery {
  constructor(
    private to: Bytes,
    private restarts: u8,
    /** The user that a third party means; null: it names none. */
    private hint: Bytes | null,
    /** The user wants to sign in with another account. */
    private switches: bool,
  ) {
    super();
  }

  known(context: Context, metadata: Metadata): Response {
    if (isGated(context, metadata.get(Endpoint.Authorization)!, this.to)) {
      context.log.warn(
        "provider_gated",
        "the provider's page for signing in reached the application's router: give the provider a router of its own, without the middleware",
      );
      return pageWith(context, PageKind.ConfigError, signInAgain(context, Bytes.of("/")));
    }
    const prompt = this.switches ? promptOf(context.login.otherAccount, metadata) : "";
    if (this.switches && prompt.length == 0) return logoutBy(context, metadata);
    const seed = context.unpredictable("transaction");
    const transaction = new Transaction();
    transaction.id = encode(context.unpredictable("transaction id").slice(0, ID_BYTES));
    transaction.seed = seed;
    transaction.origin = context.originIndex;
    transaction.started = context.now;
    transaction.namesIssuer = metadata.namesIssuer;
    transaction.tokenEndpoint = metadata.get(Endpoint.Token)!;
    const state = new AuthorizationState();
    const isLong = this.to.length > STATE_ADDRESS_BYTES;
    if (!isLong) state.returnTo = this.to;
    state.restarts = this.restarts;
    state.userInfoEndpoint = metadata.get(Endpoint.UserInfo) || Bytes.empty();
    state.endSessionEndpoint = metadata.get(Endpoint.EndSession) || Bytes.empty();
    const sealedState = state.seal(transaction.id, context.ring, context.nanoseconds);
    const response = redirectTo(
      authorizationUrl(context, metadata, transaction.seed, sealedState, this.hint, prompt),
    );
    setCookies(context, transaction, response);
    if (isLong) {
      const data = new TransactionData();
      data.returnTo = this.to;
      data.keep(context, transaction.id, response);
    }
    return response;
  }

  failed(context: Context, kind: PageKind): Response {
    return pageWith(context, kind, signInAgain(context, this.to));
  }
}

/**
 * True if the authorization endpoint is itself behind this middleware, which would be a redirect
 * loop.
 */
function isGated(context: Context, endpoint: Bytes, to: Bytes): bool {
  const url = Url.parse(endpoint);
  if (!url || !url.origin.equals(context.settings.origins[context.originIndex])) return false;
  const mark = to.indexOf(Char.Question);
  return url.path.equals(mark < 0 ? to : to.slice(0, mark));
}

/**
 * The value of `prompt` that asks the provider for another account; empty: sign out first. Some
 * providers let no other account in while there is a session, whatever `prompt` says (Keycloak);
 * some ignore or refuse values that they do not know.
 */
function promptOf(configured: i32, metadata: Metadata): string {
  if (configured < 0) return promptBy(metadata);
  switch (configured) {
    case OtherAccount.SelectAccount:
      return "select_account";
    case OtherAccount.Login:
      return "login";
    case OtherAccount.Logout:
      return "";
    default:
      return "";
  }
}

/** The same where the configuration does not say. */
function promptBy(metadata: Metadata): string {
  if (metadata.knowsPrompt("select_account")) return "select_account";
  if (metadata.get(Endpoint.EndSession)) return "";
  return metadata.knowsPrompt("login") ? "login" : "select_account";
}

function authorizationUrl(
  context: Context,
  metadata: Metadata,
  seed: Bytes,
  state: Bytes,
  hint: Bytes | null,
  prompt: string,
): Bytes {
  const endpoint = metadata.get(Endpoint.Authorization)!;
  const login = context.login;
  const pairs = new Pairs()
    .add("response_type", Bytes.of("code"))
    .add("client_id", context.clientId)
    .add("redirect_uri", context.urlOf("callback"))
    .add("scope", Bytes.join(login.scopes, 0x20))
    .add("state", state)
    .add("nonce", nonceOf(seed))
    .add("code_challenge", challengeOf(verifierOf(seed)))
    .add("code_challenge_method", Bytes.of("S256"));
  let isHinted = false;
  for (let i = 0; i < login.parameterNames.length; i++) {
    if (login.parameterNames[i].is("login_hint")) isHinted = true;
    if (prompt.length > 0 && login.parameterNames[i].is("prompt")) continue;
    pairs.addEscaped(login.parameterNames[i], login.parameterValues[i]);
  }
  if (hint && !isHinted && hint.length <= LOGIN_HINT_BYTES) pairs.add("login_hint", hint);
  if (prompt.length > 0) pairs.add("prompt", Bytes.of(prompt));
  return pairs.after(endpoint);
}

function setCookies(context: Context, transaction: Transaction, response: Response): void {
  const session = context.sessionSettings;
  const attributes = context.laxAttributes(Bytes.of("/"), TRANSACTION_SECONDS);
  const drop = surplusTransactions(context.cookies, context.ring, session, context.now);
  for (let i = 0; i < drop.length; i++) {
    response.cookie(attributes.clear(nameOf(drop[i], session)));
  }
  const sealed = transaction.seal(context.ring, session, context.nanoseconds);
  response.cookie(attributes.set(nameOf(transaction.id, session), sealed));
}
