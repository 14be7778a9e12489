/**
 * Reads a table: YAML with `config`, `who` and `tests`. Every mistake is reported with its place.
 */
import type { Place, SourceFile } from "../source/file.ts";
import { plainOf } from "../source/plain.ts";
import { type Entry, type MapTree, textAt, textsAt, type Tree, valueAt } from "../source/tree.ts";
import { parseYaml } from "../source/yaml.ts";
import { tableError } from "./mistake.ts";
import { personOf, type Person } from "./person.ts";
import {
  type Expected,
  EXPECTED_FORM,
  expectedOf,
  requestOf,
  ROW_FORM,
  rowOf,
  type RowText,
} from "./row.ts";

export interface Row {
  /** Its heading; empty without one. */
  group: string;
  who: string;
  method: string;
  url: string;
  headers: [string, string][];
  /** A text as it is, other values as JSON. */
  body: string | null;
  /** Null: `--update` writes it. */
  expected: Expected | null;
  place: Place;
  /** The place of the expectation: the scalar that holds it, and whether it is the whole scalar. */
  written: { tree: Tree; isWhole: boolean };
}

export interface Table {
  file: SourceFile;
  /** As written, relative to the table. */
  config: string[];
  middleware: string | undefined;
  host: string | undefined;
  at: string | undefined;
  people: Map<string, Person>;
  rows: Row[];
}

const KEYS = ["config", "middleware", "host", "at", "who", "tests"];
const ROW_KEYS = ["who", "request", "headers", "body", "expect"];

export function tableOf(file: SourceFile): Table {
  const { trees, problems } = parseYaml(file);
  const [problem] = problems;
  if (problem) throw tableError(file.place(problem.start), problem.message);
  const [tree] = trees;
  if (tree?.kind !== "map" || trees.length > 1) {
    throw tableError(file.place(0), "expected one map", `with ${KEYS.join(", ")}`);
  }
  mustKnow(tree, KEYS, "a table");
  const tests = valueAt(tree, "tests");
  const rows = tests ? groupsOf(tests) : [];
  if (rows.length === 0) {
    throw tableError(tests?.place ?? tree.place, "the table has no rows", `tests: ["${ROW_FORM}"]`);
  }
  return {
    ...{ file, rows, config: textsAt(tree, "config"), people: peopleOf(valueAt(tree, "who")) },
    ...{ middleware: textAt(tree, "middleware"), host: textAt(tree, "host") },
    at: textAt(tree, "at"),
  };
}

function mustKnow(tree: MapTree, keys: string[], what: string): void {
  const unknown = tree.entries.find(({ key }) => !keys.includes(key));
  if (!unknown) return;
  throw tableError(
    unknown.keyPlace,
    `unknown key ${unknown.key}`,
    `${what} has ${keys.join(", ")}`,
  );
}

function peopleOf(tree: Tree | undefined): Map<string, Person> {
  if (!tree || (tree.kind === "scalar" && tree.type === "null")) return new Map();
  if (tree.kind !== "map") throw tableError(tree.place, "who: expected a map of names");
  return new Map(tree.entries.map((entry) => [nameOf(entry), personOf(entry)]));
}

function nameOf({ key, keyPlace }: Entry): string {
  if (/^\S+$/.test(key)) return key;
  throw tableError(
    keyPlace,
    `who: ${JSON.stringify(key)} is no name`,
    "a name has no spaces in it",
  );
}

/** A list of rows, or lists under headings. */
function groupsOf(tests: Tree): Row[] {
  if (tests.kind === "list") return tests.items.map((item) => rowFrom(item, ""));
  if (tests.kind !== "map") throw tableError(tests.place, "tests: expected a list of rows");
  return tests.entries.flatMap(({ key, value, keyPlace }) => {
    if (value.kind === "list") return value.items.map((item) => rowFrom(item, key));
    throw tableError(keyPlace, `tests: expected a list of rows under ${key}`);
  });
}

function rowFrom(tree: Tree, group: string): Row {
  if (tree.kind === "map") return longRow(tree, group);
  const row = tree.kind === "scalar" ? rowOf(tree.text) : null;
  if (!row) throw tableError(tree.place, "this is no row", `write ${ROW_FORM}`);
  const written = { tree, isWhole: false };
  const expected = row.expected === null ? null : expectation(row.expected, tree);
  return { ...bare(row), group, expected, place: tree.place, written };
}

const bare = ({
  who,
  method,
  url,
}: RowText): Pick<Row, "who" | "method" | "url" | "headers" | "body"> => ({
  ...{ who, method, url, headers: [], body: null },
});

function expectation(text: string, { place }: Tree): Expected {
  const expected = expectedOf(text);
  if (expected) return expected;
  throw tableError(place, `${JSON.stringify(text)} is no decision`, `write ${EXPECTED_FORM}`);
}

/** With headers or a body. */
function longRow(tree: MapTree, group: string): Row {
  mustKnow(tree, ROW_KEYS, "a row");
  const who = textAt(tree, "who");
  const request = textAt(tree, "request");
  const parts = request === undefined ? null : requestOf(request);
  if (who === undefined || !parts) {
    const place = valueAt(tree, "request")?.place ?? tree.place;
    throw tableError(place, "expected `who`, and `request` as in GET /path");
  }
  const expect = valueAt(tree, "expect");
  const text = textAt(tree, "expect");
  return {
    ...{ group, who, ...parts, headers: headersOf(valueAt(tree, "headers")) },
    body: bodyOf(valueAt(tree, "body")),
    expected: text === undefined ? null : expectation(text, expect!),
    place: tree.place,
    written: { tree: expect ?? tree, isWhole: expect !== undefined },
  };
}

/** A map; a header with several values has a list. */
function headersOf(tree: Tree | undefined): [string, string][] {
  if (!tree) return [];
  if (tree.kind !== "map") throw tableError(tree.place, "headers: expected a map");
  return tree.entries.flatMap(({ key, value }) => {
    const values = value.kind === "list" ? value.items : [value];
    return values.map((it): [string, string] => {
      if (it.kind === "scalar") return [key, it.written];
      throw tableError(it.place, `headers.${key}: expected a text`);
    });
  });
}

function bodyOf(tree: Tree | undefined): string | null {
  if (!tree) return null;
  return tree.kind === "scalar" && tree.type === "text" ? tree.text : JSON.stringify(plainOf(tree));
}
