/**
 * Names of files in stateDir that are of an issuer, or of a prefix in the engine that several
 * Traefiks share, as the guest has them (assembly/config/state.ts), by other code.
 */
import { createHash } from "node:crypto";

const DIGITS = 16;

export function stateFile(kind: "discovery" | "jwks" | "store-read", of: string): string {
  const name = createHash("sha256").update(of).digest("hex").slice(0, DIGITS);
  return `${kind}-${name}.json`;
}
