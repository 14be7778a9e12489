import { Bytes } from "../../../assembly/text/bytes";
import { keyOf, keyOfText, Names } from "../../../assembly/text/names";
import { nearest } from "../../../assembly/text/nearest";

describe("names", () => {
  test("keep their numbers while the table grows", () => {
    const names = new Names();
    for (let i = 0; i < 300; i++) expect(names.add(Bytes.of("name" + i.toString()))).toBe(i);
    for (let i = 0; i < 300; i++) expect(names.find(Bytes.of("name" + i.toString()))).toBe(i);
    expect(names.find(Bytes.of("name300"))).toBe(-1);
    expect(names.add(Bytes.of("name7"))).toBe(7);
    expect(names.length).toBe(300);
  });
});

describe("names of every length", () => {
  test("are told apart by each of their bytes", () => {
    const names = new Names();
    const all: Array<string> = [];
    for (let length = 0; length < 30; length++) {
      all.push("x".repeat(length));
      for (let at = 0; at < length; at++) {
        all.push("x".repeat(at) + "y" + "x".repeat(length - at - 1));
      }
    }
    for (let i = 0; i < all.length; i++) expect(names.add(Bytes.of(all[i]))).toBe(i);
    for (let i = 0; i < all.length; i++) expect(names.find(Bytes.of(all[i]))).toBe(i);
    expect(names.find(Bytes.of("z"))).toBe(-1);
  });
});

describe("the nearest known name", () => {
  test("is found in any case and over small mistakes", () => {
    const known: StaticArray<string> = ["issuer", "issuers", "clientId", "audience"];
    expect(nearest("isuer", known)).toBe("issuer");
    expect(nearest("CLIENTID", known)).toBe("clientId");
    expect(nearest("audiance", known)).toBe("audience");
    expect(nearest("zzz", known)).toBe("");
  });
});

describe("a name's key", () => {
  test("is the same of bytes and of a text", () => {
    let name = "";
    for (let length = 0; length < 40; length++) {
      expect(keyOfText(name)).toBe(keyOf(Bytes.of(name)), name);
      name += String.fromCharCode(0x21 + ((length * 37) % 94));
    }
  });
  test("depends on nothing around it", () => {
    for (let length = 0; length < 20; length++) {
      const one = Bytes.of("#".repeat(30)).slice(5, 5 + length);
      const other = Bytes.of("x".repeat(9) + "#".repeat(length) + "yz").slice(9, 9 + length);
      expect(keyOf(one)).toBe(keyOf(other));
    }
  });
  test("differs for names that differ at an end", () => {
    const names = ["", "a", "b", "ab", "ba", "exp", "iat", "audience1", "audience2", "1audience"];
    for (let i = 0; i < names.length; i++) {
      for (let j = 0; j < i; j++) expect(keyOfText(names[i])).not.toBe(keyOfText(names[j]));
    }
  });
});
