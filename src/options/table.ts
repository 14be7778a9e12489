/**
 * config/options.yaml as rows. A mistake is refused with its path. The file's head describes each
 * member of a row.
 */
import { parse } from "yaml";
import * as limits from "../../assembly/limits.ts";
import type { Option, Value } from "./option.ts";
import { durationOf, isType } from "./types.ts";

/** Options that share a row of the page. */
export interface Row {
  heading: string;
  options: Option[];
  meaning: string;
}

export interface Table {
  /** Name of a list -> its words, each with its description. */
  words: Map<string, Map<string, string>>;
  rows: Row[];
  /** All options, in the table's order; an issuer's both at the top and in `issuers[]`. */
  options: Option[];
  /** Path of a map with its own names -> its options. `[]` is each element of a list. */
  sections: Map<string, Option[]>;
}

const MEMBERS = [
  ...["path", "type", "words", "least", "most", "empty", "default", "absent", "modes", "issuers"],
  ...["identity", "meaning"],
];

export function tableOf(text: string): Table {
  const source = parse(text) as {
    words: Record<string, string[] | Record<string, string>>;
    options: Record<string, Record<string, unknown>[]>;
  };
  const words = new Map(
    Object.entries(source.words).map(([name, list]) => [
      name,
      new Map(Array.isArray(list) ? list.map((word) => [word, ""]) : Object.entries(list)),
    ]),
  );
  const rows = Object.entries(source.options).flatMap(([heading, list]) =>
    list.map((row) => rowOf(heading, row, words)),
  );
  const written = rows.flatMap(({ options }) => options);
  const options = [
    ...written,
    ...written
      .filter(({ issuers }) => issuers)
      .map((option) => at(option, `issuers[].${option.path}`)),
  ];
  const sections = new Map<string, Option[]>();
  for (const option of options) {
    sections.set(option.section, [...(sections.get(option.section) ?? []), option]);
  }
  checkWords(words, rows);
  for (const { path } of options) {
    if (options.filter((it) => it.path === path).length > 1) fail(path, "path", "occurs twice");
  }
  for (const section of sections.keys()) {
    const list = section.endsWith("[]") ? section.slice(0, -2) : null;
    const isList = list !== null && options.some((it) => it.path === list && it.type === "list");
    if (list !== null && !isList) fail(section, "path", "is in a list that has no row");
  }
  return { words, rows, options, sections };
}

function rowOf(heading: string, row: Record<string, unknown>, words: Table["words"]): Row {
  const paths = [row.path].flat() as string[];
  const meaning = String(row.meaning ?? "");
  const options = paths.map((path) => optionOf(path, row, words));
  if (!meaning) fail(paths[0]!, "meaning", "is missing");
  return { heading, options, meaning };
}

/** Checks that a row that uses a list describes each of its words. */
function checkWords(words: Table["words"], rows: Row[]): void {
  for (const [name, list] of words) {
    const users = rows.filter(({ options }) => options[0]!.words === name);
    const said = users.flatMap(({ meaning, options: [first] }) => [
      ...`${meaning} ${first!.absent}`.matchAll(/`(\w+)`/g),
      ...[first!.default ?? []].flat().map((word) => ["", String(word)]),
    ]);
    const named = new Set(said.map(([, word]) => word));
    const missing = [...list.keys()].find((word) => !named.has(word));
    if (missing) fail(users[0]?.options[0]!.path ?? name, "meaning", `does not name ${missing}`);
  }
}

const wordsOf = ({ words: name }: Option, words: Table["words"]) =>
  name === undefined ? [] : [...words.get(name)!.keys()];

function optionOf(path: string, row: Record<string, unknown>, words: Table["words"]): Option {
  const unknown = Object.keys(row).find((member) => !MEMBERS.includes(member));
  if (unknown) fail(path, unknown, `is none of ${MEMBERS.join(", ")}`);
  const type = String(row.type);
  if (!isType(type)) fail(path, "type", `${type} is no type of src/options/types.ts`);
  const isWord = type === "word" || type === "words";
  if (isWord !== words.has(String(row.words)))
    fail(path, "words", "names no list, or is not needed");
  const isLimit = typeof row.most === "string" && row.most in limits;
  const numberOf = (member: string, absent: number): number => {
    const value = row[member];
    if (value === undefined) return absent;
    const number =
      isLimit && member === "most" ? limits[value as keyof typeof limits] : durationOf(value);
    return Number.isNaN(number)
      ? fail(path, member, `${String(value)} is no number, duration or limit`)
      : number;
  };
  const option: Option = at(
    {
      ...{ path, section: "", name: "", type },
      words: row.words as string | undefined,
      ...{ least: numberOf("least", 0), most: numberOf("most", Infinity) },
      limit: isLimit ? (row.most as string) : undefined,
      empty: row.empty as boolean | undefined,
      default: row.default as Value | undefined,
      absent: row.absent as string | undefined,
      modes: row.modes as string[] | undefined,
      issuers: row.issuers as Option["issuers"],
      identity: row.identity === true,
    },
    path,
  );
  check(option, words);
  return option;
}

function check(option: Option, words: Table["words"]): void {
  const { path, type, section, least, most, modes, identity } = option;
  if (least > most) fail(path, "least", "is above most");
  const isNumber = type === "seconds" || type === "share";
  if (isNumber && option.default !== undefined) {
    const value = durationOf(option.default);
    if (!(value >= least && value <= most)) fail(path, "default", "is out of range");
  }
  if (option.words !== undefined && option.default !== undefined) {
    const known = wordsOf(option, words);
    for (const word of [option.default].flat()) {
      if (!known.includes(String(word))) fail(path, "default", `${String(word)} is no word of it`);
    }
  }
  const isSecret = type === "secret" || type === "secrets";
  if (isSecret !== (modes !== undefined))
    fail(path, "modes", "are what a secret has, and nothing else");
  for (const mode of modes ?? [])
    if (!words.get("Mode")!.has(mode)) fail(path, "modes", `${mode} is none`);
  // The list itself must be marked: see assembly/config/fingerprint.ts.
  if (identity && section.endsWith("[]")) fail(path, "identity", "is of elements; mark their list");
}

/** Names of the maps with options of their own inside a map. */
export function mapsIn(section: string, { sections }: Table): string[] {
  const base = section ? `${section}.` : "";
  return [...sections.keys()].flatMap((path) => {
    const name = path.slice(base.length);
    const isIn = path !== section && path.startsWith(base) && !/[.[]/.test(name);
    return isIn ? [name] : [];
  });
}

/** The option at another path. */
function at(option: Option, path: string): Option {
  const dot = path.lastIndexOf(".");
  return { ...option, path, section: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1) };
}

function fail(path: string, member: string, why: string): never {
  throw new Error(`options.yaml: ${path}: ${member} ${why}`);
}
