/** Names of files in stateDir. */
import { digest, Hash } from "../crypto/hash";
import { Bytes } from "../text/bytes";
import { encodeHex } from "../text/hex";

/**
 * Name of a file of that issuer. Other middlewares may have the same stateDir, and this one may
 * have had another issuer before: keys of one issuer must never be found under another's name.
 */
export function fileOf(kind: string, issuer: Bytes): string {
  const name = digest(Hash.Sha256, issuer).slice(0, 8);
  return `${kind}-${encodeHex(name).toString()}.json`;
}
