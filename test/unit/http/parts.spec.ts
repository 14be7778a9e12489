import { isMethod, lettersOf } from "../../../assembly/http/method";
import { Protocols } from "../../../assembly/http/protocols";
import { Parameters, withoutParameter } from "../../../assembly/http/query";
import { isSaneId, madeId } from "../../../assembly/http/request-id";
import { Request } from "../../../assembly/http/request";
import { Bytes } from "../../../assembly/text/bytes";

function parameters(query: string): string {
  const it = new Parameters(Bytes.of(query));
  let text = "";
  while (it.next()) {
    text += it.name.toString() + "|" + it.value.toString() + (it.broken ? "!" : "") + " ";
  }
  return text;
}

function without(query: string): string {
  return withoutParameter(Bytes.of(query), Bytes.of("t")).toString();
}

function protocols(values: string): string {
  const it = new Protocols(Bytes.of(values));
  const other = it.other ? ", not " + it.other!.toString() : "";
  return (it.token ? it.token!.toString() : "(none)") + other + " | " + it.rest.toString();
}

function by(method: string): Request {
  return new Request(Bytes.of(method), Bytes.of("/"));
}

describe("a method", () => {
  test("has one spelling", () => {
    expect(isMethod(Bytes.of("GET"))).toBe(true);
    expect(isMethod(Bytes.of("X-PURGE"))).toBe(true);
    expect(isMethod(Bytes.of("Get"))).toBe(false);
    expect(isMethod(Bytes.of("G ET"))).toBe(false);
    expect(isMethod(Bytes.empty())).toBe(false);
  });
  test("that only reads is known by its letters", () => {
    expect(by("GET").isSafe && by("HEAD").isSafe && by("OPTIONS").isSafe).toBe(true);
    expect(by("TRACE").isSafe || by("POST").isSafe || by("GETS").isSafe).toBe(false);
    expect(by("").isSafe || by("get").isSafe || by("OPTIONSX").isSafe).toBe(false);
    expect(by("GET").isGet).toBe(true);
    expect(by("HEAD").isGet || by("GE").isGet || by("ET").isGet).toBe(false);
  });
  test("of one to eight capitals is a number of its own", () => {
    expect(lettersOf(Bytes.of("GET"))).toBe(0x544547);
    expect(lettersOf(Bytes.of("PROPFIND"))).toBe(0x444e4946504f5250);
    expect(lettersOf(Bytes.of("PROPFINDS")) | lettersOf(Bytes.empty())).toBe(0);
    // One byte at a time is another one.
    for (let length = 1; length <= 8; length++) {
      for (let at = 0; at < length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const method = Bytes.of("AZAZAZAZ").slice(0, length).copy();
          method.set(at, <u8>byte);
          const isCapital = byte >= 0x41 && byte <= 0x5a;
          expect(lettersOf(method) != 0).toBe(isCapital);
        }
      }
    }
  });
});

describe("a query", () => {
  test("has parameters, decoded", () => {
    expect(parameters("?a=1&b=&c&&d=x=y")).toBe("a|1 b| c| d|x=y ");
    expect(parameters("a+b=%41%2b;c=2")).toBe("a b|A+! c|2! ");
    expect(parameters("?a=%zz&b=%4")).toBe("a|%zz! b|%4! ");
    expect(parameters("?")).toBe("");
  });
  test("loses every occurrence of one", () => {
    expect(without("?t=1&a=%20&t=2")).toBe("?a=%20");
    expect(without("?a=1&%74=x&b=2")).toBe("?a=1&b=2");
    expect(without("?t=1")).toBe("");
    expect(without("?tt=1")).toBe("?tt=1");
  });
});

describe("WebSocket protocols", () => {
  test("may hold a token behind `bearer`", () => {
    expect(protocols("bearer, abc, chat")).toBe("abc | chat");
    expect(protocols("chat,Bearer,abc")).toBe("abc | chat");
    expect(protocols("chat\0bearer\0abc\0more")).toBe("abc | chat, more");
    expect(protocols("bearer")).toBe("(none) | ");
    expect(protocols("chat, more")).toBe("(none) | chat, more");
    expect(protocols("bearer, a, bearer, a, chat")).toBe("a | chat");
    expect(protocols("bearer, a, bearer, b")).toBe("a, not b | ");
    expect(protocols("bearer, a, bearer")).toBe("a | ");
  });
});

describe("a request's id", () => {
  test("is taken when it is fit for a log", () => {
    expect(isSaneId(Bytes.of("0af7651916cd43dd-8448"))).toBe(true);
    expect(isSaneId(Bytes.empty())).toBe(false);
    expect(isSaneId(Bytes.of('a"b'))).toBe(false);
    expect(isSaneId(Bytes.of("a b"))).toBe(false);
    expect(isSaneId(Bytes.of("a\0b"))).toBe(false);
    expect(isSaneId(Bytes.of("é"))).toBe(false);
    expect(isSaneId(Bytes.of("a".repeat(129)))).toBe(false);
    expect(madeId(0x18eaf0db45ac7c80).toString()).toBe("18eaf0db45ac7c80");
  });
});
