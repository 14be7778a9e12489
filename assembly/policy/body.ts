/** A question about a JSON body, and the body itself, which is read from the host only when a rule gets to it. */
import { Literal, Occurrences } from "../json/occurrences";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

@final
export class BodyTest {
  constructor(
    /** Names from the outermost object inward. */
    readonly path: Array<Bytes>,
    /** None: any value will do. */
    readonly values: Array<Literal>,
  ) {}
}

@final
export class Body {
  private bytes: Bytes | null = null;
  private wasRead: bool = false;
  /** Why it cannot be read: the request is refused, whatever the rules say. */
  reason: Reason = Reason.None;

  constructor(
    /** Reads it whole and keeps it for the upstream; null when it is larger than the limit. */
    private source: () => Bytes | null,
    /** It is compressed, and what the application will see cannot be told. */
    private isEncoded: bool,
  ) {}

  /** BodyJSON: some occurrence of the key has one of the values. */
  some(test: BodyTest): bool {
    const found = this.occurrences(test);
    return found !== null && (test.values.length > 0 ? found.matching : found.count) > 0;
  }

  /** BodyOnly: every occurrence of the key has one of the values. */
  only(test: BodyTest): bool {
    const found = this.occurrences(test);
    return found !== null && found.matching == found.count;
  }

  private occurrences(test: BodyTest): Occurrences | null {
    if (!this.wasRead) this.read();
    const bytes = this.bytes;
    if (!bytes) return null;
    const found = new Occurrences(test.path, test.values);
    if (bytes.length > 0) found.read(bytes);
    else found.valid = true;
    if (!found.valid) this.reason = Reason.BodyNotJson;
    return found.valid ? found : null;
  }

  private read(): void {
    this.wasRead = true;
    if (this.isEncoded) {
      this.reason = Reason.BodyEncoded;
      return;
    }
    this.bytes = this.source();
    if (!this.bytes) this.reason = Reason.BodyTooLarge;
  }
}
