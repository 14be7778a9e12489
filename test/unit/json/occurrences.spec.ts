import { Literal, Occurrences } from "../../../assembly/json/occurrences";
import { Kind } from "../../../assembly/json/value";
import { Bytes } from "../../../assembly/text/bytes";

/** Occurrences of the path in all, and those that are `false` or "x"; or that it is no JSON. */
function count(document: string, path: Array<string> = ["a"]): string {
  const names: Array<Bytes> = [];
  for (let i = 0; i < path.length; i++) names.push(Bytes.of(path[i]));
  const values = [
    new Literal(Kind.Boolean, Bytes.of("false")),
    new Literal(Kind.String, Bytes.of("x")),
  ];
  const it = new Occurrences(names, values);
  it.read(Bytes.of(document));
  return it.valid ? it.count.toString() + " " + it.matching.toString() : "(invalid)";
}

describe("occurrences of a key", () => {
  test("are all of them, duplicates and escaped names included", () => {
    expect(count("{}")).toBe("0 0");
    expect(count('{"a":false}')).toBe("1 1");
    expect(count('{"a":false,"a":true}')).toBe("2 1");
    expect(count('{"\\u0061":true}')).toBe("1 0");
    expect(count('{"a":"\\u0078"}')).toBe("1 1");
    expect(count('{"a":"false"}')).toBe("1 0");
    expect(count('{"a":[false]}')).toBe("1 0");
    expect(count('{"a":{"a":false}}')).toBe("1 0");
    expect(count('{"b":{"a":true}}')).toBe("0 0");
    expect(count('[{"a":true}]')).toBe("0 0");
    expect(count('{"A":true,"ab":true,"":true}')).toBe("0 0");
  });
  test("follow a path through every duplicate on the way", () => {
    expect(count('{"a":{"b":false},"a":{"b":true,"b":"x"}}', ["a", "b"])).toBe("3 2");
    expect(count('{"a":true,"b":false}', ["a", "b"])).toBe("0 0");
    expect(count('{"a":{"c":{"b":true}}}', ["a", "b"])).toBe("0 0");
  });
  test("mean nothing where the document is not strict JSON", () => {
    const documents = [
      "",
      "{",
      '{"a":tru}',
      '{"a":1}x',
      "\ufeff{}",
      '{"a":"\\ud800"}',
      "{'a':1}",
      "[".repeat(33) + "]".repeat(33),
    ];
    for (let i = 0; i < documents.length; i++)
      expect(count(documents[i])).toBe("(invalid)", documents[i]);
  });
  test("are found without filling memory", () => {
    const pages = memory.size();
    const document = "{" + '"\\u0061bcdefgh":1,'.repeat(4000) + '"a":false}';
    const bytes = Bytes.of(document);
    const before = memory.size();
    const it = new Occurrences([Bytes.of("a")], []);
    it.read(bytes);
    expect(it.valid && it.count == 1).toBe(true);
    expect(memory.size() - before).toBeLessThan(2);
    expect(before).toBeGreaterThanOrEqual(pages);
  });
});
