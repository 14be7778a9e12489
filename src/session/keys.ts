/**
 * The guest's key schedule (assembly/session/keys.ts), by independent code: docs/key-schedule.md.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fields } from "./fields.ts";

const VERSION = 1;

/** In the order of the guest's enumeration. */
export const PURPOSES = [
  "session",
  "refresh",
  "attempt",
  "state",
  "lock",
  "revocation",
  "random",
] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * The application that keys belong to. `site` is the origin of `publicUrl`, or `session.domain`;
 * `audience` may be empty.
 */
export interface Scope {
  issuer: string;
  clientId: string;
  site: string;
  audience: string;
}

/** Keys of one secret for one purpose, 32 bytes each, and the first byte of what it seals. */
export interface Keys {
  encryption: Uint8Array;
  nonce: Uint8Array;
  generator: Uint8Array;
  id: number;
}

export function keysOf(secret: Uint8Array, purpose: Purpose, scope: Scope): Keys {
  const { issuer, clientId, site, audience } = scope;
  const derive = (kind: string, length: number) => {
    const label = `rolegate ${purpose} ${kind}`;
    const info = fields(label, Uint8Array.of(VERSION), issuer, clientId, site, audience);
    return hkdf(sha256, secret, new Uint8Array(), info, length);
  };
  return {
    encryption: derive("encryption", 32),
    nonce: derive("nonce", 32),
    generator: derive("generator", 32),
    id: derive("id", 1)[0]!,
  };
}

/** The guest's name for a secret value, such as that of a refresh token's file. */
export function mark({ generator }: Keys, value: Uint8Array): Uint8Array {
  return hmac(sha256, generator, fields("mark", value));
}
