/** Every page in every language: valid, complete, without script; and build/pages/ shows them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { attributeOf, Page } from "./document.ts";
import * as guest from "./render.ts";

const { KINDS, LANGUAGES, NOTHING, VALUES, render } = guest;
const SHOWN = "build/pages";
/** Kinds that another one's middleware or people's own action cannot follow from: they say whom to tell. */
const WITHOUT_LINK = ["ConfigError", "LoginRouterMissing", "NothingToShow"];

const all = KINDS.flatMap((kind) => LANGUAGES.map((language) => ({ kind, language })));

test("packed-table.ts is what generate.mjs writes", async () => {
  const generator = (await import(pathToFileURL("assembly/pages/generate.mjs").href)) as {
    table(): Promise<{ file: string; source: string }>;
  };
  const { file, source } = await generator.table();
  assert.equal(readFileSync(file, "utf8"), source);
});

test("each kind and language is tested here", () => {
  assert.equal(KINDS.length, guest.kinds);
  assert.equal(LANGUAGES.length, guest.languages);
  assert.equal(guest.languageOf("de-CH,de;q=0.9,en;q=0.8"), "de");
});

test("each page is valid HTML with its language, one heading, its title, and no script", () => {
  mkdirSync(SHOWN, { recursive: true });
  for (const { kind, language } of all) {
    const html = render(kind, language);
    writeFileSync(`${SHOWN}/${kind}.${language}.html`, html);
    const name = `${kind} ${language}`;
    const page = new Page(html);
    assert.deepEqual(page.errors, [], name);
    assert.ok(html.startsWith("<!doctype html>"), name);
    assert.ok(html.indexOf('<meta charset="utf-8"') < 1024, name);
    assert.equal(attributeOf(page.root, "lang"), language, name);
    const [heading, ...more] = page.texts("h1");
    assert.ok(heading && more.length === 0, name);
    assert.deepEqual(page.texts("title"), [heading], name);
    assert.equal(page.all("main").length, 1, name);
    assert.ok(page.texts("p").length > 0 && page.texts("p").length <= 2, name);
    assert.deepEqual(page.texts("code"), [VALUES.id], name);
    const active = ["script", "link", "img", "iframe", "object", "embed", "base", "svg"];
    assert.deepEqual(page.all(...active), [], name);
    const attributes = page.elements.flatMap(({ attrs }) =>
      attrs.map((attribute) => attribute.name),
    );
    assert.deepEqual(
      attributes.filter((attribute) => /^on|^style$|^src/.test(attribute)),
      [],
      name,
    );
  }
});

test("each page says what to do: a link, or whom to tell", () => {
  for (const { kind, language } of all) {
    const page = new Page(render(kind, language));
    const links = page.all("a", "button").length;
    assert.ok(links <= 2, kind);
    assert.equal(links === 0, WITHOUT_LINK.includes(kind), kind);
    assert.equal(new Page(render(kind, language, NOTHING)).all("a", "button", "form").length, 0);
  }
});

test("each text is in its own language", () => {
  for (const kind of KINDS) {
    const [english, german] = LANGUAGES.map((language) => new Page(render(kind, language)));
    for (const name of ["h1", "p", "footer", "button"]) {
      const translated = german!.texts(name);
      assert.equal(translated.length, english!.texts(name).length, `${kind} ${name}`);
      for (const text of english!.texts(name)) assert.ok(!translated.includes(text), text);
    }
  }
});

test("a page says that something went wrong by its status", () => {
  const fine = ["SignedOut", "SignedOutHere", "SignOutConfirm", "MovingOn", "NothingToShow"];
  for (const kind of KINDS) {
    const status = guest.statusOf(kind);
    assert.equal(status === 200, fine.includes(kind), kind);
    // 429 and 502 are for others to say.
    assert.ok([200, 400, 401, 403, 404, 421, 500, 503].includes(status), `${kind} ${status}`);
  }
});

test("the policy allows this style by its hash, and nothing else", () => {
  for (const { kind, language } of all) {
    const headers = new Map(guest.headers(kind, language));
    const [style, ...more] = new Page(render(kind, language)).texts("style");
    assert.ok(style && more.length === 0);
    const hash = createHash("sha256").update(style).digest("base64");
    assert.equal(
      headers.get("Content-Security-Policy"),
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'`,
    );
    assert.equal(headers.get("Content-Language"), language);
    assert.equal(headers.size, 6);
  }
});

test("pages that move on by themselves are the two that should", () => {
  const moving = KINDS.flatMap((kind) => {
    const meta = new Page(render(kind, "en")).all("meta");
    const refresh = meta.find((element) => attributeOf(element, "http-equiv"));
    return refresh ? [[kind, attributeOf(refresh, "content")]] : [];
  });
  assert.deepEqual(moving, [
    ["KeysMissing", `5; url=${VALUES.link}`],
    ["MovingOn", `0; url=${VALUES.link}`],
  ]);
});
