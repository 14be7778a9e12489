/** A parsed JSON value: a tree whose text stays in the document, or beside it where escapes were decoded. */
import { Bytes } from "../text/bytes";

export enum Kind {
  Null,
  Boolean,
  Number,
  String,
  Array,
  Object,
}

@unmanaged
@final
export class Json {
  /** Of an object's member: its name. */
  name: Bytes | null = null;
  /** The first element of an array or member of an object; then each one's `next`, in the document's order. */
  first: Json | null = null;
  next: Json | null = null;
  /** Elements or members. */
  count: i32 = 0;
  /** Of a member: a hash of its name, so that looking for a duplicate seldom compares names. */
  nameHash: u32 = 0;

  constructor(
    readonly kind: Kind,
    /** A string's characters, a number as written, `true`, `false` or `null`; of arrays and objects nothing. */
    readonly text: Bytes,
  ) {}

  get isString(): bool {
    return this.kind == Kind.String;
  }

  get isArray(): bool {
    return this.kind == Kind.Array;
  }

  get isObject(): bool {
    return this.kind == Kind.Object;
  }

  get isTrue(): bool {
    return this.kind == Kind.Boolean && this.text.is("true");
  }

  /** The member of that name, or null; also null when this is no object. */
  get(name: Bytes): Json | null {
    if (this.kind != Kind.Object) return null;
    let it = this.first;
    while (it && !it.name!.equals(name)) it = it.next;
    return it;
  }

  /** The member of that ASCII name, or null. */
  member(name: string): Json | null {
    if (this.kind != Kind.Object) return null;
    let it = this.first;
    while (it && !it.name!.is(name)) it = it.next;
    return it;
  }

  /** The member's characters when it is a string, or null. */
  stringOf(name: string): Bytes | null {
    const it = this.member(name);
    return it && it.isString ? it.text : null;
  }
}
