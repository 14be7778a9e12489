/**
 * The page after signing out: `login.postLogoutRedirect` may name it, and where the provider has no
 * end-session endpoint it is shown at once. It says whether the provider has confirmed, by our
 * `state` (RP-Initiated Logout §3).
 */
import { SIGNED_OUT } from "../config/sign-in";
import { Response } from "../http/response";
import { TRANSACTION_SECONDS } from "../limits";
import { PageKind } from "../pages/kind";
import { FieldReader, Fields } from "../session/fields";
import { Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo } from "./answers";
import { Context } from "./context";
import { HandlerResult } from "./exchange";
import { sessionOf } from "./refresh-cookie";

/** The provider sends this back. An attacker who has it can only show the page to others. */
export function logoutState(context: Context): Bytes {
  const text = new Fields().i64(context.now).all;
  return seal(context.ring, Purpose.State, Bytes.of(SIGNED_OUT), context.nanoseconds, text);
}

export function signedOut(context: Context): HandlerResult {
  const session = sessionOf(context);
  // An address from another person, or a session that has begun meanwhile.
  if (session && context.now < session.end && !context.isRevoked(session)) {
    return HandlerResult.answer(redirectTo(Bytes.of("/")));
  }
  const isConfirmed = isOurs(context, context.parameter("state"));
  if (!isConfirmed) {
    context.log.warn("sign_out_unconfirmed", "the provider did not send back our state");
  }
  return HandlerResult.answer(signedOutPage(context, isConfirmed));
}

export function signedOutPage(context: Context, isConfirmed: bool): Response {
  const kind = isConfirmed ? PageKind.SignedOut : PageKind.SignedOutHere;
  return pageWith(context, kind, Bytes.of("/"));
}

function isOurs(context: Context, state: Bytes | null): bool {
  const text = state ? open(context.ring, Purpose.State, Bytes.of(SIGNED_OUT), state) : null;
  if (!text) return false;
  const fields = new FieldReader(text);
  const age = context.now - fields.i64();
  return fields.done && age >= 0 && age < TRANSACTION_SECONDS;
}
