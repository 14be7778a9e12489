/** The provider ends sessions by itself: OpenID Connect Back-Channel Logout §2.6, each check of it. */
import { checkSignature, Verification } from "../gate/verify";
import { sha256 } from "../crypto/sha256";
import { Parameters } from "../http/query";
import { Field } from "../http/request";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { LOGOUT_FORM_BYTES, LOGOUT_TOKEN_SECONDS } from "../limits";
import { Reason } from "../outcome/reason";
import { RevocationKind } from "../session/revocation";
import { State } from "../state/state";
import { encodeHex } from "../text/hex";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { isForClient, secondsOf } from "./id-token";
import { revoke } from "./revoke";
import { Turn } from "./visits";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
/** Files of the tokens that were used. */
const USED = "logout";
const LISTED = 1024;

export function backchannelLogout(context: Context): Turn {
  const state = context.state;
  // Nobody would learn of it: success would be a lie.
  if (!state) return Turn.answer(refuse(context, 501, "there is no stateDir to write it to"));
  const text = tokenOf(context);
  if (!text) return Turn.answer(refuse(context, 400, "there is no logout_token in a form"));
  const token = Token.parse(text, [Bytes.of("logout+jwt"), Bytes.of("JWT")]);
  const problem = problemOf(context, token);
  if (problem.length > 0) return Turn.answer(refuse(context, 400, problem));
  const payload = token.payload!;
  const sid = payload.stringOf("sid");
  const sub = payload.stringOf("sub");
  const hasSid = sid !== null && sid.length > 0;
  const kind = hasSid ? RevocationKind.Sid : RevocationKind.Subject;
  const id = hasSid ? sid! : sub!;
  const used = markOf(payload);
  if (!useOnce(context, state, used)) {
    const isUsed = state.modified(used) >= 0;
    if (isUsed) return Turn.answer(refuse(context, 400, "it was used before"));
    return Turn.answer(refuse(context, 503, "stateDir cannot be written"));
  }
  // The provider's clock says when a subject went, ours when sessions began: what may lie between the two has ended, too.
  const skew = context.settings.validation.clockSkew;
  const time = min(secondsOf(payload, "iat") + skew, context.now);
  if (!revoke(context, kind, id, time)) {
    // The provider may try again.
    state.remove(used);
    return Turn.answer(new Response(503));
  }
  context.diary.note("signed_out_by_provider", sub || Bytes.empty());
  return Turn.answer(new Response(200));
}

function refuse(context: Context, status: i32, message: string): Response {
  context.diary.warn("logout_token_refused", message);
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

function problemOf(context: Context, token: Token): string {
  if (token.reason != Reason.None) return "it is malformed";
  const payload = token.payload!;
  if (checkSignature(token, context.issuer, new Verification()) != Reason.None) {
    return "its signature cannot be verified";
  }
  const iss = payload.stringOf("iss");
  if (!iss || !iss.equals(context.issuer.name)) return "it is of another issuer";
  if (!isForClient(payload, context.clientId)) return "it is for another client";
  const skew = context.settings.validation.clockSkew;
  const iat = secondsOf(payload, "iat");
  const exp = secondsOf(payload, "exp");
  const now = context.now;
  if (iat < 0 || iat > now + skew || now - iat > LOGOUT_TOKEN_SECONDS) return "it is too old";
  if (exp < 0 || now >= exp + skew) return "it has expired";
  if (!isLogout(payload)) return "it is a token of another kind";
  const sid = payload.stringOf("sid");
  const sub = payload.stringOf("sub");
  const names = (sid !== null && sid.length > 0) || (sub !== null && sub.length > 0);
  if (!names) return "it names neither a session nor a subject";
  const jti = payload.stringOf("jti");
  return jti && jti.length > 0 ? "" : "it has no jti";
}

/** The event, and no nonce: an ID token must never pass for one. */
function isLogout(payload: Json): bool {
  if (payload.member("nonce")) return false;
  const events = payload.member("events");
  const event = events ? events.member(EVENT) : null;
  return event !== null && event.isObject;
}

/** Of all who come with one token, one is told true. */
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

/** The file that says that a token was used, by its jti. */
function markOf(payload: Json): Bytes {
  const name = encodeHex(sha256(payload.stringOf("jti")!).slice(0, 16));
  return Bytes.of(USED + "/").concat(name);
}
