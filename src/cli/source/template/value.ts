/** Values of a template, as Go prints and judges them, and unknown ones. */

/**
 * The value of an expression on another machine: a variable of Traefik's environment, the time, a
 * random text.
 */
export class Unknown {
  constructor(
    /** As written. */
    readonly expression: string,
  ) {}
}

export type Value = string | number | boolean | null | Unknown | Value[] | Map<string, Value>;

/** As fmt.Print writes it; Unknown if a part is. */
export function printed(value: Value): string | Unknown {
  if (value instanceof Unknown) return value;
  if (value === null) return "<no value>";
  const parts = Array.isArray(value)
    ? value.map((it) => ["", it] as const)
    : value instanceof Map
      ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, it]) => [`${key}:`, it] as const)
      : null;
  if (!parts) return String(value);
  const texts: string[] = [];
  for (const [key, it] of parts) {
    const text = printed(it);
    if (text instanceof Unknown) return text;
    texts.push(key + text);
  }
  return value instanceof Map ? `map[${texts.join(" ")}]` : `[${texts.join(" ")}]`;
}

/** Go's truth of a value, for `if`; null: unknown. */
export function isTrue(value: Value): boolean | null {
  if (value instanceof Unknown) return null;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}

/** A text that is valid in a host, an address and a name. */
export function standIn({ expression }: Unknown): string {
  const named = /\benv\s+["`](\w+)["`]/.exec(expression)?.[1];
  const words = (named ?? expression).toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `x-${words.join("-")}`.slice(0, 40);
}
