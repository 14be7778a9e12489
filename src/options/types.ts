/**
 * The types of options: each one's JSON Schema, and how the guest reads it. A row of
 * config/options.yaml names one.
 */
import * as json from "./json-types.ts";
import { constantOf, enumerationOf, literal, wordListOf } from "./names.ts";
import type { Option } from "./option.ts";

/** A function of the guest. */
export interface Reader {
  /** Its return type. */
  result: string;
  /** Its second parameter: the value of an absent option, with its default. */
  absent?: { type: string; value: string | undefined };
  /** The expression that it returns; `section` is the map with the option. */
  value: string;
}

interface Kind {
  schema(option: Option, words: string[]): json.Schema;
  /**
   * Undefined: the code that uses the option reads it by name, because only its shape can be
   * checked.
   */
  reader?(option: Option): Reader;
}

const bounded = (schema: json.Schema, { most }: Option): json.Schema =>
  most === Infinity ? schema : { ...schema, maxLength: most };

/** A text; with a default it is never null. */
function text({ name, empty, default: absent }: Option): Reader {
  const read = `section.${empty ? "optional" : "text"}(${literal(name)})`;
  if (absent === undefined) return { result: "Bytes | null", value: read };
  return { result: "Bytes", value: `${read} || Bytes.of(${constantOf(name)})` };
}

function texts({ name, default: absent }: Option): Reader {
  const read = `section.texts(${literal(name)})`;
  if (absent === undefined) return { result: "Array<Bytes> | null", value: read };
  return { result: "Array<Bytes>", value: `${read} || bytesOf(${constantOf(name)})` };
}

/** A number within the option's range; `unit` is the number of the guest's units in one. */
function ranged(method: string, option: Option, unit: number, more = ""): Reader {
  const { name, least, most, limit, default: absent } = option;
  const number = (value: number) => String(Math.round(value * unit));
  const value = absent === undefined ? undefined : number(durationOf(absent));
  const range = `${number(least)}, ${limit ?? number(most)}`;
  return {
    result: "i32",
    absent: { type: "i32", value },
    value: `section.${method}(${literal(name)}, absent, ${range}${more})`,
  };
}

const KINDS: Record<string, Kind> = {
  text: {
    schema: (option) => bounded(option.empty ? json.optionalText : json.text, option),
    reader: text,
  },
  texts: { schema: () => json.texts(), reader: texts },
  /** A text that may be `env:NAME` or `file:/path`: see assembly/config/secret.ts. */
  secret: { schema: () => json.text },
  secrets: { schema: ({ most }) => json.texts({}, { maxItems: most }) },
  /** An absolute path on a mount, as the plugin sees it. */
  file: { schema: ({ empty }) => (empty ? json.optionalPath : json.path), reader: text },
  /** The path of a URL. */
  path: { schema: () => json.path, reader: text },
  /** A path, or a URL. */
  target: { schema: () => json.target, reader: text },
  origins: { schema: () => json.texts({ pattern: "^https?://" }), reader: texts },
  /** Those of apps as well, whose schemes are their own. */
  appOrigins: {
    schema: () => json.texts({ pattern: "^[A-Za-z][A-Za-z0-9+.-]*://" }),
    reader: texts,
  },
  sha256: { schema: () => ({ type: "string", pattern: "^[0-9A-Fa-f]{64}$" }), reader: text },
  boolean: {
    schema: () => json.boolean,
    reader: ({ name, default: absent }) => ({
      result: "bool",
      absent: { type: "bool", value: absent?.toString() },
      value: `section.boolean(${literal(name)}, absent)`,
    }),
  },
  seconds: {
    schema: ({ least, most }) => json.seconds(least, most),
    reader: (option) => ranged("seconds", option, 1),
  },
  /** A share of one; the guest counts in per mille. */
  share: {
    schema: ({ least, most }) => json.share(least, most),
    reader: (option) => {
      const range = literal(`${option.least} to ${option.most}`);
      return ranged("share", option, 1000, `, ${range}`);
    },
  },
  /** A whole number from 0, or -1. */
  number: {
    schema: () => json.order,
    reader: ({ name }) => ({ result: "i64", value: `section.number(${literal(name)})` }),
  },
  word: {
    schema: (_, words) => json.words(words),
    reader: ({ name, words, default: absent }) => ({
      result: words!,
      absent: {
        type: words!,
        value: absent === undefined ? undefined : constantOf(name),
      },
      value: `section.word(${literal(name)}, ${wordListOf(words!)}, absent)`,
    }),
  },
  words: {
    schema: (_, words) => json.texts({ enum: words }),
    reader: ({ name, words, default: absent }) => {
      const list = (absent as string[]).map((word) => enumerationOf(words!, word));
      const read = `section.words(${literal(name)}, ${wordListOf(words!)})`;
      return { result: `Array<${words}>`, value: `${read} || [${list.join(", ")}]` };
    },
  },
  /** A key set: JSON text, or the set. */
  keySet: { schema: () => json.keySet },
  /** Names of the user's choice, each with a text or a list of texts. */
  map: { schema: () => json.map(json.value) },
  mapOfTexts: { schema: () => json.map(json.values) },
  /** Maps with options of their own: rows whose paths continue this one with `[]`. */
  list: { schema: () => fail("a list's schema is made of its elements'") },
};

export const isType = (name: string) => Object.hasOwn(KINDS, name);

export const kindOf = ({ type }: Option): Kind => KINDS[type]!;

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** A number as it is, or a duration in seconds; NaN for anything else. */
export function durationOf(value: unknown): number {
  if (typeof value === "number") return value;
  const [, count, unit] = /^(\d+)([smhd]?)$/.exec(String(value)) ?? [];
  return count === undefined ? NaN : Number(count) * UNITS[unit!]!;
}

/** Seconds in the largest unit that divides them. */
export function durationText(seconds: number): string {
  const unit = ["d", "h", "m"].find((it) => seconds > 0 && seconds % UNITS[it]! === 0) ?? "s";
  return `${seconds / UNITS[unit]!}${unit}`;
}

function fail(message: string): never {
  throw new Error(message);
}
