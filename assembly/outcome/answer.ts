/** The public answers: few and vague on purpose. The exact reason stands in the log, under the request's id. */
@final
export class Answer {
  constructor(
    readonly status: i32,
    /** Human-readable summary, RFC 9457 §3.1.3. */
    readonly title: string,
    readonly detail: string,
    /** `error` of the WWW-Authenticate challenge, RFC 6750 §3.1; empty: a challenge without one. */
    readonly error: string,
    readonly challenge: bool,
  ) {}
}

/** The answer of a public code. */
export function answerOf(code: string): Answer {
  if (code == "invalid_request") {
    return new Answer(400, "Bad request", "The request is malformed or ambiguous.", "invalid_request", false);
  }
  if (code == "authentication_required") {
    return new Answer(401, "Sign-in required", "This needs a valid access token.", "", true);
  }
  if (code == "invalid_token") {
    return new Answer(401, "Invalid token", "The access token is not valid here, or no longer.", "invalid_token", true);
  }
  if (code == "forbidden") {
    return new Answer(403, "Not allowed", "Your roles do not allow this.", "insufficient_scope", true);
  }
  if (code == "cross_site") {
    return new Answer(403, "Not allowed", "A page of another site may not do this in your name.", "", false);
  }
  if (code == "wrong_host") {
    return new Answer(421, "Wrong host", "This credential is not accepted under this host name.", "", false);
  }
  if (code == "keys_unavailable") {
    return new Answer(503, "Not ready", "The keys that verify tokens are not there yet.", "", false);
  }
  return new Answer(500, "Configuration error", "The gate is not configured. Its log says what is wrong.", "", false);
}
