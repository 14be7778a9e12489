/**
 * Sign-in's log, a JSON line for each event: exact where pages are vague, without codes, tokens,
 * secrets or queries.
 */
import { Writer } from "../json/writer";
import { nameOf, Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

@final
export class EventLog {
  /** The lines, and for each whether it is a warning. */
  readonly lines: Array<Bytes> = [];
  readonly warnings: Array<bool> = [];
  /** A token named an unknown key, so the keys should be fetched again. */
  keysAreStale: bool = false;

  constructor(readonly requestId: Bytes) {}

  /** A normal event. */
  note(event: string, subject: Bytes): void {
    const writer = this.begin(event);
    if (subject.length > 0) writer.bytes("subject", subject);
    this.end(writer, false);
  }

  /** Something that may be intended, and is good to know. */
  tell(event: string, message: string): void {
    this.end(this.begin(event).text("message", message), false);
  }

  /**
   * A failure. `message` is Rolegate's, `detail` may be the provider's. `reason`: why a token was
   * refused.
   */
  warn(
    event: string,
    message: string,
    detail: Bytes = Bytes.empty(),
    reason: Reason = Reason.None,
  ): void {
    const writer = this.begin(event).text("message", message);
    if (reason != Reason.None) writer.text("reason", nameOf(reason));
    if (detail.length > 0) writer.bytes("detail", detail.slice(0, min(detail.length, DETAIL)));
    this.end(writer, true);
  }

  private begin(event: string): Writer {
    const writer = new Writer().open().text("rolegate", "login");
    return writer.bytes("request", this.requestId).text("event", event);
  }

  private end(writer: Writer, isWarning: bool): void {
    this.lines.push(writer.close().done());
    this.warnings.push(isWarning);
  }
}

/** Bytes of a provider's text that are logged. */
const DETAIL = 200;
