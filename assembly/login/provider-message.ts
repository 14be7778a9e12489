/**
 * Messages of an exchange with the provider. The browser's request to a route below `login.path`
 * becomes Rolegate's own request, which Traefik carries to the provider, and the provider's
 * response becomes one for the browser. Plain data; assembly/host/provider-exchange.ts carries it
 * out.
 */
import { HeaderFields } from "../http/response";
import { Bytes } from "../text/bytes";

/** A request to the provider, with nothing of the browser's. */
@final
export class ProviderRequest {
  readonly headers: HeaderFields = new HeaderFields();
  body: Bytes = Bytes.empty();

  constructor(
    readonly method: Bytes,
    /**
     * Escaped path with its query. It must come from `Url.target`, because the host traps on an
     * invalid URI.
     */
    readonly uri: Bytes,
  ) {}

  header(name: string, value: Bytes): void {
    this.headers.add(name, value);
  }
}

/** A request for a JSON document. */
export function documentRequest(uri: Bytes): ProviderRequest {
  const outgoing = new ProviderRequest(Bytes.of("GET"), uri);
  outgoing.header("Accept", Bytes.of("application/json"));
  return outgoing;
}

/** The provider's response. */
@final
export class ProviderResponse {
  constructor(
    /**
     * The response broke off, or none came. The status is then meaningless: after an aborted
     * response it reads 200 (measured).
     */
    readonly failed: bool,
    readonly status: i32,
    /** Its content type; null when it is missing, repeated or too long. */
    readonly type: Bytes | null,
    /** Null when it is larger than the limit. */
    readonly body: Bytes | null,
  ) {}
}
