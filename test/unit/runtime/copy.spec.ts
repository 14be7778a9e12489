import { __copy, __fill } from "../../../assembly/runtime/copy";

const SIZE = 160;
const PLACE = memory.data(SIZE, 16);
const EXPECTED = memory.data(SIZE, 16);

function prepare(): void {
  for (let i = 0; i < SIZE; i++) {
    store<u8>(PLACE + i, <u8>(i * 7 + 1));
    store<u8>(EXPECTED + i, <u8>(i * 7 + 1));
  }
}

function isAsExpected(): bool {
  for (let i = 0; i < SIZE; i++) {
    if (load<u8>(PLACE + i) != load<u8>(EXPECTED + i)) return false;
  }
  return true;
}

describe("copying", () => {
  test("is the same as byte by byte, for every length and any overlap", () => {
    let wrong = 0;
    for (let length = 0; length <= 70; length++) {
      for (let from = 20; from < 60; from += 3) {
        for (let to = 0; to < 90; to++) {
          prepare();
          for (let i = 0; i < length; i++) {
            store<u8>(EXPECTED + to + i, <u8>((from + i) * 7 + 1));
          }
          __copy(PLACE + to, PLACE + from, length);
          wrong += i32(!isAsExpected());
        }
      }
    }
    expect(wrong).toBe(0);
  });
  test("of nothing reads and writes nothing, even at the end of memory", () => {
    const end = (<usize>memory.size()) << 16;
    __copy(end, end, 0);
    __fill(end, 1, 0);
    expect(true).toBe(true);
  });
  test("reaches the last byte of memory and none beyond", () => {
    const end = (<usize>memory.size()) << 16;
    for (let length: usize = 1; length < 70; length++) {
      __copy(PLACE, end - length, length);
      __copy(end - length, PLACE, length);
      __fill(end - length, 0, length);
    }
    expect(load<u8>(end - 1)).toBe(0);
  });
});

describe("filling", () => {
  test("is the same as byte by byte, for every length and place", () => {
    let wrong = 0;
    for (let length = 0; length <= 100; length++) {
      for (let to = 0; to < 40; to++) {
        prepare();
        for (let i = 0; i < length; i++) store<u8>(EXPECTED + to + i, 0xee);
        __fill(PLACE + to, 0xee, length);
        wrong += i32(!isAsExpected());
      }
    }
    expect(wrong).toBe(0);
  });
});
