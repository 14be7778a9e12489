/**
 * The meaning of a plain YAML scalar to Traefik's parser, go-yaml 3: its `resolve.go`, not YAML
 * 1.2's core schema.
 */
import type { ScalarType } from "./tree.ts";

export interface Resolved {
  type: ScalarType;
  /** Integers in decimal, floats as JavaScript writes them, booleans in lower case. */
  text: string;
}

const WORDS: Record<string, Resolved> = {
  "": { type: "null", text: "" },
  "~": { type: "null", text: "" },
  null: { type: "null", text: "" },
  Null: { type: "null", text: "" },
  NULL: { type: "null", text: "" },
  true: { type: "boolean", text: "true" },
  True: { type: "boolean", text: "true" },
  TRUE: { type: "boolean", text: "true" },
  false: { type: "boolean", text: "false" },
  False: { type: "boolean", text: "false" },
  FALSE: { type: "boolean", text: "false" },
};

/** sigs.k8s.io/yaml, which Kubernetes uses for manifests, still has the booleans of YAML 1.1. */
const OLD_BOOLEANS: Record<string, string> = Object.fromEntries(
  ["yes", "on"]
    .flatMap((word) => spellings(word).map((it) => [it, "true"]))
    .concat(["no", "off"].flatMap((word) => spellings(word).map((it) => [it, "false"]))),
);

function spellings(word: string): string[] {
  return [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()];
}

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
/** parseTimestamp's layouts: four digits and a dash first. */
const DATE =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d*)?(\s*(Z|[-+]\d{2}:\d{2}))?)?$/;
const UINT64 = 1n << 64n;
const INT64 = 1n << 63n;

export function resolvePlain(text: string, kubernetes = false): Resolved {
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
  if (word) return word;
  if (kubernetes && Object.hasOwn(OLD_BOOLEANS, text)) {
    return { type: "boolean", text: OLD_BOOLEANS[text]! };
  }
  if (!/^[-+.0-9]/.test(text)) return { type: "text", text };
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) return { type: "float", text };
  if (isDate(text)) return { type: kubernetes ? "text" : "date", text };
  const digits = text.replaceAll("_", "");
  const integer = INTEGER.exec(digits);
  if (integer) {
    const value = integerOf(integer[1]!, integer[2]!);
    if (value < UINT64 && value >= -INT64) return { type: "integer", text: String(value) };
  }
  if (FLOAT.test(digits)) return { type: "float", text: String(Number(digits)) };
  return { type: "text", text };
}

function integerOf(sign: string, digits: string): bigint {
  const octal = /^0[oO]?([0-7]+)$/.exec(digits);
  const value = octal ? BigInt(`0o${octal[1]}`) : BigInt(digits);
  return sign === "-" ? -value : value;
}

/** A date that does not exist remains a text (measured). */
function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [month, day, hour, minute, second] = match.slice(1, 6).map((it) => Number(it ?? 0));
  const days = new Date(Date.UTC(Number(text.slice(0, 4)), month!, 0)).getUTCDate();
  return (
    month! >= 1 &&
    month! <= 12 &&
    day! >= 1 &&
    day! <= days &&
    hour! < 24 &&
    minute! < 60 &&
    second! < 60
  );
}
