/** What a handler returns: an answer at once, or a request to the provider with what turns its response into one. */
import { Response } from "../http/response";
import { PROVIDER_ANSWER_BYTES } from "../limits";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ProviderResponse, ProviderRequest } from "./provider-message";

/** Waits for the provider's response. */
export abstract class Exchange {
  abstract onResponse(incoming: ProviderResponse): Response;
}

@final
export class HandlerResult {
  private constructor(
    /** Null: a request goes out first. */
    readonly response: Response | null,
    readonly outgoing: ProviderRequest | null,
    readonly exchange: Exchange | null,
  ) {}

  static answer(response: Response): HandlerResult {
    return new HandlerResult(response, null, null);
  }

  static exchange(outgoing: ProviderRequest, exchange: Exchange): HandlerResult {
    return new HandlerResult(null, outgoing, exchange);
  }
}

/** The document that was asked for, or null: anything else than 200 and JSON is none. */
export function documentOf(incoming: ProviderResponse): Bytes | null {
  return isJson(incoming) && incoming.status == 200 ? incoming.body : null;
}

/** Whether the provider's answer is what was asked for; `is_error` first, for the status says nothing then (measured). */
export function isJson(incoming: ProviderResponse): bool {
  if (incoming.failed || !incoming.body) return false;
  const type = incoming.type;
  if (!type) return false;
  const end = type.indexOf(Char.Semicolon);
  const name = (end < 0 ? type : type.slice(0, end)).trim();
  return name.isInAnyCase("application/json") || name.isInAnyCase("application/jwk-set+json");
}

/** Why it is not the JSON document that was asked for, for the log. */
export function troubleOf(incoming: ProviderResponse): string {
  if (incoming.failed) return "the answer broke off, or none came";
  if (incoming.status != 200) return `status ${incoming.status}`;
  if (!incoming.body) return `it has more than ${PROVIDER_ANSWER_BYTES} bytes`;
  const type = incoming.type;
  return type
    ? `its content type is ${type.toString()}, expected application/json`
    : "it has no content type, expected application/json";
}
