/**
 * The request's body, which is read from the host only when a decision rests on it, and looked through once for all
 * that rules ask about it.
 */
import { aliasIsThere, saysJson } from "../http/media-type";
import { Field, Request } from "../http/request";
import { Questions } from "../json/questions";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

@final
export class Body {
  /** What rules ask about it has answers, or there is a reason. */
  isKnown: bool = false;
  /** Why it cannot be read: the request is refused, whatever the rules say. */
  reason: Reason = Reason.None;

  constructor(
    private request: Request,
    private questions: Questions,
    /** Reads it whole and keeps it for the upstream; null when it is larger than the limit. */
    private source: () => Bytes | null,
    /** Reads the fields of the request that most decisions need not know. */
    private readLate: (request: Request) => void,
  ) {}

  read(): void {
    this.isKnown = true;
    this.questions.clear();
    this.reason = this.look();
  }

  private look(): Reason {
    const request = this.request;
    const encoding = request.get(Field.ContentEncoding);
    // What the application will see cannot be told.
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
