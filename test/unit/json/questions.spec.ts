import { Literal, Question, Questions } from "../../../assembly/json/questions";
import { Kind } from "../../../assembly/json/value";
import { Bytes } from "../../../assembly/text/bytes";

function namesOf(path: Array<string>): Array<Bytes> {
  const names: Array<Bytes> = [];
  for (let i = 0; i < path.length; i++) names.push(Bytes.of(path[i]));
  return names;
}

const FALSE = new Literal(Kind.Boolean, Bytes.of("false"));
const X = new Literal(Kind.String, Bytes.of("x"));

/** Whether some and whether every occurrence of the path is `false` or "x"; or that it is no JSON. */
function answer(document: string, path: Array<string> = ["a"]): string {
  const questions = new Questions();
  const some = questions.add(new Question(namesOf(path), [FALSE, X], false));
  const only = questions.add(new Question(namesOf(path), [FALSE, X], true));
  // Others must not be in the way.
  questions.add(new Question(namesOf(["a", "b", "c"]), [], false));
  questions.add(new Question(namesOf(["A"]), [X], true));
  if (!questions.read(Bytes.of(document))) return "(invalid)";
  return (some.some ? "some" : "none") + " " + (only.only ? "only" : "others");
}

describe("questions about keys", () => {
  test("see all occurrences, duplicates and escaped names included", () => {
    expect(answer("{}")).toBe("none only");
    expect(answer('{"a":false}')).toBe("some only");
    expect(answer('{"a":false,"a":true}')).toBe("some others");
    expect(answer('{"a":true,"a":false}')).toBe("some others");
    expect(answer('{"\\u0061":true}')).toBe("none others");
    expect(answer('{"a":"\\u0078"}')).toBe("some only");
    expect(answer('{"a":"false"}')).toBe("none others");
    expect(answer('{"a":[false]}')).toBe("none others");
    expect(answer('{"a":{"a":false}}')).toBe("none others");
    expect(answer('{"b":{"a":true}}')).toBe("none only");
    expect(answer('"a"')).toBe("none only");
  });
  test("follow a path through every duplicate on the way", () => {
    expect(answer('{"a":{"b":false},"a":{"b":true,"b":"x"}}', ["a", "b"])).toBe("some others");
    expect(answer('{"a":true,"b":false}', ["a", "b"])).toBe("none only");
    expect(answer('{"a":{"c":{"b":true}}}', ["a", "b"])).toBe("none only");
    expect(answer('{"a":{"b":false,"c":[[{"b":1}]]},"c":{"b":1}}', ["a", "b"])).toBe("some only");
  });
  test("that are loose see what others take for the key, and exact ones do not", () => {
    const names = ["A", " a", "a ", "_a", "A_", "[a]", "a\\u0000", "a\\u0009", "a\\ufeff"];
    for (let i = 0; i < names.length; i++) {
      const name = '{"' + names[i] + '":';
      expect(answer(name + "true}")).toBe("none others", names[i]);
      if (!names[i].includes("u0000")) {
        expect(answer(name + "false}")).toBe("none only", names[i]);
      }
    }
    const parts = ["a[]", "a[0]", "a.", "a.b", "A.B.c", "a[", "a\\u0000b"];
    for (let i = 0; i < parts.length; i++) {
      expect(answer('{"' + parts[i] + '":false}')).toBe("none others", parts[i]);
    }
    const others = ["ab", "ba", "", "_", ".", "x.a", "b[a]", "\u00e4"];
    for (let i = 0; i < others.length; i++) {
      expect(answer('{"' + others[i] + '":true}')).toBe("none only", others[i]);
    }
  });
  test("that are loose look into lists and prototypes", () => {
    expect(answer('[{"a":true}]')).toBe("none others");
    expect(answer('[1,[{"a":false},{"b":1}]]')).toBe("none only");
    expect(answer('{"__proto__":{"a":true}}')).toBe("none others");
    expect(answer('{"a":[{"b":true}]}', ["a", "b"])).toBe("none others");
    expect(answer('{"A":[{"__proto__":{"B":false}}]}', ["a", "b"])).toBe("none only");
    expect(answer('{"a.b":false}', ["a", "b"])).toBe("none others");
    expect(answer('{"a":{"b[0]":false}}', ["a", "b"])).toBe("none others");
  });
  test("fold letters that are not ASCII", () => {
    const same = [
      "\u00e9",
      "\u00c9",
      "\u03c3",
      "\u03a3",
      "\u03c3",
      "\u03c2",
      "\u212a",
      "k",
      "\u0430",
      "\u0410",
    ];
    for (let i = 0; i < same.length; i += 2) {
      expect(answer('{"' + same[i + 1] + '":true}', [same[i]])).toBe("none others", same[i]);
    }
    expect(answer('{"\u00e8":true}', ["\u00e9"])).toBe("none only");
    expect(answer('{"\u540d":true}', ["\u524d"])).toBe("none only");
    expect(answer('{"\u540d":true}', ["\u540d"])).toBe("none others");
  });
  test("are the same one where nothing differs", () => {
    const questions = new Questions();
    const one = questions.add(new Question(namesOf(["a"]), [FALSE], true));
    expect(questions.add(new Question(namesOf(["a"]), [FALSE], true)) == one).toBe(true);
    expect(questions.add(new Question(namesOf(["a"]), [FALSE], false)) == one).toBe(false);
    expect(questions.add(new Question(namesOf(["A"]), [FALSE], true)) == one).toBe(false);
    expect(questions.add(new Question(namesOf(["a"]), [X], true)) == one).toBe(false);
    expect(questions.add(new Question(namesOf(["a"]), [FALSE, X], true)) == one).toBe(false);
  });
  test("forget the document before", () => {
    const questions = new Questions();
    const only = questions.add(new Question(namesOf(["a"]), [FALSE], true));
    questions.read(Bytes.of('{"a":true}'));
    expect(only.only).toBe(false);
    questions.read(Bytes.of("{}"));
    expect(only.only).toBe(true);
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
      expect(answer(documents[i])).toBe("(invalid)", documents[i]);
  });
  test("are found without filling memory", () => {
    const pages = memory.size();
    const document = "{" + '"\\u0061bcdefgh":1,'.repeat(4000) + '"a":false}';
    const bytes = Bytes.of(document);
    const before = memory.size();
    const questions = new Questions();
    const it = questions.add(new Question([Bytes.of("a")], [], false));
    expect(questions.read(bytes)).toBe(true);
    expect(it.some).toBe(true);
    expect(memory.size() - before).toBeLessThan(2);
    expect(before).toBeGreaterThanOrEqual(pages);
    const part = Bytes.of('{"a' + "[".repeat(60000) + '":1}');
    const full = memory.size();
    const only = questions.add(new Question([Bytes.of("a")], [FALSE], true));
    expect(questions.read(part)).toBe(true);
    expect(only.only).toBe(false);
    expect(memory.size() - full).toBeLessThan(2);
  });
});
