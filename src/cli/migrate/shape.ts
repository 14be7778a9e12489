/**
 * Sets of paths that `Path` and `PathPrefix` can express. If a set cannot be expressed, there are
 * two: one within what was meant, and one around it. A rule may open what is within; it must deny
 * what is around.
 */
import { quoted } from "./allow.ts";

export interface Shape {
  call: "Path" | "PathPrefix";
  pattern: string;
}

export interface Paths {
  within: readonly Shape[];
  around: readonly Shape[];
}

const EVERYTHING: Shape = { call: "PathPrefix", pattern: "/" };
export const ALL_PATHS: Paths = { within: [EVERYTHING], around: [EVERYTHING] };
/** Some paths are meant, but it is unknown which. */
export const SOME_PATHS: Paths = { within: [], around: [EVERYTHING] };

export const isEverything = (shapes: readonly Shape[]) =>
  shapes.some(({ call, pattern }) => call === "PathPrefix" && pattern === "/");

const ENCODED = /[*{}()[\]^|$+.]/g;

/** A literal text: `*` becomes `%2A`. Dots only where one could look like `.*`. */
export function asSuch(text: string, isBeforeStar = false): string {
  return text.replaceAll("%", "%25").replace(ENCODED, (character, at: number) => {
    const isLast = at + 1 === text.length;
    const next = isLast ? (isBeforeStar ? "*" : "") : text[at + 1]!;
    if (character === "." && next !== "*" && next !== "+") return character;
    if ((character === "(" || character === ")") && !/[?*+]/.test(next)) return character;
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/** No request with such a path is forwarded: docs/policy.md, 'Paths'. */
const NEVER = /\/\/|[\\;?#\u0000-\u001f\u007f]|%[0-9a-fA-F]{2}|(^|\/)\.\.?(\/|$)/;
export const isNever = (path: string) => !path.startsWith("/") || NEVER.test(path);

const NONE: Paths = { within: [], around: [] };
const just = (shape: Shape): Paths => ({ within: [shape], around: [shape] });

export const exactPath = (path: string): Paths =>
  isNever(path) ? NONE : just({ call: "Path", pattern: asSuch(path) });

/** All paths with this beginning: `/api` matches `/apiX` too. */
export function beginningWith(text: string): Paths {
  if (text === "" || text === "/") return ALL_PATHS;
  if (isNever(text.replace(/\.{1,2}$/, ""))) return NONE;
  if (text.endsWith("/")) return just({ call: "PathPrefix", pattern: asSuch(text) });
  return just({ call: "PathPrefix", pattern: `${asSuch(text, true)}*` });
}

/** The path and everything below it, in whole segments. */
export function segments(path: string): Paths {
  if (path === "/") return ALL_PATHS;
  return isNever(path) ? NONE : just({ call: "PathPrefix", pattern: asSuch(path) });
}

/**
 * The part of a set that a public rule can name: each pattern needs a literal segment before any
 * `**`. `/api*` has none; the whole segment `/api` is within it.
 */
export function narrow(shapes: readonly Shape[]): Shape[] {
  return shapes.flatMap((shape) => {
    if (isNarrow(shape)) return [shape];
    const pattern = shape.pattern.replace(/\*$/, "");
    const whole = { ...shape, pattern };
    const isDots = /\/(\.|%2E){1,2}$/.test(pattern);
    return shape.call === "PathPrefix" && !isDots && isNarrow(whole) ? [whole] : [];
  });
}

function isNarrow({ call, pattern }: Shape): boolean {
  if (call === "Path" && pattern === "/") return true;
  for (const segment of pattern.split("/").slice(1)) {
    if (segment === "**") return false;
    if (segment !== "" && !/[*{]/.test(segment)) return true;
  }
  return false;
}

export const isSame = (one: readonly Shape[], other: readonly Shape[]) =>
  (one.length === 0) === (other.length === 0) && textOf(one) === textOf(other);

/** True if each is certainly below one of the others, by its spelling. */
export const isInside = (inner: readonly Shape[], outer: readonly Shape[]) =>
  inner.every((shape) => outer.some((it) => isBelow(shape, it)));

/** True if no path is in both; false if that is uncertain. */
export const areApart = (one: readonly Shape[], other: readonly Shape[]) =>
  one.every((a) => other.every((b) => differ(a, b)));

/** True if their literal beginnings exclude each other. */
function differ(one: Shape, other: Shape): boolean {
  const [a = "", b = ""] = [one, other].map(({ pattern }) =>
    pattern
      .replace(/[*{][\s\S]*$/, "")
      .replace(/%([0-9A-F]{2})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
  );
  return !a.startsWith(b) && !b.startsWith(a);
}

function isBelow({ pattern }: Shape, { call, pattern: above }: Shape): boolean {
  if (call !== "PathPrefix") return false;
  const base = above.replace(/\*$/, "");
  if (/[*{]/.test(base) || !pattern.startsWith(base)) return false;
  return above !== base || base.endsWith("/") || /^(\/|$)/.test(pattern.slice(base.length));
}

/** As an expression; the empty text for all paths. */
export function textOf(shapes: readonly Shape[]): string {
  if (isEverything(shapes)) return "";
  return (["Path", "PathPrefix"] as const)
    .flatMap((call) => {
      const patterns = shapes
        .filter((it) => it.call === call)
        .map(({ pattern }) => quoted(pattern));
      return patterns.length > 0 ? [`${call}(${[...new Set(patterns)].join(", ")})`] : [];
    })
    .join(" || ");
}

export function union(list: readonly Paths[]): Paths {
  return {
    within: list.flatMap(({ within }) => within),
    around: list.flatMap(({ around }) => around),
  };
}
