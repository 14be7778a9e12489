/** The guest's pages for tests: test/pages/entry.ts, compiled, and its exports wrapped. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";
import { compile } from "../vectors/compile.ts";

const WASM = compile("test/pages/entry.ts", "build/pages.wasm", "--exportRuntime");

/** In the order of Language in assembly/pages/language.ts. */
export const LANGUAGES = ["en", "de", "es", "fr", "pt", "ja", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What can be put in, by the slot's number in assembly/pages/slot.ts. */
const SLOTS = {
  user: 1,
  roles: 2,
  error: 3,
  id: 4,
  time: 5,
  host: 6,
  name: 7,
  logo: 8,
  colors: 9,
  colorsHash: 11,
  link: 12,
  other: 13,
  account: 14,
  contact: 15,
};
export type Slot = keyof typeof SLOTS;
export type Values = Record<Slot, string | Uint8Array>;

/** All of it. */
export const VALUES: Values = {
  id: "18c2a5e9f07b4d31",
  user: "ada@example.com",
  roles: "developer, owner",
  error: "invalid_scope",
  time: "2026-11-29 21:00:05 UTC",
  host: "flows.example.com",
  name: "Flows",
  logo: `data:image/svg+xml;base64,${readFileSync("test/pages/logo.svg", "base64")}`,
  colors: ":root{--accent:#7a1fa2}@media(prefers-color-scheme:dark){:root{--accent:#c39bd3}}",
  colorsHash: "",
  link: "/flows?state=failed&limit=50",
  other: "/oidc/logout",
  account: "/oidc/login?rd=%2F&account=other",
  contact: "mailto:it@example.com?subject=18c2a5e9f07b4d31",
};
VALUES.colorsHash = createHash("sha256")
  .update(VALUES.colors as string)
  .digest("base64");
/** Nothing but the request's id. */
export const NOTHING: Partial<Values> = Object.fromEntries(
  Object.keys(SLOTS).map((slot) => [slot, slot === "id" ? "1" : ""]),
);

/** The names of PageKind, by number. */
export const KINDS = [
  ...readFileSync("assembly/pages/kind.ts", "utf8").matchAll(/^ {2}([A-Z]\w+),$/gm),
].map(([, name]) => name!);

interface Exports {
  clear(): void;
  kinds(): number;
  languages(): number;
  language(header: number): number;
  status(kind: number): number;
  begin(language: number): void;
  put(slot: number, value: number): void;
  render(kind: number): number;
  headers(kind: number): number;
}

interface Loader {
  __newArrayBuffer(bytes: ArrayBuffer): number;
  __getArrayBuffer(pointer: number): ArrayBuffer;
}

const exports = instantiateSync(readFileSync(WASM)).exports as unknown as Exports & Loader;

const passIn = (value: string | Uint8Array) =>
  exports.__newArrayBuffer(Uint8Array.from(Buffer.from(value)).buffer);
const readOut = (pointer: number) => Buffer.from(exports.__getArrayBuffer(pointer));

/** Runs with the request region empty, as it is when a request begins. */
function call<T>(run: () => T): T {
  exports.clear();
  return run();
}

export const kinds = exports.kinds();
export const languages = exports.languages();
export const statusOf = (kind: string) => exports.status(KINDS.indexOf(kind));
export const languageOf = (header: string) =>
  call(() => LANGUAGES[exports.language(passIn(header))]!);

function withValues<T>(language: Language, values: Partial<Values>, run: () => T): T {
  return call(() => {
    exports.begin(LANGUAGES.indexOf(language));
    for (const [slot, value] of Object.entries({ ...VALUES, ...values })) {
      exports.put(SLOTS[slot as Slot], passIn(value));
    }
    return run();
  });
}

/** The page's bytes. */
function renderBytes(kind: string, language: Language, values: Partial<Values> = {}) {
  return withValues(language, values, () => readOut(exports.render(KINDS.indexOf(kind))));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The page's text; throws when it is no UTF-8. */
export const render = (kind: string, language: Language, values: Partial<Values> = {}) =>
  utf8.decode(renderBytes(kind, language, values));

/** The headers, in their order. */
export function headers(
  kind: string,
  language: Language,
  values: Partial<Values> = {},
): [string, string][] {
  const text = withValues(language, values, () =>
    readOut(exports.headers(KINDS.indexOf(kind))).toString(),
  );
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
}
