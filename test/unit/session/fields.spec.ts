/** Fields: written, read back, and refused when anything is missing or left over. */
import { FieldReader, Fields } from "../../../assembly/session/fields";
import { Bytes } from "../../../assembly/text/bytes";

function list(): Bytes {
  return new Fields().text("é").u8(200).i64(-2).bytes(Bytes.of("abc")).bytes(Bytes.empty()).all;
}

describe("Fields", () => {
  test("have big-endian lengths of 32 bits", () => {
    const all = list();
    const expected: u8[] = [
      0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 1, 200, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254,
      0, 0, 0, 3, 0x61, 0x62, 0x63, 0, 0, 0, 0,
    ];
    expect(all.length).toBe(expected.length);
    for (let i = 0; i < expected.length; i++) expect(all.at(i)).toBe(expected[i]);
  });

  test("grow", () => {
    const fields = new Fields();
    for (let i = 0; i < 100; i++) fields.bytes(Bytes.make(i)).i64(i);
    const reader = new FieldReader(fields.all);
    for (let i = 0; i < 100; i++) {
      expect(reader.bytes().length).toBe(i);
      expect(reader.i64()).toBe(i);
    }
    expect(reader.done).toBe(true);
  });
});

describe("FieldReader", () => {
  test("reads what was written", () => {
    const reader = new FieldReader(list());
    expect(reader.text().toString()).toBe("é");
    expect(reader.u8()).toBe(200);
    expect(reader.i64()).toBe(-2);
    expect(reader.bytes().toString()).toBe("abc");
    expect(reader.done).toBe(false);
    expect(reader.bytes().length).toBe(0);
    expect(reader.done).toBe(true);
  });

  test("is not done with a list that was cut anywhere", () => {
    const all = list();
    for (let length = 0; length < all.length; length++) {
      const reader = new FieldReader(all.slice(0, length).copy());
      reader.text();
      reader.u8();
      reader.i64();
      reader.bytes();
      reader.bytes();
      expect(reader.done).toBe(false);
      expect(reader.failed).toBe(true);
    }
  });

  test("is not done with a list that has more", () => {
    const reader = new FieldReader(new Fields().u8(1).u8(2).all);
    expect(reader.u8()).toBe(1);
    expect(reader.failed).toBe(false);
    expect(reader.done).toBe(false);
  });

  test("refuses a length beyond the end, up to the largest", () => {
    const lengths: u32[] = [2, 0x7fffffff, 0x80000000, 0xfffffffb, 0xffffffff];
    for (let i = 0; i < lengths.length; i++) {
      const all = Bytes.make(5);
      store<u32>(all.start, bswap<u32>(lengths[i]));
      const reader = new FieldReader(all);
      expect(reader.bytes().length).toBe(0);
      expect(reader.failed).toBe(true);
    }
  });

  test("stays failed, whatever follows", () => {
    const reader = new FieldReader(new Fields().bytes(Bytes.of("ab")).u8(1).all);
    expect(reader.u8()).toBe(0);
    expect(reader.u8()).toBe(0);
    expect(reader.bytes().length).toBe(0);
    expect(reader.failed).toBe(true);
  });

  test("refuses a number of another size, and a text that is no UTF-8", () => {
    let reader = new FieldReader(new Fields().bytes(Bytes.make(7)).all);
    expect(reader.i64()).toBe(0);
    expect(reader.failed).toBe(true);
    reader = new FieldReader(new Fields().bytes(Bytes.make(9)).all);
    expect(reader.i64()).toBe(0);
    expect(reader.failed).toBe(true);
    reader = new FieldReader(new Fields().u8(0xff).all);
    expect(reader.text().length).toBe(0);
    expect(reader.failed).toBe(true);
  });
});
