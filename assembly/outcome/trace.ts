/**
 * The steps of one decision, a JSON line each, for the log at debug level and for `rolegate
 * explain`: `{"rolegate":"trace","request":…,"step":…,…}`. docs/trace.md lists the steps and their
 * members.
 */
import { Writer } from "../json/writer";
import { Bytes } from "../text/bytes";

@final
export class Trace {
  readonly lines: Array<Bytes> = [];

  constructor(private requestId: Bytes) {}

  /** Begins a step; `end` writes it. */
  begin(step: string): Writer {
    const writer = new Writer().open().text("rolegate", "trace");
    return writer.bytes("request", this.requestId).text("step", step);
  }

  end(writer: Writer): void {
    this.lines.push(writer.close().done());
  }
}
