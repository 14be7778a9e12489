/** A refusal for programs: problem details, RFC 9457, and the challenge of RFC 6750 §3. */
import { Writer } from "../json/writer";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Answer } from "./answer";

/**
 * Seconds after which a client may try again when keys are missing: they arrive within seconds of a
 * start.
 */
export const RETRY_AFTER = "5";

/**
 * `detail`: the text for this refusal, RFC 9457 §3.1.4; null: there is none. `loginUrl`,
 * `refreshUrl`: where a front end can have a user signed in, or a session refreshed; empty:
 * nowhere.
 */
export function problemBody(
  answer: Answer,
  requestId: Bytes,
  loginUrl: string = "",
  refreshUrl: string = "",
  detail: Bytes | null = null,
): Bytes {
  const writer = new Writer()
    .open()
    .text("type", "about:blank")
    .text("title", answer.title)
    .integer("status", answer.status)
    .bytes("detail", detail || Bytes.of(answer.detail))
    .text("code", answer.code)
    .bytes("requestId", requestId);
  if (loginUrl.length > 0) writer.text("login_url", loginUrl);
  if (refreshUrl.length > 0) writer.text("refresh_url", refreshUrl);
  return writer.close().done();
}

/** True if a content type is one of gRPC's, whose clients read no other response. */
export function isGrpc(type: Bytes): bool {
  const name = "application/grpc";
  if (type.length < name.length || !type.slice(0, name.length).isInAnyCase(name)) return false;
  const next = type.length > name.length ? type.at(name.length) : 0;
  return next == 0 || next == Char.Plus || next == Char.Semicolon || next == Char.Space;
}

/** The WWW-Authenticate value. `scopes`: those that the rule requires; may be empty. */
export function challenge(answer: Answer, scopes: Bytes): Bytes {
  let text = "Bearer";
  if (answer.error.length > 0) {
    text += ` error="${answer.error}", error_description="${answer.detail}"`;
    if (scopes.length > 0) text += `, scope="${scopes.toString()}"`;
  }
  return Bytes.of(text);
}
