import { HeaderChanges } from "../../../assembly/http/header-changes";
import { OwnedHeader } from "../../../assembly/http/header-names";
import { Bytes } from "../../../assembly/text/bytes";
import { sizeOfPacked, writePacked } from "../../../assembly/text/packed";

function packed(texts: Array<string>): Bytes {
  const list: Array<Bytes | null> = [];
  for (let i = 0; i < texts.length; i++) list.push(texts[i] == "-" ? null : Bytes.of(texts[i]));
  const all = Bytes.make(sizeOfPacked(list));
  let at = all.start;
  for (let i = 0; i < list.length; i++) at = writePacked(at, list[i]);
  return all;
}

function owned(names: Array<string>): OwnedHeader | null {
  let first: OwnedHeader | null = null;
  for (let i = names.length - 1; i >= 0; i--) {
    const name = Bytes.of(names[i]);
    first = new OwnedHeader(name.start, name.length, first);
  }
  return first;
}

function textOf(changes: HeaderChanges): string {
  let text = "";
  for (let it = changes.all; it; it = it!.next) {
    text += it.isRemoval
      ? `-${it.name.toString()} `
      : `${it.name.toString()}=${it.value.toString()} `;
  }
  return text.trimEnd();
}

/** Changes made in that order, each one if its bit is set. */
function made(changes: HeaderChanges, steps: i32): string {
  let expected = "";
  changes.begin(steps & 1 ? owned(["A", "B"]) : null, steps & 16 ? Bytes.of("6") : null);
  if (steps & 1) expected += "-A -B ";
  if (steps & 2) {
    changes.remove(Bytes.of("C"));
    changes.set(Bytes.of("D"), Bytes.of("4"));
    expected += "-C D=4 ";
  }
  if (steps & 16) expected += "X-Request-Id=6 ";
  if (steps & 4) {
    changes.setAll(packed(["E", "F", "G"]), packed(["5", "-", "7"]).start);
    expected += "E=5 G=7 ";
  }
  if (steps & 8) {
    changes.setLast(Bytes.of("H"), Bytes.of("8"));
    expected += "H=8 ";
  }
  return expected.trimEnd();
}

describe("header changes", () => {
  test("are in the order in which they were made, however they are kept", () => {
    const changes = new HeaderChanges();
    for (let steps = 0; steps < 32; steps++) {
      const expected = made(changes, steps);
      expect(textOf(changes)).toBe(expected);
      // A second look changes nothing.
      expect(textOf(changes)).toBe(expected);
    }
  });
});
