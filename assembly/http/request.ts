/** A request as plain data: the names of all its headers, and the values that a decision needs. */
import { Bytes } from "../text/bytes";
import { HeaderNames, NO_NAMES } from "./header-names";

/** Header fields whose values a decision may need; the configuration says which of them it does. */
export enum Field {
  /** The token's header, usually `Authorization`. */
  Token,
  Host,
  Cookie,
  Connection,
  Origin,
  FetchSite,
  FetchMode,
  Upgrade,
  ContentEncoding,
  RequestId,
  WebSocketProtocol,
  /** CORS preflight: the method of the request that follows. */
  RequestMethod,
  // Fields that only Rolegate's own responses need; see LATE.
  FetchDest,
  Accept,
  AcceptLanguage,
  ContentType,
  Purpose,
  ServiceWorker,
  UserAgent,
}

export const FIELDS = Field.UserAgent + 1;
/**
 * This and later fields are read only when a request is not forwarded, because each costs a host
 * call.
 */
export const LATE = Field.FetchDest;

/** Lower-case names by `Field`; the configuration names that of `Token`. */
export const FIELD_NAMES: StaticArray<string> = [
  "",
  "host",
  "cookie",
  "connection",
  "origin",
  "sec-fetch-site",
  "sec-fetch-mode",
  "upgrade",
  "content-encoding",
  "x-request-id",
  "sec-websocket-protocol",
  "access-control-request-method",
  "sec-fetch-dest",
  "accept",
  "accept-language",
  "content-type",
  "sec-purpose",
  "service-worker",
  "user-agent",
];

const NO_HEADERS: StaticArray<Bytes | null> = [];

@final
export class Request {
  names: HeaderNames = NO_NAMES;
  /**
   * By `Field`: all values joined by NUL; null when the header is absent or the configuration does
   * not need it.
   */
  readonly values: StaticArray<Bytes | null> = new StaticArray<Bytes | null>(FIELDS);
  /** The headers that rules ask for, in order; each one's values as above. */
  headers: StaticArray<Bytes | null> = NO_HEADERS;
  /** Address and port of the connection; null when no rule needs them. */
  peer: Bytes | null = null;
  /**
   * The request's name in logs and responses: its X-Request-Id, or a made one when that is absent
   * or unfit.
   */
  id: Bytes = Bytes.empty();
  idWasMade: bool = false;
  /** When it came: nanoseconds since 1970. */
  time: i64 = 0;
  /** A part of the request was larger than the limits allow. */
  tooLarge: bool = false;

  constructor(
    readonly method: Bytes,
    /** Path and query, escaped. */
    readonly uri: Bytes,
  ) {}

  @inline get(field: Field): Bytes | null {
    // In line: the array's own function is a call, and each request makes twenty.
    const at = changetype<usize>(this.values) + ((<usize>field) << alignof<usize>());
    return changetype<Bytes | null>(load<usize>(at));
  }

  /** True if the field's value is exactly this. */
  has(field: Field, value: string): bool {
    const it = this.get(field);
    return it !== null && it.is(value);
  }
}
