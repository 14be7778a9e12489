/** The provider's public keys as the file that the plugin's `jwksFile` reads, kept current. */
import { renameSync, writeFileSync } from "node:fs";
import type { JSONWebKeySet } from "jose";

/** Written beside and renamed, so that a reader never sees half of it. */
export function writeJwks(file: string, keys: JSONWebKeySet): void {
  writeFileSync(`${file}.new`, JSON.stringify(keys));
  renameSync(`${file}.new`, file);
}

/** Writes the keys now and after each change; the result ends that. */
export function followKeys(
  provider: { watchKeys(listener: (keys: JSONWebKeySet) => void): () => void },
  file: string,
): () => void {
  return provider.watchKeys((keys) => writeJwks(file, keys));
}
