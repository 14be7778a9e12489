/**
 * A parsed JSON value: a tree whose texts are views of the document, or decoded copies where they
 * have escapes.
 */
import { Bytes } from "../text/bytes";
import { CASE, keyOf, keyOfText } from "../text/names";

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
  private called: Bytes | null = null;
  /** The first element or member; the others follow by `next`, in the document's order. */
  first: Json | null = null;
  next: Json | null = null;
  /** Number of elements or members. */
  count: i32 = 0;
  /** The name as a number, so that a search rarely compares names. */
  private key: u64 = 0;

  constructor(
    readonly kind: Kind,
    /**
     * A string's characters, a number as written, `true`, `false` or `null`; empty for arrays and
     * objects.
     */
    readonly text: Bytes,
  ) {}

  /** The member's name, in an object. */
  get name(): Bytes | null {
    return this.called;
  }

  set name(name: Bytes | null) {
    this.called = name;
    this.key = name ? keyOf(name) : 0;
  }

  /** Gives it a name, which has that key. */
  call(name: Bytes, key: u64): void {
    this.called = name;
    this.key = key;
  }

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
    return this.kind == Kind.Object ? this.find(name, keyOf(name)) : null;
  }

  /** The same in an object, with the name's key. */
  find(name: Bytes, key: u64): Json | null {
    let it = this.first;
    while (it && !(it.key == key && it.called!.equals(name))) it = it.next;
    return it;
  }

  /** The member of that ASCII name, or null. */
  member(name: string): Json | null {
    if (this.kind != Kind.Object) return null;
    const key = keyOfText(name);
    let it = this.first;
    while (it && !(it.key == key && it.called!.is(name))) it = it.next;
    return it;
  }

  /** True if its name is an ASCII text in any case; `key` is that of `foldedKeyOf`. */
  // @ts-ignore: decorator
  @inline
  isCalled(name: string, key: u64): bool {
    return (this.key | CASE) == key && this.called!.isInAnyCase(name);
  }

  /** The member's characters when it is a string, or null. */
  stringOf(name: string): Bytes | null {
    const it = this.member(name);
    return it && it.isString ? it.text : null;
  }
}
