/**
 * Changes of a request's headers, in order. Views by address in a chain: a forwarded request has a
 * few, makes them anew, and reads each once.
 */
import { Bytes } from "../text/bytes";
import { ABSENT, lengthAt, PREFIX } from "../text/packed";

const REMOVED = -1;

@unmanaged
@final
export class HeaderChange {
  next: HeaderChange | null = null;

  constructor(
    readonly nameStart: usize,
    readonly nameLength: i32,
    /** The value that it is set to. */
    readonly valueStart: usize,
    readonly valueLength: i32,
  ) {}

  get isRemoval(): bool {
    return this.valueLength == REMOVED;
  }

  get name(): Bytes {
    return new Bytes(this.nameStart, this.nameLength);
  }

  get value(): Bytes {
    return new Bytes(this.valueStart, this.valueLength);
  }
}

@unmanaged
@final
export class HeaderChanges {
  first: HeaderChange | null = null;
  private last: HeaderChange | null = null;

  remove(name: Bytes): void {
    this.add(new HeaderChange(name.start, name.length, 0, REMOVED));
  }

  set(name: Bytes, value: Bytes): void {
    this.add(new HeaderChange(name.start, name.length, value.start, value.length));
  }

  /** Sets headers whose names and values are packed (text/packed.ts); one without a value stays. */
  setAll(names: Bytes, values: usize): void {
    let value = values;
    const end = names.end;
    for (let name = names.start; name < end;) {
      const nameLength = lengthAt(name);
      const length = lengthAt(value);
      name += PREFIX;
      value += PREFIX;
      if (length != ABSENT) {
        this.add(new HeaderChange(name, nameLength, value, length));
        value += length;
      }
      name += nameLength;
    }
  }

  private add(change: HeaderChange): void {
    const last = this.last;
    if (last) last.next = change;
    else this.first = change;
    this.last = change;
  }
}
