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

interface LanguageTexts {
  language: string;
  texts: Map<string, string>;
}

const generator = (await import(pathToFileURL("assembly/pages/generate.mjs").href)) as {
  table(): Promise<{ file: string; source: string }>;
  readLanguages(): LanguageTexts[];
  faultsOf(languages: LanguageTexts[]): string[];
};

const TAGS: Record<string, string> = { zh: "zh-Hans" };
const tagOf = (language: string) => TAGS[language] ?? language;

const all = KINDS.flatMap((kind) => LANGUAGES.map((language) => ({ kind, language })));

test("packed-table.ts is what generate.mjs writes", async () => {
  const { file, source } = await generator.table();
  assert.equal(readFileSync(file, "utf8"), source);
});

test("each language has every text, with the same values in it, and nothing else", () => {
  const [english, ...others] = generator.readLanguages();
  assert.deepEqual(
    [english, ...others].map((it) => it!.language),
    LANGUAGES,
  );
  const own = new Set<string>();
  for (const { language, texts } of others) {
    assert.deepEqual([...texts.keys()], [...english!.texts.keys()], language);
    for (const [path, text] of texts) {
      assert.ok(text.trim().length > 0 && text === text.normalize(), `${language} ${path}`);
      if (!/^(tag|direction)$/.test(path)) own.add(text);
    }
  }
  // A text that was copied and not translated; some languages say two things alike.
  for (const [path, text] of english!.texts) {
    if (path !== "direction") assert.ok(!own.has(text), `${path}: ${text}`);
  }
});

test("a text that a language lacks, or has beside, is named", () => {
  const complete = generator.readLanguages();
  const faultsWith = (change: (texts: Map<string, string>) => void) => {
    const [english, german] = complete.map(({ language, texts }) => ({
      language,
      texts: new Map(texts),
    }));
    change(german!.texts);
    return generator.faultsOf([english!, german!]);
  };
  assert.deepEqual(
    faultsWith(() => {}),
    [],
  );
  assert.deepEqual(
    faultsWith((texts) => texts.delete("pages.Failed.title")),
    ["languages/de.yaml lacks pages.Failed.title"],
  );
  assert.deepEqual(
    faultsWith((texts) => texts.set("pages.Failde.title", "x")),
    ["languages/de.yaml has pages.Failde.title, which English has not"],
  );
  for (const text of ["Sie sind angemeldet.", "Sie sind {users}.", "{user} {user}", "{error}"]) {
    const [fault, ...more] = faultsWith((texts) => texts.set("common.user", text));
    assert.equal(fault, "languages/de.yaml common.user: other values than in English", text);
    assert.deepEqual(more, []);
  }
});

test("each kind and language is tested here", () => {
  assert.equal(KINDS.length, guest.kinds);
  assert.equal(LANGUAGES.length, guest.languages);
  assert.equal(guest.languageOf("de-CH,de;q=0.9,en;q=0.8"), "de");
  for (const language of LANGUAGES) assert.equal(guest.languageOf(`${language}-XX`), language);
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
    assert.equal(attributeOf(page.root, "lang"), tagOf(language), name);
    assert.equal(attributeOf(page.root, "dir"), "ltr", name);
    const [heading, ...more] = page.texts("h1");
    assert.ok(heading && more.length === 0, name);
    assert.deepEqual(page.texts("title"), [`${heading} · Flows`], name);
    assert.deepEqual(page.texts("header"), ["Flows"], name);
    assert.equal(page.all("main").length, 1, name);
    const paragraphs = page.texts("p").slice(0, -3);
    assert.ok(paragraphs.length > 0 && paragraphs.length <= 3, name);
    assert.deepEqual(page.texts("p").slice(-2), [VALUES.host, VALUES.time], name);
    assert.deepEqual(page.texts("code"), [VALUES.id], name);
    const active = ["script", "link", "iframe", "object", "embed", "base", "svg"];
    assert.deepEqual(page.all(...active), [], name);
    const [logo, ...pictures] = page.all("img");
    assert.equal(attributeOf(logo!, "src"), VALUES.logo, name);
    assert.equal(attributeOf(logo!, "alt"), "", name);
    assert.deepEqual(pictures, [], name);
    const attributes = page.elements.flatMap(({ attrs }) =>
      attrs.map((attribute) => attribute.name),
    );
    assert.deepEqual(
      attributes.filter((attribute) => /^on|^style$|^src/.test(attribute)),
      ["src"],
      name,
    );
  }
});

test("each page says what to do: a link, or whom to tell", () => {
  for (const { kind, language } of all) {
    const page = new Page(render(kind, language, { contact: "" }));
    const links = page.all("a", "button").length;
    assert.ok(links <= 3, kind);
    assert.equal(links === 0, WITHOUT_LINK.includes(kind), kind);
    const bare = new Page(render(kind, language, NOTHING));
    assert.equal(bare.all("a", "button", "form", "header", "img").length, 0);
    assert.equal(bare.all("style").length, 1);
    assert.deepEqual(bare.texts("title"), bare.texts("h1"));
  }
});

test("whom to ask is named where that may help", () => {
  const asking = KINDS.filter((kind) => {
    const anchors = new Page(render(kind, "en")).all("a");
    return anchors.some((anchor) => attributeOf(anchor, "href") === VALUES.contact);
  });
  assert.deepEqual(asking, [
    ...["NotAllowed", "Failed", "AccessDenied", "SignInRefused", "TooManySignIns"],
    ...["SessionsUnavailable", "SignOutIncomplete", "ConfigError", "LoginRouterMissing"],
    "SessionMismatch",
  ]);
});

test("the first action is a button's, whichever of them are there", () => {
  const firstOf = (values: Partial<guest.Values>) =>
    new Page(render("NotAllowed", "en", values)).texts("a")[0];
  assert.equal(firstOf({}), "Start page");
  assert.equal(firstOf({ link: "" }), "Use another account");
  assert.equal(firstOf({ link: "", account: "" }), "Ask for access");
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
    const styles = new Page(render(kind, language)).texts("style");
    const [hash, colors, ...more] = styles.map((style) =>
      createHash("sha256").update(style).digest("base64"),
    );
    assert.deepEqual(more, []);
    const policy = (values: Partial<guest.Values>) => {
      const headers = new Map(guest.headers(kind, language, values));
      assert.equal(headers.get("Content-Language"), tagOf(language));
      assert.equal(headers.size, 6);
      return headers.get("Content-Security-Policy");
    };
    const rest = "frame-ancestors 'self'; base-uri 'none'";
    assert.equal(
      policy(NOTHING),
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; ${rest}`,
    );
    // What is configured adds its own, and no more.
    assert.equal(
      policy({}),
      `default-src 'none'; style-src 'sha256-${hash}' 'sha256-${colors}'; form-action 'self'; img-src data:; ${rest}`,
    );
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
