/** A request as plain data: the names of all its headers, and the values that a decision needs. */
import { Bytes } from "../text/bytes";
import { within } from "../runtime/within";
import { GET, HEAD, lettersOf, OPTIONS } from "./method";
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

/** Fields that a request has room for: five times 16 bytes. */
const ROOM = 20;
/** Where values go that no field has: those of a header that only rules ask for. */
export const NO_FIELD = ROOM - 1;
if (FIELDS > NO_FIELD) ERROR("Request has too little room for its fields");

@final
export class Request {
  names: HeaderNames = NO_NAMES;
  /** The headers that rules ask for, in order; each one's values as above. */
  headers: StaticArray<Bytes | null> = NO_HEADERS;
  /** Address and port of the connection; null when no rule needs them. */
  peer: Bytes | null = null;
  /**
   * The request's name in logs and responses: its X-Request-Id, or a made one when that is absent
   * or unfit.
   */
  id: Bytes = Bytes.empty();
  /** The same if it was made; null if it is the client's. */
  madeId: Bytes | null = null;
  /** When it came: nanoseconds since 1970. */
  time: i64 = 0;
  /** The method as a number, or 0 (see `lettersOf`). */
  letters: u64;
  /** A part of the request was larger than the limits allow. */
  tooLarge: bool = false;
  // Room for the values of ROOM fields: in the object itself, so that they lie beside the rest.
  private first: v128 = i64x2.splat(0);
  private second: v128 = i64x2.splat(0);
  private third: v128 = i64x2.splat(0);
  private fourth: v128 = i64x2.splat(0);
  private fifth: v128 = i64x2.splat(0);

  constructor(
    public method: Bytes,
    /** Path and query, escaped. */
    public uri: Bytes,
  ) {
    this.letters = lettersOf(method);
  }

  /** Makes it another request, of which nothing more is known. */
  begin(method: Bytes, uri: Bytes, names: HeaderNames, id: Bytes, time: i64, tooLarge: bool): void {
    within(this);
    this.method = method;
    this.letters = lettersOf(method);
    this.uri = uri;
    this.names = names;
    this.headers = NO_HEADERS;
    this.peer = null;
    this.id = id;
    this.madeId = id;
    this.time = time;
    this.tooLarge = tooLarge;
    const none = i64x2.splat(0);
    this.first = none;
    this.second = none;
    this.third = none;
    this.fourth = none;
    this.fifth = none;
  }

  /** RFC 9110 §9.2.1: a method that only reads. */
  @inline get isSafe(): bool {
    const letters = this.letters;
    return letters == GET || letters == HEAD || letters == OPTIONS;
  }

  @inline get isGet(): bool {
    return this.letters == GET;
  }

  /**
   * All values of the field, joined by NUL; null when the header is absent or the configuration
   * does not need it.
   */
  @inline get(field: Field): Bytes | null {
    return changetype<Bytes | null>(load<usize>(this.placeOf(field), offsetof<Request>("first")));
  }

  @inline set(field: Field, values: Bytes | null): void {
    store<usize>(this.placeOf(field), changetype<usize>(values), offsetof<Request>("first"));
  }

  @inline private placeOf(field: Field): usize {
    return changetype<usize>(this) + ((<usize>field) << 2);
  }

  /** True if the field's value is exactly this. */
  has(field: Field, value: string): bool {
    const it = this.get(field);
    return it !== null && it.is(value);
  }
}
