import { toSeconds } from "../../../assembly/json/number";
import { parse } from "../../../assembly/json/parse";
import { isPrinted, Writer } from "../../../assembly/json/writer";
import { Bytes } from "../../../assembly/text/bytes";

function valid(text: string): bool {
  return parse(Bytes.of(text)) !== null;
}

/** The text of member `a`. */
function a(text: string): string {
  const json = parse(Bytes.of(text));
  const member = json ? json.member("a") : null;
  return member ? member.text.toString() : "(refused)";
}

describe("JSON", () => {
  test("takes what RFC 8259 has", () => {
    expect(a(' { "a" : "b" } ')).toBe("b");
    expect(a('{"x":[1,-2.5e+3,true,false,null,{}],"a":"\\u0061\\n\\"\\\\\\/"}')).toBe('a\n"\\/');
    expect(a('{"a":"\\ud83d\\ude00"}')).toBe("😀");
    expect(a('{"a":-0.5e10}')).toBe("-0.5e10");
  });
  test("refuses a name that occurs twice, escaped or not", () => {
    expect(valid('{"a":1,"a":1}')).toBe(false);
    expect(valid('{"a":1,"\\u0061":2}')).toBe(false);
    expect(valid('{"a":{"b":1,"b":2}}')).toBe(false);
    expect(valid('{"a":{"b":1},"b":2}')).toBe(true);
  });
  test("tells names apart that begin and end alike", () => {
    const head = "https://example.com/";
    const tail = "/roles";
    let text = "{";
    for (let i = 0; i < 50; i++)
      text += '"' + head + i.toString() + tail + '":' + i.toString() + ",";
    text += '"a":1';
    const json = parse(Bytes.of(text + "}"))!;
    for (let i = 0; i < 50; i++) {
      const found = json.get(Bytes.of(head + i.toString() + tail));
      expect(found !== null && found.text.toString() == i.toString()).toBe(true);
    }
    expect(json.get(Bytes.of(head + "50" + tail)) === null).toBe(true);
    expect(json.member("https://example.com/7/roles")!.text.toString()).toBe("7");
    expect(json.member("https://example.com/x/roles") === null).toBe(true);
    expect(valid(text + ',"' + head + "49" + tail + '":0}')).toBe(false);
  });
  test("finds members that were not read with it, and no others", () => {
    const json = parse(Bytes.of('{"a":1,"b":2}'))!;
    expect(json.member("c") === null).toBe(true);
    const added = parse(Bytes.of("3"))!;
    added.name = Bytes.of("c");
    added.next = json.first;
    json.first = added;
    expect(json.member("c")!.text.toString()).toBe("3");
    expect(json.get(Bytes.of("b"))!.text.toString()).toBe("2");
    expect(json.member("d") === null).toBe(true);
    expect(parse(Bytes.of('["a"]'))!.member("a") === null).toBe(true);
  });
  test("finds each of many members, and none beside them", () => {
    let text = '{"n":0';
    for (let i = 0; i < 200; i++) text += ',"' + i.toString() + '":' + i.toString();
    const json = parse(Bytes.of(text + "}"))!;
    for (let i = 0; i < 200; i++) {
      const name = i.toString();
      expect(json.member(name)!.text.toString()).toBe(name);
      expect(json.get(Bytes.of(name + "x")) === null).toBe(true);
    }
  });
  test("refuses what is no JSON", () => {
    const texts = [
      "",
      "{",
      "}",
      "{}x",
      "{} {}",
      "[1,]",
      "{,}",
      '{"a"}',
      '{"a":}',
      "{'a':1}",
      "01",
      "1.",
      ".5",
      "+1",
      "1e",
      "-",
      "tru",
      "nulL",
      '"\t"',
      '"\\x"',
      '"\\u12g4"',
      '"\\u12"',
      '"',
      '"\\"',
      "\ufeff{}",
      "NaN",
      "// x\n{}",
    ];
    for (let i = 0; i < texts.length; i++) expect(valid(texts[i])).toBe(false, texts[i]);
  });
  test("refuses lone surrogates", () => {
    expect(valid('"\\ud800"')).toBe(false);
    expect(valid('"\\udc00"')).toBe(false);
    expect(valid('"\\ud800\\ud800"')).toBe(false);
    expect(valid('"\\ud800x"')).toBe(false);
  });
  test("bounds depth and members", () => {
    expect(valid("[".repeat(32) + "]".repeat(32))).toBe(true);
    expect(valid("[".repeat(33) + "]".repeat(33))).toBe(false);
    expect(valid("[".repeat(1000))).toBe(false);
    let members = '"m0":0';
    for (let i = 1; i < 1024; i++) members += ',"m' + i.toString() + '":0';
    expect(valid("{" + members + "}")).toBe(true);
    expect(valid("{" + members + ',"one":0}')).toBe(false);
  });
});

describe("a text", () => {
  test("ends at its quote, and has no control character, wherever they stand", () => {
    for (let before = 0; before < 50; before++) {
      for (let after = 0; after < 40; after += 13) {
        const plain = "x".repeat(before) + "\u007f\u00e9";
        const rest = "y".repeat(after);
        const whole = parse(Bytes.of('{"a":"' + plain + '","b":"' + rest + '"}'))!;
        expect(whole.stringOf("a")!.toString()).toBe(plain);
        expect(whole.stringOf("b")!.toString()).toBe(rest);
        const escaped = parse(Bytes.of('["' + plain + '\\"' + rest + "\\n" + plain + '"]'))!;
        expect(escaped.first!.text.toString()).toBe(plain + '"' + rest + "\n" + plain);
        expect(valid('["' + plain + "\u001f" + rest + '"]')).toBe(false);
        expect(valid('["' + plain + "\u0000" + rest + '"]')).toBe(false);
        expect(valid('["' + plain + "\\x" + rest + '"]')).toBe(false);
        expect(valid('["' + plain + rest)).toBe(false);
      }
    }
  });
});

describe("a NumericDate", () => {
  test("is whole seconds, with a fraction dropped", () => {
    expect(toSeconds(Bytes.of("1795509914"))).toBe(1795509914);
    expect(toSeconds(Bytes.of("1795509914.999"))).toBe(1795509914);
    expect(toSeconds(Bytes.of("0"))).toBe(0);
  });
  test("may have an exponent", () => {
    expect(toSeconds(Bytes.of("1.795509914e9"))).toBe(1795509914);
    expect(toSeconds(Bytes.of("1.795509914999E+9"))).toBe(1795509914);
    expect(toSeconds(Bytes.of("17955099140e-1"))).toBe(1795509914);
    expect(toSeconds(Bytes.of("1.5e3"))).toBe(1500);
    expect(toSeconds(Bytes.of("1e-400"))).toBe(0);
    expect(toSeconds(Bytes.of("0e400"))).toBe(0);
    expect(toSeconds(Bytes.of("1e14"))).toBe(100000000000000);
    expect(toSeconds(Bytes.of("0.0000001e21"))).toBe(100000000000000);
  });
  test("is nothing negative or too large", () => {
    expect(toSeconds(Bytes.of("-1"))).toBe(-1);
    expect(toSeconds(Bytes.of("1e400"))).toBe(-1);
    expect(toSeconds(Bytes.of("1e15"))).toBe(-1);
    expect(toSeconds(Bytes.of("-1e3"))).toBe(-1);
    expect(toSeconds(Bytes.of("0.0000001e22"))).toBe(-1);
    expect(toSeconds(Bytes.of("9999999999999999"))).toBe(-1);
  });
});

describe("the writer", () => {
  test("leaves no control character, of any kind", () => {
    const line = new Writer()
      .open()
      .text("a", "\u001b\u007f\u009b\u00a0\u2027\u2028\u2029é")
      .close()
      .done();
    expect(line.toString()).toBe('{"a":"\\u001B\\u007F\\u009B\u00a0\u2027\\u2028\\u2029é"}');
  });
  test("escapes a character wherever it is", () => {
    let wrong = 0;
    for (let length = 0; length <= 40; length++) {
      const buffer = Bytes.make(60);
      // Bytes around it do not count.
      for (let i = 0; i < 60; i++) buffer.set(i, 0x22);
      const text = buffer.slice(18, 18 + length);
      for (let i = 0; i < length; i++) text.set(i, 0x61);
      if (!isPrinted(text)) wrong++;
      for (let at = 0; at < length; at++) {
        for (let c = 0; c < 256; c++) {
          text.set(at, <u8>c);
          const isPlain = c >= 0x20 && c < 0x7f && c != 0x22 && c != 0x5c;
          if (isPrinted(text) != isPlain) wrong++;
        }
        text.set(at, 0x61);
      }
      const value = new Writer(4).open().bytes("name", text).close().done();
      if (value.toString() != `{"name":"${text.toString()}"}`) wrong++;
    }
    expect(wrong).toBe(0);
  });
  test("writes keys of every length", () => {
    let name = "";
    for (let length = 0; length <= 20; length++, name += "k") {
      const line = new Writer(1).open().integer(name, 7).integer(name, 8).close().done();
      expect(line.toString()).toBe(`{"${name}":7,"${name}":8}`);
    }
  });
  test("writes valid JSON whatever the bytes are", () => {
    const broken = Bytes.make(4);
    broken.set(0, 0xff);
    broken.set(1, 0x22);
    broken.set(2, 0x0a);
    broken.set(3, 0x5c);
    const line = new Writer(4)
      .open()
      .bytes("a", broken)
      .integer("n", -7)
      .boolean("b", true)
      .openArray("l");
    line.element(Bytes.of("x")).element(Bytes.of("y")).closeArray().close();
    expect(line.done().toString()).toBe(
      '{"a":"\\u00FF\\"\\u000A\\\\","n":-7,"b":true,"l":["x","y"]}',
    );
    expect(parse(line.done()) !== null).toBe(true);
  });
});
