/**
 * A parsed JSON value: a tree whose texts are views of the document, or decoded copies where they
 * have escapes.
 */
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
  /** The member's name, in an object. */
  name: Bytes | null = null;
  /** The first element or member; the others follow by `next`, in the document's order. */
  first: Json | null = null;
  next: Json | null = null;
  /** Number of elements or members. */
  count: i32 = 0;
  /** A hash of the member's name, so that a search for duplicates rarely compares names. */
  nameHash: u32 = 0;

  constructor(
    readonly kind: Kind,
    /**
     * A string's characters, a number as written, `true`, `false` or `null`; empty for arrays and
     * objects.
     */
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

  /** The member of that name, or null; null also when this is not an object. */
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
