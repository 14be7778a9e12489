/** Claims in expressions: their paths, and their required values. */
import { type Allow, anyOf, call } from "./allow.ts";

/** A claim whose name holds dots, as Auth0's do: `https://example.com/roles`. */
export const named = (name: string) => name.replaceAll(".", "\\.");

export const pathOf = (names: readonly string[]) => names.map(named).join(".");

/** The claim is this text, or a list that has it. */
export const isOrHas = (path: string, value: string): Allow =>
  `${call("Equals", path, value)} || ${call("Contains", path, value)}`;

export const isOrHasAny = (path: string, values: readonly string[]): Allow =>
  anyOf(values.map((value) => isOrHas(path, value)));

/** `{name}` in a value would mean a capture, and no rule made here captures anything. */
export const isSayable = (value: string) => !/[{}\n]/.test(value);

/**
 * The names of a JSONPath that leads to one claim: `$.a.b`, `a['b.c']`, `a.b[*]`. Null for any
 * other path, such as one with filters or with `*` in the middle.
 */
export function namesOfJsonPath(path: string): string[] | null {
  const names: string[] = [];
  let rest = path
    .trim()
    .replace(/^\$\.?/, "")
    .replace(/\[\*\]$/, "");
  if (rest === "") return null;
  while (rest !== "") {
    const found =
      /^\.?\['([^'\\]+)'\]/.exec(rest) ??
      /^\.?\["([^"\\]+)"\]/.exec(rest) ??
      (names.length === 0 ? /^([\w-]+)/ : /^\.([\w-]+)/).exec(rest);
    if (!found) return null;
    names.push(found[1]!);
    rest = rest.slice(found[0].length);
  }
  return names;
}
