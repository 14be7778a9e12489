/**
 * Headers as Go's net/http keeps them: a map from canonical names to lists of values, all of
 * one-byte characters.
 */

/** Ordered pairs, or an object whose values may be lists. */
export type HeadersInit =
  readonly (readonly [string, string])[] | Record<string, string | string[]>;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** net/http keeps trailers among the headers, under names with this prefix. */
export const TRAILER = "Trailer:";

/** True for a field name, RFC 9110 §5.1. */
export function isFieldName(name: string): boolean {
  return TOKEN.test(name);
}

/** textproto.CanonicalMIMEHeaderKey: a name that is not a token stays unchanged. */
export function canonical(name: string): string {
  if (!isFieldName(name)) return name;
  return name
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

export function pairs(init: HeadersInit): [string, string][] {
  if (Array.isArray(init)) return init.map(([name, value]) => [name, value]);
  return Object.entries(init as Record<string, string | string[]>).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}

export class Headers {
  private readonly map = new Map<string, string[]>();

  constructor(init: HeadersInit = []) {
    for (const [name, value] of pairs(init)) this.add(name, value);
  }

  /** All values joined as a client would read them, or undefined. */
  get(name: string): string | undefined {
    return this.map.get(canonical(name))?.join(", ");
  }

  values(name: string): string[] {
    return [...(this.map.get(canonical(name)) ?? [])];
  }

  has(name: string): boolean {
    return this.map.has(canonical(name));
  }

  set(name: string, value: string): void {
    this.map.set(canonical(name), [value]);
  }

  add(name: string, value: string): void {
    const key = canonical(name);
    this.map.set(key, [...(this.map.get(key) ?? []), value]);
  }

  delete(name: string): void {
    this.map.delete(canonical(name));
  }

  /** Canonical names, sorted; without trailers. */
  names(): string[] {
    return [...this.map.keys()].filter((name) => !name.startsWith(TRAILER)).sort();
  }

  trailerNames(): string[] {
    const names = [...this.map.keys()].filter((name) => name.startsWith(TRAILER));
    return names.map((name) => name.slice(TRAILER.length)).sort();
  }

  /** The trailers, without the prefix. */
  trailers(): Headers {
    const all = [...this.map].filter(([name]) => name.startsWith(TRAILER));
    return new Headers(
      all.flatMap(([name, values]) =>
        values.map((value) => [name.slice(TRAILER.length), value] as const),
      ),
    );
  }

  entries(): [string, string][] {
    return this.names().flatMap((name) =>
      this.values(name).map((value): [string, string] => [name, value]),
    );
  }

  clone(): Headers {
    return new Headers(
      [...this.map].flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    );
  }
}
