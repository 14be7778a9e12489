/** The provider ends sessions: OpenID Connect Back-Channel Logout §2.6, with all of its checks. */
import { secondsOf } from "../claims/times";
import { TokenKind } from "../claims/validate";
import { checkSignature, Verification } from "../identity/verify";
import { sha256 } from "../crypto/sha256";
import { Parameters } from "../http/query";
import { Field } from "../http/request";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { LOGOUT_FORM_BYTES, LOGOUT_TOKEN_SECONDS } from "../limits";
import { Reason } from "../outcome/reason";
import { State } from "../state/state";
import { encodeHex } from "../text/hex";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { endSession, endSubject } from "./revoke";
import { Exchange, HandlerResult } from "./exchange";
import { ProviderResponse } from "./provider-message";
import { SharedStore } from "./store";
import { isWritten, requestToWrite } from "./store-visit";

const REFUSED = "the logout token is refused";
/** Folder of marks for used tokens. */
const USED = "logout";
const LISTED = 1024;
/** Seconds by which sessions may count as newer than they are: see SignIn. */
const ONE_MORE = 1;

/**
 * Ends the sessions that a logout token names. Responds with 200 when the revocation is written;
 * 400 to an invalid or used token; 501 without stateDir; 503 when stateDir cannot be written.
 * OpenID Connect Back-Channel Logout §2.5 to §2.8.
 */
export function backchannelLogout(context: Context): HandlerResult {
  const state = context.stateDirectory;
  // Other guests would not learn of the logout, so it must not be reported as a success.
  if (!state)
    return HandlerResult.answer(
      refuse(context, 501, "there is no stateDir to write it to", Reason.None, null),
    );
  const text = tokenOf(context);
  if (!text)
    return HandlerResult.answer(
      refuse(context, 400, "there is no logout_token in a form", Reason.None, null),
    );
  const token = Token.parse(text, [Bytes.of("logout+jwt"), Bytes.of("JWT")]);
  const reason = reasonOf(context, token);
  if (reason != Reason.None)
    return HandlerResult.answer(refuse(context, 400, REFUSED, reason, token));
  const payload = token.payload!;
  const sid = payload.stringOf("sid");
  const sub = payload.stringOf("sub");
  const hasSid = sid !== null && sid.length > 0;
  const used = markOf(payload);
  if (!useOnce(context, state, used)) {
    const isUsed = state.modified(used) >= 0;
    if (isUsed)
      return HandlerResult.answer(refuse(context, 400, REFUSED, Reason.TokenReplayed, null));
    return HandlerResult.answer(
      refuse(context, 503, "stateDir cannot be written", Reason.None, null),
    );
  }
  // `iat` is the provider's clock, and sessions are stamped by this one: extends the time by the
  // clock skew.
  const skew = context.settings.validation.clockSkew;
  const time = min(secondsOf(payload, "iat") + skew, context.now);
  const issuer = payload.stringOf("iss")!;
  const isEnded = hasSid
    ? endSession(context, issuer, sid!, sub || Bytes.empty(), time, true)
    : endSubject(context, issuer, sub!, time + ONE_MORE);
  if (!isEnded) {
    // Lets the provider try again.
    state.remove(used);
    return HandlerResult.answer(new Response(503));
  }
  context.log.about(sub || Bytes.empty());
  const shared = context.shared;
  const revoked = context.revoked;
  if (!shared || !revoked) return HandlerResult.answer(done(context));
  return HandlerResult.exchange(
    requestToWrite(context, shared, revoked, context.revokedUntil),
    new SharedExchange(context, state, shared, used),
  );
}

function done(context: Context): Response {
  context.log.note("signed_out_by_provider");
  return new Response(200);
}

/** The provider hears of a success only when all Traefiks can learn of it. */
@final
class SharedExchange extends Exchange {
  constructor(
    private context: Context,
    private state: State,
    private shared: SharedStore,
    private used: Bytes,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    if (isWritten(this.context, this.shared, incoming)) return done(this.context);
    this.state.remove(this.used);
    return new Response(503);
  }
}

function refuse(
  context: Context,
  status: i32,
  message: string,
  reason: Reason,
  token: Token | null,
): Response {
  context.log.warnWith("logout_token_refused", message, Bytes.empty(), reason, token);
  return new Response(status);
}

function tokenOf(context: Context): Bytes | null {
  const type = context.request.get(Field.ContentType);
  if (!type || !type.hasAt(0, "application/x-www-form-urlencoded")) return null;
  const form = context.readBody(LOGOUT_FORM_BYTES);
  let found: Bytes | null = null;
  if (!form) return null;
  const parameters = new Parameters(form);
  while (parameters.next()) {
    if (!parameters.name.is("logout_token")) continue;
    if (found) return null;
    found = parameters.value;
  }
  return found;
}

function reasonOf(context: Context, token: Token): Reason {
  if (token.reason != Reason.None) return token.reason;
  const issuer = context.issuerOf(token.payload!);
  if (!issuer) return Reason.IssuerUnknown;
  const signature = checkSignature(token, issuer, new Verification());
  if (signature != Reason.None) return signature;
  const reason = context.check(TokenKind.Logout, token, issuer);
  if (reason != Reason.None) return reason;
  const jti = token.payload!.stringOf("jti");
  return jti && jti.length > 0 ? Reason.None : Reason.TokenIdMissing;
}

/** Replay protection: true only for the first request with this `jti`. */
function useOnce(context: Context, state: State, mark: Bytes): bool {
  const directory = Bytes.of(USED);
  state.makeDirectory(directory);
  const names = state.list(directory, LISTED);
  for (let i = 0; names && i < names.length; i++) {
    const name = Bytes.of(USED + "/").concat(names[i]);
    const age = context.now - state.modified(name);
    if (age > 2 * LOGOUT_TOKEN_SECONDS) state.remove(name);
  }
  return state.create(mark, Bytes.empty());
}

/** The file that marks a token as used, named by its `jti`. */
function markOf(payload: Json): Bytes {
  const name = encodeHex(sha256(payload.stringOf("jti")!).slice(0, 16));
  return Bytes.of(USED + "/").concat(name);
}
