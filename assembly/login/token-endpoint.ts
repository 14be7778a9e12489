/** The token endpoint, RFC 6749 §4.1.3 and §6: its request and its response. */
import { Pairs } from "../http/escape";
import { Url } from "../http/url";
import { toSeconds } from "../json/number";
import { parse } from "../json/parse";
import { Json, Kind } from "../json/value";
import { formIsLost } from "../outcome/remedy";
import { Bytes } from "../text/bytes";
import { proveClient } from "./client-auth";
import { Context } from "./context";
import { ProviderResponse, ProviderRequest } from "./provider-message";
import { isJson } from "./exchange";

export function tokenRequest(context: Context, endpoint: Bytes, form: Pairs): ProviderRequest {
  const outgoing = new ProviderRequest(Bytes.of("POST"), Url.parse(endpoint)!.target);
  proveClient(context, form, outgoing);
  outgoing.header("Accept", Bytes.of("application/json"));
  outgoing.header("Content-Type", Bytes.of("application/x-www-form-urlencoded"));
  outgoing.body = form.bytes;
  return outgoing;
}

@final
export class TokenAnswer {
  /** The provider could not be reached, or its response was malformed. */
  failed: bool = false;
  /** The provider's error code; empty: it returned tokens. */
  error: Bytes = Bytes.empty();
  /** The provider's description, for the log. */
  description: Bytes = Bytes.empty();

  /** The error for the log. Our forms are complete: who misses a part of one has not got it. */
  get refusal(): string {
    const error = this.error.toString();
    return this.error.is("invalid_request") ? `${error}: ${formIsLost()}` : error;
  }

  idToken: Bytes | null = null;
  accessToken: Bytes | null = null;
  refreshToken: Bytes | null = null;
  /** Seconds; -1: absent. */
  expiresIn: i64 = -1;
}

export function readTokenAnswer(incoming: ProviderResponse): TokenAnswer {
  const answer = new TokenAnswer();
  const json: Json | null = isJson(incoming) ? parse(incoming.body!) : null;
  if (!json || !json.isObject) {
    answer.failed = true;
    return answer;
  }
  if (incoming.status != 200) {
    answer.error = json.stringOf("error") || Bytes.empty();
    answer.description = json.stringOf("error_description") || Bytes.empty();
    // RFC 6749 §5.2 uses 400, and 401 for the client; other statuses are failures of the server.
    const isRefusal = incoming.status == 400 || incoming.status == 401;
    answer.failed = !isRefusal || answer.error.length == 0;
    return answer;
  }
  // RFC 6749 §7.1: a token of another type must not be used as a bearer. Some providers leave out
  // what §5.1 requires.
  const type = json.member("token_type");
  const isBearer = !type || (type.isString && type.text.trim().isInAnyCase("bearer"));
  if (isBearer) answer.accessToken = text(json, "access_token");
  answer.idToken = text(json, "id_token");
  answer.refreshToken = text(json, "refresh_token");
  const expires = json.member("expires_in");
  if (expires && expires.kind == Kind.Number) answer.expiresIn = toSeconds(expires.text);
  return answer;
}

function text(json: Json, name: string): Bytes | null {
  const value = json.stringOf(name);
  return value && value.length > 0 ? value : null;
}
