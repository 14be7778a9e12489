/**
 * The request's body. It is read from the host only when a decision depends on it, and parsed once
 * for all that rules ask about it.
 */
import { aliasIsThere, saysJson } from "../http/media-type";
import { Field, Request } from "../http/request";
import { Questions } from "../json/questions";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

@final
export class Body {
  constructor(
    private questions: Questions,
    /**
     * Reads the body whole and keeps it for the upstream; null when it is larger than the limit.
     */
    private source: () => Bytes | null,
    /** Reads request fields that most decisions do not need. */
    private readLate: (request: Request) => void,
  ) {}

  /** Answers the questions for a request, or returns why its body cannot be read. */
  read(request: Request): Reason {
    this.questions.clear();
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
