/**
 * A handler's result: a response, or a request to the provider with the object that handles its
 * response.
 */
import { Response } from "../http/response";
import { PROVIDER_ANSWER_BYTES } from "../limits";
import { causeOf } from "../outcome/remedy";
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
    /** Null: the provider is asked first. */
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

/** The requested document; null unless the response is 200 with JSON. */
export function documentOf(incoming: ProviderResponse): Bytes | null {
  return isJson(incoming) && incoming.status == 200 ? incoming.body : null;
}

/**
 * True if the provider's response is JSON. `failed` is checked first, because the status is
 * meaningless then (measured).
 */
export function isJson(incoming: ProviderResponse): bool {
  return isOfType(incoming, "application/json") || isOfType(incoming, "application/jwk-set+json");
}

/** `name`: without parameters, in lower case. */
export function isOfType(incoming: ProviderResponse, name: string): bool {
  if (incoming.failed || !incoming.body) return false;
  const type = incoming.type;
  if (!type) return false;
  const end = type.indexOf(Char.Semicolon);
  return (end < 0 ? type : type.slice(0, end)).trim().isInAnyCase(name);
}

/** Why it is not the requested JSON document, for the log. */
export function troubleOf(incoming: ProviderResponse): string {
  if (incoming.failed) return "the answer broke off, or none came";
  if (incoming.status != 200) return `status ${incoming.status}${causeOf(incoming.status)}`;
  if (!incoming.body) return `it has more than ${PROVIDER_ANSWER_BYTES} bytes`;
  const type = incoming.type;
  return type
    ? `its content type is ${type.toString()}, expected application/json`
    : "it has no content type, expected application/json";
}
