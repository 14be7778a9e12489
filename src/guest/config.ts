/**
 * A middleware's configuration in the form that Traefik hands on: json.Marshal of a map, which
 * sorts and escapes.
 */

const ESCAPED = /[<>&\u2028\u2029]/g;

/**
 * The text that get_config returns. A text or bytes are used unchanged; undefined: no configuration
 * at all.
 */
export function marshal(config: unknown): string {
  if (config === undefined) return "";
  if (Buffer.isBuffer(config)) return config.toString("latin1");
  const text =
    typeof config === "string"
      ? config
      : JSON.stringify(sorted(config)).replace(ESCAPED, escapeCharacter);
  return Buffer.from(text, "utf8").toString("latin1");
}

function escapeCharacter(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  // A null prototype, so that a key such as __proto__ is an ordinary key.
  const result: Record<string, unknown> = Object.create(null);
  for (const [name, member] of members) result[name] = sorted(member);
  return result;
}
