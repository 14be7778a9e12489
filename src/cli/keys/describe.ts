/** The keys of a set, one by one, with the plugin's judgement. */
import { calculateJwkThumbprint } from "jose";
import type { KeySet } from "./fetch.ts";
import { judgeKeySet } from "./judge.ts";

export interface KeyRow {
  kid: string | null;
  /** For example `RSA 2048`, `EC P-256`. */
  type: string;
  alg: string | null;
  use: string | null;
  /** `usable`, or the plugin's reason why not. */
  word: string;
  thumbprint: string | null;
}

export async function describe({ keys }: KeySet): Promise<KeyRow[]> {
  const rows: KeyRow[] = [];
  for (const key of keys) {
    // Judged alone, so that the reason is about this key.
    const { usable, words } = await judgeKeySet(JSON.stringify({ keys: [key] }));
    const word = words
      .join("; ")
      .replace(/^it has no usable key; /, "")
      .replace(/^keys\[0\]: /, "");
    rows.push({
      kid: textOf(key.kid),
      type: typeOf(key),
      alg: textOf(key.alg),
      use: textOf(key.use),
      word: usable > 0 ? "usable" : word || "not usable",
      thumbprint: await thumbprintOf(key),
    });
  }
  return rows;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null);

function typeOf({ kty, crv, n }: Record<string, unknown>): string {
  if (typeof n === "string") return `${String(kty)} ${bitsOf(n)}`;
  return [kty, crv].filter((it) => typeof it === "string").join(" ") || "unknown";
}

function bitsOf(n: string): number {
  const bytes = Buffer.from(n, "base64url");
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? 0 : (bytes.length - start) * 8 - Math.clz32(bytes[start]!) + 24;
}

async function thumbprintOf(key: Record<string, unknown>): Promise<string | null> {
  try {
    return await calculateJwkThumbprint(key);
  } catch {
    return null;
  }
}
