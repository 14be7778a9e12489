/** Nothing that is put into a page breaks out of its place: as text, as an attribute's value, as a link's address. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeOf, Page } from "./document.ts";
import { KINDS, LANGUAGES, render, type Slot, VALUES } from "./render.ts";

const MARKUP = [
  `<script>alert(1)</script>`,
  `</title></style></strong></bdi><script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `" autofocus onfocus="alert(1)`,
  `<!--`,
  `--><script>`,
  `]]><x>`,
  `&lt;script&gt;`,
  `&#60;script&#62;`,
  `<svg/onload=alert(1)>`,
  `</body></html><h1>`,
  `<plaintext>`,
  `<base href=//a.example>`,
  `a\u0085b\u009bc\u007f<x>`,
  `\u2028<x>\u202e</x>`,
  // Bytes that mean something in a packed text.
  ...[1, 2, 3, 4, 5, 6, 7, 10, 16, 17, 20].map((byte) => String.fromCharCode(byte, 1, 60, 97, 62)),
];
/** A lead byte before a quote, overlong forms of `<`, a surrogate, Latin-1. */
const NOT_UTF8 = [
  [0xc3, 0x22, 0x3e],
  [0xc0, 0xbc, 0x62, 0x3e],
  [0xe0, 0x80, 0xbc, 0x62],
  [0xed, 0xa0, 0x80],
  [0xff, 0xfe, 0x3c],
  [0x4a, 0xf6, 0x72, 0x67],
].map((bytes) => Uint8Array.from(bytes));

const OWN = "https://app.example.com";
/** What would lead to another host or run, if it were let through or read as some readers do. */
const ADDRESSES = [
  ...[
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:alert(1)",
  ],
  ...[
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:x",
    "about:blank",
    "file:///x",
  ],
  ...[
    "//a.example",
    "///a.example",
    "/\\a.example",
    "\\\\a.example",
    "/\t/a.example",
    "/\n/a.example",
  ],
  ...["\t//a.example", " //a.example", "/\r\\a.example", "/\u0000/a.example", "https:a.example"],
  ...["/\\\t/a.example", "./a", "a", "", "?a", "#a", "http:\\\\a.example", "ftp://a.example"],
];
/** Paths of our own that hold what could end the attribute, or the value of the refresh. */
const PATHS = [
  ...[
    `/"><script>alert(1)</script>`,
    `/' onclick='alert(1)`,
    `/?a="&b='&c=<>`,
    `/a; url=//a.example`,
  ],
  ...[`/,url=javascript:alert(1)`, "/`x`", "/ä?ö=ü", "/%22%3E", "/a?x=&quot;&gt;&lt;", "/{id}"],
];

/** What comes from outside or from the configuration as people write it; the other slots hold what the guest makes. */
const TEXTS: Slot[] = ["user", "roles", "id", "time", "host", "name", "logo", "contact"];
const SLOTS: Slot[] = [...TEXTS, "error", "link", "other", "account"];
const REPLACED = /[\u0000-\u001f\u007f-\u009f]/g;

function eachPage(run: (kind: string, language: (typeof LANGUAGES)[number]) => void): void {
  for (const kind of KINDS) for (const language of LANGUAGES) run(kind, language);
}

test("no value changes a page's elements, and none is read as markup", () => {
  for (const kind of KINDS) {
    const plain = new Page(render(kind, "en")).skeleton();
    for (const slot of SLOTS) {
      for (const value of [...MARKUP, ...NOT_UTF8]) {
        const page = new Page(render(kind, "en", { [slot]: value }));
        const where = `${kind} ${slot} ${value}`;
        assert.deepEqual(page.errors, [], where);
        // An unknown error is not shown, and what is no address is no link: then there is less of the page.
        if (TEXTS.includes(slot)) assert.equal(page.skeleton(), plain, where);
        else assert.ok(isPart(page.skeleton(), plain), where);
      }
    }
  }
});

/** Whether lines are some of others, in their order. */
function isPart(some: string, all: string): boolean {
  const rest = all.split("\n");
  return some.split("\n").every((line) => {
    const at = rest.indexOf(line);
    rest.splice(0, at + 1);
    return at >= 0;
  });
}

test("names are read as they are, controls and broken bytes aside", () => {
  // In the order of the page.
  const named: Slot[] = ["name", "roles", "user", "host"];
  const read = (value: string | Uint8Array) => {
    const values = Object.fromEntries(named.map((slot) => [slot, value]));
    const page = new Page(render("NotAllowed", "en", values));
    return [page.texts("bdi").slice(0, named.length), page.texts("title")[0]];
  };
  for (const value of MARKUP) {
    const [texts, title] = read(value);
    const expected = value.replace(REPLACED, "\ufffd");
    assert.deepEqual(
      texts,
      named.map(() => expected),
    );
    assert.equal(title, `You do not have access · ${expected}`);
  }
  for (const value of NOT_UTF8) {
    const [texts] = read(value);
    const bytes = [...value].map((byte) => (byte > 0x7f ? "\ufffd" : String.fromCharCode(byte)));
    assert.deepEqual(
      texts,
      named.map(() => bytes.join("")),
    );
  }
});

test("a picture and whom to ask are attributes' values, whatever they hold", () => {
  for (const value of MARKUP) {
    const page = new Page(render("NotAllowed", "en", { logo: value, contact: value }));
    const expected = value.replace(REPLACED, "\ufffd");
    const [logo] = page.all("img");
    assert.equal(attributeOf(logo!, "src"), expected);
    assert.ok(page.all("a").some((anchor) => attributeOf(anchor, "href") === expected));
  }
});

test("every link, form and refresh stays at home, whatever its address", () => {
  eachPage((kind, language) => {
    for (const link of [...ADDRESSES, ...PATHS]) {
      const values = { link, other: link, account: link, contact: "" };
      const page = new Page(render(kind, language, values));
      assert.deepEqual(page.errors, [], `${kind} ${link}`);
      for (const address of page.addresses()) {
        assert.match(
          address,
          /^\/(?![/\\])[!#-&(-;=?-[\]_a-z~]*$/,
          `${kind} ${JSON.stringify(link)}`,
        );
        assert.equal(new URL(address, `${OWN}/x`).origin, OWN, `${kind} ${JSON.stringify(link)}`);
      }
    }
  });
});

test("a path arrives as it was given", () => {
  for (const link of [...PATHS, VALUES.link as string]) {
    const page = new Page(render("MovingOn", "en", { link }));
    const given = new URL(link, OWN);
    const [refresh, anchor, ...more] = page.addresses().map((address) => new URL(address, OWN));
    assert.ok(refresh && anchor && more.length === 0);
    assert.equal(anchor.href, refresh.href);
    assert.equal(decodeURI(anchor.href), decodeURI(given.href));
  }
});

test("an absolute address leads to its own host", () => {
  const end =
    "https://sso.example.com/end?id_token_hint=e30.e30.&post_logout_redirect_uri=https%3A%2F%2Fa%2F";
  const page = new Page(render("MovingOn", "en", { link: end }));
  assert.deepEqual(page.addresses(), [end, end]);
});
