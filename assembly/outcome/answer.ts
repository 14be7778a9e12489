/**
 * The public responses: few and vague on purpose. The exact reason is in the log, with the
 * request's id.
 */
import { codeOf, Reason } from "./reason";

@final
export class Answer {
  constructor(
    readonly code: string,
    readonly status: i32,
    /** Human-readable summary, RFC 9457 §3.1.3. */
    readonly title: string,
    /** Position in DETAILS. */
    private number: i32,
    /** `error` of the WWW-Authenticate challenge, RFC 6750 §3.1; empty: a challenge without one. */
    readonly error: string,
    readonly challenge: bool,
    /** Status for a gRPC client: a code of google.rpc.Code. */
    readonly grpcStatus: i32,
  ) {}

  get detail(): string {
    return DETAILS[this.number];
  }
}

/** By number, so that a guest keeps them packed until one is needed. */
// prettier-ignore
const DETAILS: StaticArray<string> = [
  "The request is malformed or ambiguous.",
  "This needs a valid access token.",
  "The access token is not valid here, or no longer.",
  "Your roles do not allow this.",
  "A page of another site may not do this in your name.",
  "The body is too large to be inspected.",
  "This credential is not accepted under this host name.",
  "The keys that verify tokens are not there yet. Try again in a few seconds.",
  "The session cannot be checked now. Try again in a few seconds.",
  "The identity provider did not answer. Try again in a few seconds.",
  "This browser has forgotten the session, which could not be ended everywhere: it holds until it is to be renewed.",
  "Sign-in has no router of its own: add one for this path, with the middleware in mode login.",
  "The provider's answer could not be used.",
  "The gate is not configured. Its log says what is wrong.",
];

/** Made for each refusal, because most guests refuse none. */
// prettier-ignore
function answers(): StaticArray<Answer> {
  return [
    new Answer("invalid_request", 400, "Bad request", 0, "", false, 3),
    new Answer("authentication_required", 401, "Sign-in required", 1, "", true, 16),
    new Answer("invalid_token", 401, "Invalid token", 2, "invalid_token", true, 16),
    new Answer("forbidden", 403, "Not allowed", 3, "insufficient_scope", true, 7),
    new Answer("cross_site", 403, "Not allowed", 4, "", false, 7),
    new Answer("body_too_large", 413, "Body too large", 5, "", false, 8),
    new Answer("wrong_host", 421, "Wrong host", 6, "", false, 9),
    new Answer("keys_unavailable", 503, "Not ready", 7, "", false, 14),
    new Answer("sessions_unavailable", 503, "Not ready", 8, "", false, 14),
    new Answer("provider_unreachable", 503, "Not ready", 9, "", false, 14),
    new Answer("sign_out_incomplete", 503, "Signed out here only", 10, "", false, 14),
    new Answer("login_router_missing", 500, "Configuration error", 11, "", false, 13),
    // Shown on a page, or sent to the provider, when a token of a sign-in or logout is refused.
    new Answer("sign_in_failed", 400, "Sign-in failed", 12, "", false, 3),
    new Answer("config_error", 500, "Configuration error", 13, "", false, 13),
  ];
}

/** The public response to a reason. */
export function answerTo(reason: Reason): Answer {
  const code = codeOf(reason);
  const all = answers();
  let index = 0;
  while (all[index].code != code) index++;
  return all[index];
}
