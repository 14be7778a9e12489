/**
 * Types of the configuration's values as JSON Schemas, in every form that Traefik's providers
 * deliver and the guest reads (assembly/config/section.ts), so that a schema never refuses what the
 * guest accepts.
 */

export type Schema = Record<string, unknown>;

/** A key that is null counts as absent. */
const NULL: Schema = { type: "null" };
/** An empty list or map, as Traefik's file provider delivers it. */
const EMPTY: Schema = { const: "" };
/** An element of a list of texts. */
const ELEMENT: Schema = { type: ["string", "number", "boolean"], minLength: 1 };

const UNITS: Record<string, number> = { "s?": 1, m: 60, h: 3600, d: 86400 };

export const text: Schema = { type: ["string", "number", "null"], minLength: 1 };

/** The empty text counts as absent. */
export const optionalText: Schema = { type: ["string", "number", "null"] };

export const boolean: Schema = { enum: [true, false, "true", "false", null] };

export const path: Schema = { type: ["string", "null"], pattern: "^/" };

export const optionalPath: Schema = { type: ["string", "null"], pattern: "^(/|$)" };

export const target: Schema = { type: ["string", "null"], pattern: "^(/|https?://)" };

export function words(list: string[]): Schema {
  return { enum: [...list, null] };
}

/** A list of texts, or one text. */
export function texts(element: Schema = {}, more: Schema = {}): Schema {
  const one = { ...ELEMENT, ...element };
  return {
    anyOf: [{ ...one, type: "string" }, { type: "array", items: one, ...more }, EMPTY, NULL],
  };
}

/** Seconds as a number, or as a text with or without a unit. */
export function seconds(least: number, most: number): Schema {
  const durations = Object.entries(UNITS).map(([unit, size]) => {
    const range = `0*(${atMost(Math.floor(most / size))})${unit}`;
    return least === 0 ? range : `(?!0*(${atMost(Math.ceil(least / size) - 1)})${unit}$)${range}`;
  });
  return {
    anyOf: [
      { type: "integer", minimum: least, maximum: most },
      { type: "string", pattern: `^(${durations.join("|")})$` },
      NULL,
    ],
  };
}

/** The decimal numbers from 0 to `most`, without leading zeros, as a regular expression. */
export function atMost(most: number): string {
  const digits = String(most);
  const parts = digits.length > 1 ? [`[0-9]{1,${digits.length - 1}}`] : [];
  for (let at = 0; at < digits.length; at++) {
    const least = at === 0 && digits.length > 1 ? 1 : 0;
    const below = Number(digits[at]) - 1;
    const rest = digits.length - at - 1;
    if (below < least) continue;
    parts.push(`${digits.slice(0, at)}[${least}-${below}]${rest > 0 ? `[0-9]{${rest}}` : ""}`);
  }
  return [...parts, digits].join("|");
}

/** A share of one in steps of a thousandth: further digits are ignored. */
export function share(least: number, most: number): Schema {
  const [low, high] = [least, most].map((it) => Math.round(it * 1000)) as [number, number];
  return {
    anyOf: [
      { type: "number", minimum: least, exclusiveMaximum: (high + 1) / 1000 },
      { type: "string", pattern: `^0\\.${digitsWithin("", low, high)}$` },
      NULL,
    ],
  };
}

/**
 * The digits that may follow these after the point, so that the first three are within the range.
 */
function digitsWithin(digits: string, low: number, high: number): string {
  const first = Number(digits.padEnd(3, "0"));
  const last = Number(digits.padEnd(3, "9"));
  if (first >= low && last <= high) return "[0-9]*";
  const next = [..."0123456789"].filter((digit) => {
    const [least, most] = ["0", "9"].map((it) => Number((digits + digit).padEnd(3, it)));
    return least! <= high && most! >= low;
  });
  const rests = new Map<string, string[]>();
  for (const digit of next) {
    const rest = digitsWithin(digits + digit, low, high);
    rests.set(rest, [...(rests.get(rest) ?? []), digit]);
  }
  const parts = [...rests].map(([rest, list]) => {
    const [from, to] = [list[0], list.at(-1)];
    return (from === to ? from : `[${from}-${to}]`) + rest;
  });
  return `(${parts.join("|")})${first >= low && first <= high ? "?" : ""}`;
}

/** A whole number from 0. */
export const order: Schema = {
  anyOf: [{ type: "integer", minimum: 0 }, { type: "string", pattern: "^[0-9]{1,15}$" }, NULL],
};

/** Names of the user's choice -> values, which cannot be null. */
export function map(value: Schema): Schema {
  return { anyOf: [{ type: "object", additionalProperties: value }, EMPTY, NULL] };
}

/** A text that must not be empty, as the value of a name. */
export const value: Schema = { type: ["string", "number"], minLength: 1 };

/** One text or a list, as the value of a name. */
export const values: Schema = {
  anyOf: [{ type: "string" }, { type: "array", items: ELEMENT }],
};

/** A key set: JSON text, or the set. */
export const keySet: Schema = { type: ["string", "object", "null"] };

/** A section, which may be empty or absent. */
export function section(object: Schema): Schema {
  return { anyOf: [object, EMPTY, NULL] };
}

/** A list of sections. */
export function sections(object: Schema, most: number): Schema {
  return { anyOf: [{ type: "array", items: object, maxItems: most }, EMPTY, NULL] };
}
