/**
 * The request's body. It is read from the host only when a decision depends on it, and parsed once
 * for all that rules ask about it.
 */
import { aliasIsThere, saysJson } from "../http/media-type";
import { Field, Request } from "../http/request";
import { Questions } from "../json/questions";
import { Reason } from "../outcome/reason";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";

@final
export class Body {
  /** The body has been read, and its questions are answered or `reason` is set. */
  isKnown: bool = false;
  /** Why the body cannot be read: the request is refused, whatever its rule says. */
  reason: Reason = Reason.None;

  constructor(
    private request: Request,
    private questions: Questions,
    /**
     * Reads the body whole and keeps it for the upstream; null when it is larger than the limit.
     */
    private source: () => Bytes | null,
    /** Reads request fields that most decisions do not need. */
    private readLate: (request: Request) => void,
  ) {}

  /** Makes it another request's, of which nothing has been read. */
  begin(request: Request): void {
    within(this);
    this.request = request;
    this.isKnown = false;
    this.reason = Reason.None;
  }

  read(): void {
    this.isKnown = true;
    this.questions.clear();
    this.reason = this.look();
  }

  private look(): Reason {
    const request = this.request;
    const encoding = request.get(Field.ContentEncoding);
    // It is unknown what the application will read from it.
    if (encoding && !encoding.isInAnyCase("identity")) return Reason.BodyEncoded;
    const bytes = this.source();
    if (!bytes) return Reason.BodyTooLarge;
    if (bytes.length == 0) return Reason.None;
    this.readLate(request);
    const type = request.get(Field.ContentType);
    if (!type || !saysJson(type) || aliasIsThere(request.names.all)) return Reason.BodyTypeNotJson;
    return this.questions.read(bytes) ? Reason.None : Reason.BodyNotJson;
  }
}
