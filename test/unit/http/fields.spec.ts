import { Cookies, without } from "../../../assembly/http/cookie";
import { appendValue, fold, foldsTo, isToken } from "../../../assembly/http/header";
import { readHost } from "../../../assembly/http/host";
import { Bytes } from "../../../assembly/text/bytes";

function host(value: string): string {
  const it = readHost(Bytes.of(value));
  return it ? it.toString() : "(refused)";
}

function header(text: string, comma: bool): string {
  const out = Bytes.make(text.length * 9);
  return out.slice(0, appendValue(out, 0, Bytes.of(text), comma)).toString();
}

function rest(cookies: string): string {
  const it = without(Bytes.of(cookies), Bytes.of("t"), Bytes.empty());
  return it ? it.toString() : "(none)";
}

describe("a host", () => {
  test("is lower case, without port and trailing dot", () => {
    expect(host("App.Example.COM")).toBe("app.example.com");
    expect(host("app.example.com:8443")).toBe("app.example.com");
    expect(host("app.example.com.:443")).toBe("app.example.com");
    expect(host("[2001:DB8::1]:80")).toBe("[2001:db8::1]");
    expect(host("127.0.0.1")).toBe("127.0.0.1");
  });
  test("is read as by looking at each character, at every length and place", () => {
    const others = "./-_@A[Zz`{09:;%~ \0\x7f\xff,*\\";
    let wrong = 0;
    for (let length = 1; length <= 40; length++) {
      for (let at = 0; at < length; at++) {
        for (let i = 0; i < others.length; i++) {
          // The last label is no number.
          const c = others.charAt(i);
          const label = `${"a".repeat(at)}${c}${"B".repeat(length - at - 1)}`;
          const name = at == 0 || at == length - 1 ? `x.${label}.c.Y` : `${label}.Y`;
          if (c != ":" && host(name) != (nameByCharacter(name) || "(refused)")) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
  });
  test("is refused when it is none", () => {
    const values = [
      "",
      ".",
      "..",
      "a..",
      "a..b",
      ".a",
      ":80",
      "a:b",
      "a:80:90",
      "a b",
      "a/b",
      "a@b",
      "[::1",
      "[::1]x",
      "é",
    ];
    for (let i = 0; i < values.length; i++) expect(host(values[i])).toBe("(refused)", values[i]);
  });
});

describe("a header name", () => {
  test("folds every alias to one form", () => {
    const owned = fold(Bytes.of("X-Forwarded-User"));
    expect(owned.toString()).toBe("x-forwarded-user");
    const aliases = [
      "x-forwarded-user",
      "X_Forwarded_User",
      "X.Forwarded.User",
      "X~Forwarded!User",
      "X_forwarded-USER",
    ];
    for (let i = 0; i < aliases.length; i++)
      expect(foldsTo(Bytes.of(aliases[i]), owned)).toBe(true, aliases[i]);
    const others = ["X-Forwarded-Users", "X-Forwarded-Use", "XForwardedUser", "X-Forwarded-Usar"];
    for (let i = 0; i < others.length; i++)
      expect(foldsTo(Bytes.of(others[i]), owned)).toBe(false, others[i]);
  });
  test("is a token", () => {
    expect(isToken(Bytes.of("X-A_b.c~d!"))).toBe(true);
    expect(isToken(Bytes.of(""))).toBe(false);
    expect(isToken(Bytes.of("a b"))).toBe(false);
    expect(isToken(Bytes.of("a:b"))).toBe(false);
  });
});

describe("a header value", () => {
  test("holds visible ASCII only, and two texts never have one value", () => {
    expect(header("bob", false)).toBe("bob");
    expect(header("Bob Bauer", false)).toBe("Bob Bauer");
    expect(header("böb\r\nX: y", false)).toBe("b%C3%B6b%0D%0AX: y");
    expect(header(" a ", false)).toBe("%20a%20");
    expect(header("50%", false)).toBe("50%25");
    expect(header("a,b", false)).toBe("a,b");
    expect(header("a,b", true)).toBe("a%2Cb");
  });
});

function shown(name: Bytes, value: Bytes): string {
  return `[${name.toString()}|${value.toString()}]`;
}

function pairsOf(header: Bytes): string {
  let text = "";
  for (const cookies = new Cookies(header); cookies.next();) {
    text += shown(cookies.name, cookies.value);
  }
  return text;
}

/** A name by its characters; null: it is none, or may be an address. */
function nameByCharacter(name: string): string | null {
  let before = ".";
  for (let i = 0; i < name.length; i++) {
    const c = name.charAt(i);
    if (c == "." && before == ".") return null;
    if (!"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".includes(c))
      return null;
    before = c;
  }
  return before == "." ? null : name.toLowerCase();
}

/** The same by plain means. */
function pairsByCharacter(header: Bytes): string {
  let text = "";
  for (let from = 0, to = 0; to <= header.length; to++) {
    if (to < header.length && header.at(to) != 0x3b && header.at(to) != 0) continue;
    const pair = header.slice(from, to).trim();
    from = to + 1;
    if (pair.length == 0) continue;
    let equals = 0;
    while (equals < pair.length && pair.at(equals) != 0x3d) equals++;
    const hasName = equals < pair.length;
    text += hasName
      ? shown(pair.slice(0, equals).trim(), pair.rest(equals + 1).trim())
      : shown(Bytes.empty(), pair);
  }
  return text;
}

describe("cookies", () => {
  test("come from several headers", () => {
    const cookies = new Cookies(Bytes.of("a=1; b = 2 ;;novalue\0c=3=4"));
    let seen = "";
    while (cookies.next()) {
      seen += cookies.isNamed(Bytes.of("b")) ? "b:" : cookies.isNamed(Bytes.empty()) ? "none:" : "";
      seen += cookies.value.toString() + " ";
    }
    expect(seen).toBe("1 b:2 none:novalue 3=4 ");
  });
  test("are read as by looking at each character", () => {
    const characters = "a=; \t\0";
    let wrong = 0;
    for (let number = 0; number < 6 ** 5; number++) {
      // Each text of five characters, alone and after more than is looked at together.
      let text = "";
      for (let rest = number, i = 0; i < 5; i++, rest /= 6) text += characters.charAt(rest % 6);
      for (let times = 0; times < 2; times++) {
        const all = Bytes.of("b".repeat(times * 15) + text);
        if (pairsOf(all) != pairsByCharacter(all)) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });
  test("are removed by name, every occurrence", () => {
    expect(rest("a=1; t=x; b=2; t=y")).toBe("a=1; b=2");
    expect(rest("a=1\0t=x\0b=2")).toBe("a=1; b=2");
    expect(rest("t=x")).toBe("(none)");
    expect(rest("tt=x; T=y")).toBe("tt=x; T=y");
  });
});
