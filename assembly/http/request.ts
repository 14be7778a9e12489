/** A request as the guest sees it: plain data. Of the headers it has all names, and the values that a decision needs. */
import { Bytes } from "../text/bytes";
import { HeaderNames, NO_NAMES } from "./header-names";

/** The header fields whose values a decision may need; which of them it does, the configuration says. */
export enum Field {
  /** The one that carries the token, `Authorization` as a rule. */
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
  /** Of a CORS preflight: the method of the request that is to follow. */
  RequestMethod,
  // What only an answer of our own asks for; see LATE.
  FetchDest,
  Accept,
  AcceptLanguage,
  ContentType,
  Purpose,
  ServiceWorker,
  UserAgent,
}

export const FIELDS = Field.UserAgent + 1;
/** From here on fields are read when a request is not passed on: each one read is a call to the host. */
export const LATE = Field.FetchDest;

/** Lower-case name by `Field`; of `Token` the configuration knows it. */
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

@final
export class Request {
  names: HeaderNames = NO_NAMES;
  /** By `Field`: all values joined by NUL, or null when it is absent or the configuration has no use for it. */
  readonly values: StaticArray<Bytes | null> = new StaticArray<Bytes | null>(FIELDS);
  /** The headers that rules ask for, in their order; each one's values as above. */
  headers: Array<Bytes | null> = [];
  /** Address and port of the connection; null when no rule asks for it. */
  peer: Bytes | null = null;
  /** Names the request in logs and answers: its X-Request-Id, or one that was made because that was not fit. */
  id: Bytes = Bytes.empty();
  idWasMade: bool = false;
  /** Something was larger than the limits allow. */
  tooLarge: bool = false;

  constructor(
    readonly method: Bytes,
    /** Path and query, escaped. */
    readonly uri: Bytes,
  ) {}

  get(field: Field): Bytes | null {
    return this.values[field];
  }

  /** Whether the field is there with exactly this value. */
  has(field: Field, value: string): bool {
    const it = this.values[field];
    return it !== null && it.is(value);
  }
}
