import { Bytes } from "../../../assembly/text/bytes";
import { Names } from "../../../assembly/text/names";
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

describe("the nearest known name", () => {
  test("is found in any case and over small mistakes", () => {
    const known = ["issuer", "issuers", "clientId", "audience"];
    expect(nearest("isuer", known)).toBe("issuer");
    expect(nearest("CLIENTID", known)).toBe("clientId");
    expect(nearest("audiance", known)).toBe("audience");
    expect(nearest("zzz", known)).toBe("");
  });
});
