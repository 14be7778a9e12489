import { Bytes, isSame } from "../../../assembly/text/bytes";

/** On both sides of what is visible. */
const HIDDEN: StaticArray<u8> = [0, 9, 0x20, 0x7f, 0x80, 0xa1, 0xff];

describe("bytes", () => {
  test("find a byte at every place, and nothing beyond their end", () => {
    for (let length = 0; length < 50; length++) {
      const buffer = Bytes.make(64);
      buffer.set(length, 0x2e);
      const bytes = buffer.slice(0, length);
      expect(bytes.indexOf(0x2e)).toBe(-1);
      for (let at = 0; at < length; at++) {
        bytes.set(at, 0x2e);
        expect(bytes.indexOf(0x2e)).toBe(at);
        expect(bytes.indexOf(0x2e, at)).toBe(at);
        expect(bytes.indexOf(0x2e, at + 1)).toBe(-1);
        expect(bytes.indexOfEither(0x2e, 0x3b, 0)).toBe(at);
        expect(bytes.indexOfEither(0x3b, 0x2e, at)).toBe(at);
        expect(bytes.indexOfEither(0x2e, 0x3b, at + 1)).toBe(length);
        bytes.set(at, 0);
      }
    }
  });
  test("are made of a text of any length, ASCII or not", () => {
    const others = [
      "\u007f",
      "\u0080",
      "\u00ff",
      "\u0100",
      "\u7fff",
      "\u8000",
      "\uffff",
      "\ud83d\ude00",
    ];
    for (let length = 0; length <= 26; length++) {
      const text = "abcdefghijklmnopqrstuvwxyz".substring(0, length);
      expect(Bytes.of(text).toString()).toBe(text);
      for (let at = 0; at <= length; at++) {
        for (let i = 0; i < others.length; i++) {
          const other = text.substring(0, at) + others[i] + text.substring(at);
          const bytes = Bytes.of(other);
          if (bytes.toString() != other || bytes.length != String.UTF8.byteLength(other)) {
            expect(bytes.toString()).toBe(other);
          }
        }
      }
    }
  });
  test("are equal when every byte is", () => {
    for (let length = 0; length < 30; length++) {
      const buffer = Bytes.make(80);
      const a = buffer.slice(1, 1 + length);
      const b = buffer.slice(40, 40 + length);
      expect(a.equals(b)).toBe(true);
      expect(a.endsWith(b)).toBe(true);
      // What stands before it in memory is no part of it.
      expect(a.endsWith(buffer.slice(0, 1 + length))).toBe(false);
      for (let at = 0; at < length; at++) {
        b.set(at, 1);
        expect(a.equals(b)).toBe(false);
        expect(a.startsWith(b)).toBe(false);
        expect(a.startsWith(b.slice(0, at))).toBe(true);
        expect(a.endsWith(b)).toBe(false);
        expect(a.endsWith(b.rest(at + 1))).toBe(true);
        b.set(at, 0);
      }
    }
  });
  test("are joined with a byte between each two", () => {
    const texts: Array<Bytes> = [];
    const parts = ["", "a", "b", ""];
    const joined = ["", "/a", "/a/b", "/a/b/"];
    expect(Bytes.join(texts, 0x2f).length).toBe(0);
    for (let i = 0; i < parts.length; i++) {
      texts.push(Bytes.of(parts[i]));
      expect(Bytes.join(texts, 0x2f).toString()).toBe(joined[i]);
    }
  });
  test("are compared and looked through at every length and alignment, to the end of memory", () => {
    const other = Bytes.make(160);
    // Pages of its own, beyond what is in use.
    memory.grow(4);
    const end = (<usize>memory.size()) << 16;
    let wrong = 0;
    for (let length = 0; length <= 144; length++) {
      for (let before = 0; before < 4; before++) {
        const a = new Bytes(end - length, length);
        const b = other.slice(before, before + length);
        memory.fill(a.start, 0x21, length);
        memory.fill(b.start, 0x21, length);
        if (!isSame(a.start, b.start, length) || !isSame(b.start, a.start, length)) wrong++;
        if (!a.isVisible) wrong++;
        for (let at = 0; at < length; at++) {
          a.set(at, 0x7e);
          if (isSame(a.start, b.start, length) || !a.isVisible) wrong++;
          for (let i = 0; i < HIDDEN.length; i++) {
            a.set(at, HIDDEN[i]);
            if (a.isVisible) wrong++;
          }
          a.set(at, 0x21);
        }
      }
    }
    expect(wrong).toBe(0);
  });
});
