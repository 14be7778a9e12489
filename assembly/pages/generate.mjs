/**
 * `node assembly/pages/generate.mjs` writes packed-table.ts from pages.yaml, languages/, page.html
 * and page.css. Bytes below 32 mark the places of values (see slot.ts). Everything is packed
 * (runtime/pack.mjs), and lies in the code, because guests share that (runtime/code-data.ts).
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import { compress, functionOf, roomOf } from "../runtime/pack.mjs";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** The names of an enumeration's members, in their order. */
const membersOf = (file, name) => {
  const [, members] = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(read(file));
  return [...members.matchAll(/^ {2}(\w+)\b/gm)].map(([, member]) => member);
};

const SLOTS = membersOf("slot.ts", "Slot");
const WORD = 32;
const capital = (name) => name[0].toUpperCase() + name.slice(1);
const code = (name) => {
  if (!SLOTS.includes(capital(name))) throw new Error(`unknown slot: ${name}`);
  return String.fromCharCode(SLOTS.indexOf(capital(name)));
};
/** What the templates call them. */
const slot = (name) => code(name === "id" ? "requestId" : name);
const numbered = (name, number) => code(name) + String.fromCharCode(WORD + number);
const when = (name, markup) => code("section") + slot(name) + markup + code("end");

const escape = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const { languages, pages } = parse(read("pages.yaml"));

/** A language's texts by their paths, as in `pages.Failed.title`, in their order. */
function textsOf(language) {
  const texts = new Map();
  const visit = (value, path) => {
    if (typeof value === "string") texts.set(path, value);
    else for (const key of Object.keys(value)) visit(value[key], path ? `${path}.${key}` : key);
  };
  visit(parse(read(`languages/${language}.yaml`)), "");
  return texts;
}

const placeholdersOf = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

export const readLanguages = () =>
  languages.map((language) => ({ language, texts: textsOf(language) }));

/** Where a language is not as complete as the first. */
export function faultsOf([first, ...others]) {
  return others.flatMap(({ language, texts }) => {
    const missing = [...first.texts.keys()].filter((path) => !texts.has(path));
    const faults = missing.map((path) => `lacks ${path}`);
    for (const [path, text] of texts) {
      const english = first.texts.get(path);
      if (english === undefined) faults.push(`has ${path}, which English has not`);
      else if (`${placeholdersOf(text)}` !== `${placeholdersOf(english)}`) {
        faults.push(`${path}: other values than in English`);
      }
    }
    return faults.map((fault) => `languages/${language}.yaml ${fault}`);
  });
}

const all = readLanguages();
const faults = faultsOf(all);
if (faults.length > 0) throw new Error(faults.join("\n"));
const paths = [...all[0].texts.keys()];
const word = (path) => {
  if (!paths.includes(path)) throw new Error(`languages/${languages[0]}.yaml lacks ${path}`);
  return numbered("word", paths.indexOf(path));
};

/** A paragraph; with a value in it, it is there only if that is. */
function paragraph(path) {
  const markup = `<p>${word(path)}</p>`;
  const [name] = placeholdersOf(all[0].texts.get(path));
  return name ? when(name, markup) : markup;
}

/** A page in a frame has no room for the following, and a provider's page refuses to be framed. */
function actions({ post, links = {} }) {
  const anchor = ([name, label]) =>
    when(name, `<a target="_top" href="${slot(name)}">${word(`labels.${label}`)}</a>`);
  const markup = Object.entries(links).map(anchor).join("");
  if (!post) return markup && `<div>${markup}</div>`;
  const button = `<button>${word(`labels.${post}`)}</button>`;
  const form = `<form method="post" target="_top" action="${slot("link")}">${button}</form>`;
  return `<div>${when("link", form)}${markup}</div>`;
}

/** The parts of a page that its frame names. */
const PARTS = ["title", "refresh", "text"];

function partsOf([name, page]) {
  const own = ["text", "more"]
    .map((key) => `pages.${name}.${key}`)
    .filter((it) => paths.includes(it));
  const common = (page.common ?? []).map((key) => `common.${key}`);
  const seconds = `<meta http-equiv="refresh" content="${page.refresh}; url=${slot("link")}">`;
  return [
    word(`pages.${name}.title`),
    page.refresh === undefined ? "" : when("link", seconds),
    [...own, ...common].map(paragraph).join("") + actions(page),
  ].join(code("partEnd"));
}

const style = transformSync(read("page.css"), { loader: "css", minify: true }).code.trim();

/** The parts that all pages share. */
function frame() {
  const values = {
    style,
    tag: word("tag"),
    direction: word("direction"),
    requestId: word("labels.requestId"),
    ...Object.fromEntries(PARTS.map((name, number) => [name, numbered("part", number)])),
  };
  return read("page.html")
    .replace(/\n\s*/g, "")
    .replace(/ \/>/g, ">")
    .replace(/\} +\{/g, "}{")
    .replace(/\{\?(\w+)\}/g, (_, name) => code("section") + slot(name))
    .replaceAll("{/}", code("end"))
    .replace(/\{(\w+)\}/g, (_, name) => values[name] ?? slot(name));
}

/**
 * The headers that all pages have alike. A page of the application's own may have the refused one
 * in a frame.
 */
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'` +
      when("colorsHash", ` 'sha256-${slot("colorsHash")}'`),
    `form-action 'self'${when("logo", "; img-src data:")}`,
    ...["frame-ancestors 'self'", "base-uri 'none'"],
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/**
 * A code for each error of the provider's that has one: its name, then the number of its page as a
 * letter from A on.
 */
const errors = Object.values(pages).flatMap((page, kind) =>
  (page.errors ?? []).map((error) => `${error}=${String.fromCharCode(65 + kind)} `),
);

function checkOrder() {
  const kinds = membersOf("kind.ts", "PageKind");
  if (kinds.join() !== Object.keys(pages).join()) throw new Error("pages.yaml is not as PageKind");
  const count = membersOf("language.ts", "Language").length;
  if (count !== languages.length) throw new Error("pages.yaml has other languages than Language");
}

/** The content of packed-table.ts. */
export async function table() {
  checkOrder();
  const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`);
  const common = [
    frame(),
    errors.join(""),
    headers.map((header) => header + code("partEnd")).join(""),
    ...Object.entries(pages).map(partsOf),
  ];
  const filled = (text) => escape(text).replace(/\{(\w+)\}/g, (_, name) => slot(name));
  const texts = [common, ...all.map(({ texts }) => [...texts.values()].map(filled))].map((lines) =>
    Buffer.from(lines.join("\n")),
  );
  const blocks = texts.map(compress);
  const source = `// Generated by generate.mjs from pages.yaml, languages/, page.html and page.css.
import { CodeData } from "../runtime/code-data";

/** Bytes that a block takes before it is unpacked. */
export const ROOM = ${roomOf(blocks)};

/** Writes a block: what all pages have in common, or a language. */
export ${functionOf("putBlock", blocks)}

/** The status of each page. */
export const STATUS = memory.data<u16>([${Object.values(pages)
    .map(({ status }) => status)
    .join()}]);
`;
  const file = fileURLToPath(new URL("packed-table.ts", import.meta.url));
  const formatted = await format(source, { ...(await resolveConfig(file)), filepath: file });
  const bytes = texts.map((text) => text.length);
  return { file, source: formatted, bytes, packed: blocks.map((block) => block.length) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { file, source, bytes, packed } = await table();
  writeFileSync(file, source);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  console.log(`${sum(bytes)} bytes packed into ${sum(packed)}: ${packed.join(", ")}`);
}
