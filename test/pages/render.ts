/** The guest's pages for tests: test/pages/entry.ts, compiled, and its exports wrapped. */
import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";
import { compile } from "../vectors/compile.ts";

const WASM = compile("test/pages/entry.ts", "build/pages.wasm", "--exportRuntime");

/** In the order of Language in assembly/pages/language.ts. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What is put in. All of it is there unless told otherwise. */
export interface Values {
  id: string | Uint8Array;
  user: string | Uint8Array;
  error: string | Uint8Array;
  link: string | Uint8Array;
  other: string | Uint8Array;
}

export const VALUES: Values = {
  id: "18c2a5e9f07b4d31",
  user: "ada@example.com",
  error: "invalid_scope",
  link: "/flows?state=failed&limit=50",
  other: "/oidc/logout",
};
export const NOTHING: Values = { id: "1", user: "", error: "", link: "", other: "" };

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
  render(kind: number, language: number, ...values: number[]): number;
  headers(kind: number, language: number): number;
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

/** The page's bytes. */
function renderBytes(kind: string, language: Language, values: Partial<Values> = {}) {
  const { id, user, error, link, other } = { ...VALUES, ...values };
  return call(() => {
    const passed = [id, user, error, link, other].map(passIn);
    return readOut(exports.render(KINDS.indexOf(kind), LANGUAGES.indexOf(language), ...passed));
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The page's text; throws when it is no UTF-8. */
export const render = (kind: string, language: Language, values: Partial<Values> = {}) =>
  utf8.decode(renderBytes(kind, language, values));

/** The headers, in their order. */
export function headers(kind: string, language: Language): [string, string][] {
  const text = call(() =>
    readOut(exports.headers(KINDS.indexOf(kind), LANGUAGES.indexOf(language))).toString(),
  );
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
}
