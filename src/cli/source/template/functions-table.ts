/**
 * Functions of Traefik's templates: Go's own, sprig 3's (TxtFuncMap), and Traefik's `split` and
 * `normalize`. Those whose result depends only on their arguments are computed; of the others only
 * the names are known.
 */
import { printed, Unknown, isTrue, type Value } from "./value.ts";

/** Its arguments are known, all the way down. */
type Computed = (...args: never[]) => Value;

const text = (value: Value) => String(value ?? "");
const list = (value: Value) => (Array.isArray(value) ? value : []);
const int = (value: Value) => Math.trunc(Number(value)) || 0;
const isEqual = (a: Value, b: Value) => printed(a) === printed(b) && typeof a === typeof b;
const compare = (a: Value, b: Value) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : text(a) < text(b)
      ? -1
      : +(text(a) > text(b));
const quoted = (value: Value) => JSON.stringify(text(printed(value) as string));
const indent = (count: number, value: string) => value.replace(/^/gm, " ".repeat(count));
const upper = (value: string) => value.toUpperCase();

function range(from: number, to: number, step: number): number[] {
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  if (length > 10_000) throw new RangeError("too long");
  return Array.from({ length }, (_, i) => from + i * step);
}

function format(shape: string, ...args: Value[]): string {
  let next = 0;
  return shape.replace(/%([a-z%])|%./gi, (whole, verb: string | undefined) => {
    if (verb === "%") return "%";
    const value = args[next++] as Value;
    if (verb === "q") return quoted(value);
    if (verb === "s" || verb === "v" || verb === "d") return printed(value) as string;
    throw new RangeError(whole);
  });
}

export const COMPUTED: Record<string, Computed> = {
  // Go's own.
  not: (value: Value) => !isTrue(value),
  eq: (a: Value, ...others: Value[]) => others.some((it) => isEqual(a, it)),
  ne: (a: Value, b: Value) => !isEqual(a, b),
  lt: (a: Value, b: Value) => compare(a, b) < 0,
  le: (a: Value, b: Value) => compare(a, b) <= 0,
  gt: (a: Value, b: Value) => compare(a, b) > 0,
  ge: (a: Value, b: Value) => compare(a, b) >= 0,
  len: (value: Value) =>
    typeof value === "string"
      ? Buffer.byteLength(value)
      : value instanceof Map
        ? value.size
        : list(value).length,
  index: (value: Value, ...keys: Value[]) =>
    keys.reduce<Value>((at, key) => {
      if (at instanceof Map) return at.get(text(key)) ?? "";
      const found = list(at)[int(key)];
      if (found === undefined) throw new RangeError("no such element");
      return found;
    }, value),
  print: (...values: Value[]) => values.map((it) => printed(it) as string).join(""),
  printf: format,

  // Texts.
  trim: (value: string) => value.trim(),
  upper,
  lower: (value: string) => value.toLowerCase(),
  title: (value: string) => value.replace(/(?<![\p{L}\p{Nd}_])\p{L}/gu, upper),
  trimPrefix: (a: string, b: string) => (b.startsWith(a) ? b.slice(a.length) : b),
  trimSuffix: (a: string, b: string) =>
    a !== "" && b.endsWith(a) ? b.slice(0, b.length - a.length) : b,
  trimAll: (a: string, b: string) => {
    const of = new Set(a);
    const kept = [...b];
    while (kept.length > 0 && of.has(kept[0]!)) kept.shift();
    while (kept.length > 0 && of.has(kept.at(-1)!)) kept.pop();
    return kept.join("");
  },
  nospace: (value: string) => value.replace(/\s/g, ""),
  repeat: (count: number, value: string) => {
    if (count * value.length > 100_000) throw new RangeError("too long");
    return value.repeat(count);
  },
  contains: (part: string, value: string) => value.includes(part),
  hasPrefix: (part: string, value: string) => value.startsWith(part),
  hasSuffix: (part: string, value: string) => value.endsWith(part),
  replace: (from: string, to: string, value: string) => value.replaceAll(from, () => to),
  quote: (...values: Value[]) =>
    values
      .filter((it) => it !== null)
      .map(quoted)
      .join(" "),
  squote: (...values: Value[]) =>
    values.flatMap((it) => (it === null ? [] : [`'${printed(it) as string}'`])).join(" "),
  cat: (...values: Value[]) =>
    values.flatMap((it) => (it === null ? [] : [printed(it) as string])).join(" "),
  indent,
  nindent: (count: number, value: string) => `\n${indent(count, value)}`,
  toString: (value: Value) => printed(value),
  b64enc: (value: string) => Buffer.from(value).toString("base64"),
  b64dec: (value: string) => Buffer.from(value, "base64").toString("utf8"),
  normalize: (value: string) => (value.match(/[\p{L}\p{N}]+/gu) ?? []).join("-"),

  // Numbers.
  int,
  int64: int,
  atoi: (value: string) => (/^[+-]?\d+$/.test(value) ? int(value) : 0),
  add: (...values: Value[]) => values.reduce<number>((sum, it) => sum + int(it), 0),
  add1: (value: Value) => int(value) + 1,
  sub: (a: Value, b: Value) => int(a) - int(b),
  mul: (...values: Value[]) => values.reduce<number>((product, it) => product * int(it), 1),
  div: (a: Value, b: Value) => int(int(a) / int(b)),
  mod: (a: Value, b: Value) => int(a) % int(b),
  max: (...values: Value[]) => Math.max(...values.map(int)),
  min: (...values: Value[]) => Math.min(...values.map(int)),
  until: (count: Value) => range(0, int(count), int(count) < 0 ? -1 : 1),
  untilStep: (from: Value, to: Value, step: Value) => range(int(from), int(to), int(step)),

  // Lists and maps.
  split: (value: string, separator: string) => value.split(separator),
  splitList: (separator: string, value: string) => value.split(separator),
  join: (separator: string, value: Value) =>
    (Array.isArray(value) ? value : [value]).map((it) => printed(it) as string).join(separator),
  first: (value: Value) => list(value)[0] ?? null,
  last: (value: Value) => list(value).at(-1) ?? null,
  rest: (value: Value) => list(value).slice(1),
  initial: (value: Value) => list(value).slice(0, -1),
  append: (value: Value, it: Value) => [...list(value), it],
  prepend: (value: Value, it: Value) => [it, ...list(value)],
  concat: (...values: Value[]) => values.flatMap(list),
  reverse: (value: Value) => [...list(value)].reverse(),
  uniq: (value: Value) =>
    list(value).filter((it, i, all) => all.findIndex((other) => isEqual(it, other)) === i),
  without: (value: Value, ...others: Value[]) =>
    list(value).filter((it) => !others.some((other) => isEqual(it, other))),
  has: (it: Value, value: Value) => list(value).some((other) => isEqual(it, other)),
  sortAlpha: (value: Value) =>
    list(value)
      .map((it) => printed(it) as string)
      .sort(),
  compact: (value: Value) => list(value).filter((it) => isTrue(it) === true),
  get: (map: Map<string, Value>, key: string) => map.get(key) ?? "",
  hasKey: (map: Map<string, Value>, key: string) => map.has(key),
  set: (map: Map<string, Value>, key: string, value: Value) => map.set(key, value),
  empty: (value: Value) => !isTrue(value),
};

/**
 * Results that are known although an argument may be unknown. The arguments are passed as they are.
 */
export const LENIENT: Record<string, (whole: Unknown, ...args: Value[]) => Value> = {
  list: (_, ...values) => values,
  tuple: (_, ...values) => values,
  dict: (_, ...values) => {
    const pairs = new Map<string, Value>();
    for (let i = 0; i + 1 < values.length; i += 2) pairs.set(text(values[i]!), values[i + 1]!);
    return pairs;
  },
  // A default is what its author wants if the other value is not set.
  default: (_, otherwise, value = null) => (isTrue(value) === true ? value : otherwise!),
  coalesce: (_, ...values) => values.find((it) => isTrue(it) === true) ?? null,
  ternary: (whole, yes, no, value) => {
    const is = isTrue(value!);
    return is === null ? whole : is ? yes! : no!;
  },
  and: (whole, ...values) => {
    const stop = values.find((it) => isTrue(it) !== true);
    return stop === undefined ? values.at(-1)! : stop instanceof Unknown ? whole : stop;
  },
  or: (whole, ...values) => {
    const stop = values.find((it) => isTrue(it) !== false);
    return stop === undefined ? values.at(-1)! : stop instanceof Unknown ? whole : stop;
  },
};

const ALIASES: Record<string, string> = { push: "append", biggest: "max", trimall: "trimAll" };
for (const [alias, name] of Object.entries(ALIASES)) COMPUTED[alias] = COMPUTED[name]!;
for (const name of ["first", "last", "rest", "initial", "append", "push", "prepend", "reverse"]) {
  COMPUTED[`must${name[0]!.toUpperCase()}${name.slice(1)}`] = COMPUTED[name]!;
}

const OTHERS = `
  call html js println slice urlquery
  env expandenv getHostByName hello now date dateInZone dateModify date_in_zone date_modify duration durationRound ago
  htmlDate htmlDateInZone mustDateModify mustToDate must_date_modify toDate unixEpoch
  abbrev abbrevboth trunc untitle substr initials swapcase shuffle snakecase camelcase kebabcase wrap wrapWith plural
  randAlphaNum randAlpha randAscii randNumeric randSeededNumeric randBytes randInt uuidv4
  sha1sum sha256sum adler32sum bcrypt htpasswd b32enc b32dec
  float64 seq toDecimal addf add1f subf divf mulf maxf minf ceil floor round
  splitn toStrings all any mustCompact mustUniq mustWithout mustHas mustSlice chunk mustChunk
  fromJson toJson toPrettyJson toRawJson mustFromJson mustToJson mustToPrettyJson mustToRawJson deepCopy mustDeepCopy
  typeOf typeIs typeIsLike kindOf kindIs deepEqual base dir clean ext isAbs osBase osClean osDir osExt osIsAbs
  unset pluck keys pick omit merge mergeOverwrite mustMerge mustMergeOverwrite values dig
  genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey
  genSignedCert genSignedCertWithKey encryptAES decryptAES semver semverCompare fail
  regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind regexReplaceAll mustRegexReplaceAll
  regexReplaceAllLiteral mustRegexReplaceAllLiteral regexSplit mustRegexSplit regexQuoteMeta urlParse urlJoin
`;

/** All functions that Traefik knows. */
export const NAMES = new Set([
  ...Object.keys(COMPUTED),
  ...Object.keys(LENIENT),
  ...OTHERS.trim().split(/\s+/),
]);
