/**
 * An exchange with the provider: the browser's request to a route below `login.path` becomes a request of our own that Traefik carries to the
 * identity provider, whose answer is turned into one for the browser. Plain data; assembly/host/provider-exchange.ts does it.
 */
import { HeaderFields } from "../http/response";
import { Bytes } from "../text/bytes";

/** What goes to the provider: this and nothing of the browser's. */
@final
export class ProviderRequest {
  readonly headers: HeaderFields = new HeaderFields();
  body: Bytes = Bytes.empty();

  constructor(
    readonly method: Bytes,
    /** Escaped path with its query; a URL's own, for the host traps on what is none. */
    readonly uri: Bytes,
  ) {}

  header(name: string, value: Bytes): void {
    this.headers.add(name, value);
  }
}

/** For a JSON document. */
export function documentRequest(uri: Bytes): ProviderRequest {
  const outgoing = new ProviderRequest(Bytes.of("GET"), uri);
  outgoing.header("Accept", Bytes.of("application/json"));
  return outgoing;
}

/** What came back. */
@final
export class ProviderResponse {
  constructor(
    /** The answer broke off, or none came. The status then says nothing: after an aborted one it reads 200 (measured). */
    readonly failed: bool,
    readonly status: i32,
    /** Its content type; null when there is none, or several, or one that is too long to be one. */
    readonly type: Bytes | null,
    /** Null when it is larger than was allowed. */
    readonly body: Bytes | null,
  ) {}
}
