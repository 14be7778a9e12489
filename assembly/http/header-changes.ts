/**
 * Changes of a request's headers, in order. Views by address in a chain: a forwarded request has a
 * few, makes them anew, and reads each once.
 */
import { OwnedHeader } from "./header-names";
import { REQUEST_ID } from "./request-id";
import { within } from "../runtime/within";
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

/** All changes. Those that most requests have are not chained: they lie together elsewhere. */
@unmanaged
@final
export class HeaderChanges {
  first: HeaderChange | null = null;
  private last: HeaderChange | null = null;
  /** Removed before those. */
  removed: OwnedHeader | null = null;
  /** The request's id, if one was made: set after those. */
  id: Bytes | null = null;
  /** Set after that: names and values that are packed (text/packed.ts). Null: none are. */
  names: Bytes | null = null;
  values: usize = 0;

  /** Forgets all changes. `id` is null if the client's own is forwarded. */
  begin(removed: OwnedHeader | null, id: Bytes | null): void {
    within(this);
    this.first = null;
    this.last = null;
    this.removed = removed;
    this.id = id;
    this.names = null;
  }

  remove(name: Bytes): void {
    this.add(new HeaderChange(name.start, name.length, 0, REMOVED));
  }

  /** Sets a header after all other changes. */
  setLast(name: Bytes, value: Bytes): void {
    this.unpack();
    this.set(name, value);
  }

  set(name: Bytes, value: Bytes): void {
    this.add(new HeaderChange(name.start, name.length, value.start, value.length));
  }

  /** Sets headers whose names and values are packed; one without a value stays. */
  setAll(names: Bytes, values: usize): void {
    // This first, as in runtime/within.ts.
    this.values = values;
    this.names = names;
  }

  /** The first of all, in a chain. */
  get all(): HeaderChange | null {
    this.unpack();
    const removed = this.removed;
    if (removed) {
      const chained = this.first;
      const last = this.last;
      this.first = null;
      this.last = null;
      this.removed = null;
      for (let it: OwnedHeader | null = removed; it; it = it.next) this.remove(it.name);
      const end = this.last!;
      end.next = chained;
      if (last) this.last = last;
    }
    return this.first;
  }

  /** Chains those that are not. */
  private unpack(): void {
    const id = this.id;
    const names = this.names;
    this.id = null;
    this.names = null;
    if (id) this.set(REQUEST_ID, id);
    if (!names) return;
    let value = this.values;
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
