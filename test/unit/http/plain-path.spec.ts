import { readPath } from "../../../assembly/http/path";
import { isPlain, plainLength } from "../../../assembly/http/plain-path";
import { Reason } from "../../../assembly/outcome/reason";
import { Bytes } from "../../../assembly/text/bytes";

/** Characters that a plain path may hold or may not, and those whose bits are next to theirs. */
const OTHERS = "%;\\ ~!$&'()*+,:=@?#^`{|}[]<>\"@Z[`z{/0.-_9:\x00\x7f\x80\xff";

/** The same, one character after the other. */
function isPlainByCharacter(path: Bytes): bool {
  let before: u32 = 0x2f;
  for (let i = 0; i < path.length; i++) {
    const c = <u32>path.at(i);
    const isSeparator = c == 0x2f || c == 0x2e;
    const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    const isWord = isLetter || (c >= 0x30 && c <= 0x39) || c == 0x2d || c == 0x5f;
    if (!isSeparator && !isWord) return false;
    if (i > 0 && isSeparator && (before == 0x2f || before == 0x2e)) return false;
    before = c;
  }
  return path.length > 0 && path.at(0) == 0x2f;
}

/** The same for a request target. */
function plainLengthByCharacter(target: Bytes): i32 {
  let end = 0;
  while (end < target.length && target.at(end) != 0x3f) end++;
  return isPlainByCharacter(target.slice(0, end)) ? end : -1;
}

function isRight(path: Bytes): bool {
  const plain = isPlain(path);
  if (plain != isPlainByCharacter(path)) return false;
  if (plainLength(path) != plainLengthByCharacter(path)) return false;
  if (!plain) return true;
  // The reader of all paths would leave it as it is: `~` is not plain, and stays as well.
  const longer = path.concat(Bytes.of("~"));
  const read = readPath(longer);
  const isRefused = read.refused != Reason.None || read.ambiguous != Reason.None;
  return !isRefused && read.text.equals(longer) && read.encoded.equals(longer);
}

describe("a plain path", () => {
  test("is recognised at every length and place, whatever stands in it", () => {
    for (let length = 0; length <= 100; length += length < 70 ? 1 : 7) {
      for (let offset = 0; offset < 3; offset++) {
        const buffer = Bytes.make(110);
        const path = buffer.slice(offset, offset + length);
        for (let i = 0; i < length; i++) path.set(i, i % 7 == 0 ? 0x2f : 0x61);
        let wrong = isRight(path) ? 0 : 1;
        for (let at = 0; at < length; at++) {
          const kept = path.at(at);
          for (let i = 0; i < OTHERS.length; i++) {
            path.set(at, <u8>OTHERS.charCodeAt(i));
            if (!isRight(path)) wrong++;
          }
          path.set(at, kept);
        }
        expect(wrong).toBe(0);
      }
    }
  });
  test("ends at the first question mark, wherever that and others are", () => {
    let wrong = 0;
    for (let length = 1; length <= 70; length++) {
      const target = Bytes.make(length);
      for (let mark = 0; mark < length; mark++) {
        for (let at = 0; at < length; at++) {
          for (let i = 0; i < length; i++) target.set(i, i % 5 == 0 ? 0x2f : 0x7a);
          target.set(mark, 0x3f);
          target.set(at, at % 2 ? 0x25 : 0x2e);
          if (plainLength(target) != plainLengthByCharacter(target)) wrong++;
          target.set(at, 0x3f);
          if (plainLength(target) != plainLengthByCharacter(target)) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
  });
  test("at the end of memory is read no further", () => {
    // Pages of its own, beyond what is in use.
    memory.grow(4);
    const end = (<usize>memory.size()) << 16;
    let wrong = 0;
    for (let length = 1; length <= 64; length++) {
      const path = new Bytes(end - length, length);
      memory.fill(path.start, 0x61, length);
      path.set(0, 0x2f);
      if (!isPlain(path)) wrong++;
    }
    expect(wrong).toBe(0);
  });
});
