/**
 * Names of an issuer's files in stateDir, as the guest has them (assembly/config/state.ts), by
 * other code.
 */
import { createHash } from "node:crypto";

const DIGITS = 16;

export function stateFile(kind: "discovery" | "jwks", issuer: string): string {
  const name = createHash("sha256").update(issuer).digest("hex").slice(0, DIGITS);
  return `${kind}-${name}.json`;
}
