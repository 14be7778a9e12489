/**
 * The guest's module of options: for each map its names, and for each option a function that reads
 * it, with its range and its default. They are plain functions and constants, so unused ones take
 * no room in the module.
 */
import {
  constantOf,
  enumerationOf,
  functionOf,
  literal,
  memberOf,
  namespaceOf,
  wordListOf,
} from "./names.ts";
import type { Option } from "./option.ts";
import { mapsIn, type Table } from "./table.ts";
import { kindOf } from "./types.ts";

const OPENING = `/** Names, ranges, defaults and words of the configuration's options, and how each is read. */`;

export function guestModule(table: Table): string {
  // An issuer's options have the same names at the top.
  const sections = [...table.sections.keys()].sort((a, b) => Number(a === "") - Number(b === ""));
  const limits = table.options.flatMap(({ limit, type }) =>
    limit && type !== "list" ? limit : [],
  );
  return [
    OPENING,
    `import { ${[...new Set(limits)].sort().join(", ")} } from "../limits";`,
    `import { Bytes } from "../text/bytes";`,
    `import { bytesOf, Section } from "./section";\n`,
    ...[...table.words].map(([name, words]) => enumeration(name, words, table)),
    identity(table),
    ...sections.map((section) => namespace(section, table)),
  ].join("\n");
}

function enumeration(name: string, words: Map<string, string>, { options }: Table): string {
  const users = options.filter((it) => it.words === name).map(({ path }) => `\`${path}\``);
  const members = [...words].map(
    ([word, meaning]) => `${meaning ? `/** ${meaning} */\n` : ""}${memberOf(word)},`,
  );
  return [
    `/** ${users.join(", ")}. */`,
    `export enum ${name} {\n${members.join("\n")}\n}`,
    `const ${wordListOf(name)}: StaticArray<string> = ${JSON.stringify([...words.keys()])};\n`,
  ].join("\n");
}

/** Sorted, so that the order of rows in the table does not affect sessions. */
function identity({ options }: Table): string {
  const paths = options.filter((it) => it.identity).map(({ path }) => path);
  const atTop = paths.filter((path) => !path.includes("[]")).sort();
  return [
    "/** Options that change the caller's identity: a session made with other values is out of date. */",
    `export const IDENTITY: StaticArray<string> = ${JSON.stringify(atTop)};\n`,
  ].join("\n");
}

function namespace(section: string, table: Table): string {
  const options = table.sections.get(section)!;
  const own = options.filter(({ issuers }) => section !== "" || !issuers);
  const keys = [...(section === "" ? keysOf("issuers[]", table) : []), ...keysOf(section, table)];
  const modes = [...table.words.get("Mode")!.keys()];
  const each = own.filter(({ issuers }) => issuers === "each");
  return [
    `/** ${section ? `\`${section}\`` : "At the top"}. */`,
    `export namespace ${namespaceOf(section)} {`,
    `export const KEYS: StaticArray<string> = ${JSON.stringify(keys)};`,
    ...(section === "issuers[]"
      ? [
          "/** What an element of `issuers` does not take from the top. */",
          `export const NOT_INHERITED: StaticArray<string> = ${JSON.stringify(namesOf(each))};`,
        ]
      : []),
    ...own.flatMap(constants),
    ...own.flatMap((option) => [...resolver(option, modes), ...reader(option)]),
    "}\n",
  ].join("\n");
}

/** Names of all that the section holds; at the top without what is an issuer's. */
function keysOf(section: string, table: Table): string[] {
  const options = table.sections.get(section)!.filter(({ issuers }) => section !== "" || !issuers);
  return [...new Set([...namesOf(options), ...mapsIn(section, table)])];
}

const namesOf = (options: Option[]) => options.map(({ name }) => name);

/**
 * Constants for a default that is a text, a list of texts or a word, and for the greatest length of
 * a text.
 */
function constants({ name, type, words, default: absent, most, limit }: Option): string[] {
  const constant = constantOf(name);
  const found: string[] = [];
  if (Array.isArray(absent) && !words) {
    found.push(`export const ${constant}: StaticArray<string> = ${JSON.stringify(absent)};`);
  } else if (type === "word" && absent !== undefined) {
    found.push(`export const ${constant}: ${words} = ${enumerationOf(words!, String(absent))};`);
  } else if (typeof absent === "string" && ["text", "path", "target"].includes(type)) {
    found.push(`export const ${constant} = ${literal(absent)};`);
  }
  if (type === "text" && most !== Infinity) {
    found.push(`export const ${constant}_BYTES: i32 = ${limit ?? most};`);
  }
  return found;
}

/** The function that says if a mode resolves the secret. */
function resolver({ name, modes }: Option, all: string[]): string[] {
  if (!modes) return [];
  const test = all
    .filter((mode) => modes.includes(mode))
    .map((it) => `mode == Mode.${memberOf(it)}`);
  return [
    `\nexport function resolves${name[0]!.toUpperCase()}${name.slice(1)}(mode: Mode): bool {`,
    `return ${test.join(" || ")};`,
    "}",
  ];
}

function reader(option: Option): string[] {
  const read = kindOf(option).reader?.(option);
  if (!read) return [];
  const { result, absent, value } = read;
  const more =
    absent && `absent: ${absent.type}${absent.value === undefined ? "" : ` = ${absent.value}`}`;
  const parameters = ["section: Section", ...(more ? [more] : [])].join(", ");
  return [
    `\nexport function ${functionOf(option.name)}(${parameters}): ${result} {`,
    `return ${value};`,
    "}",
  ];
}
