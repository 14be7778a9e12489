/** SHA-256 by name, where no other hash is possible: thumbprints, tags, PKCE. */
import { Bytes } from "../text/bytes";
import { Hash, digest } from "./hash";

/** The digest, 32 bytes in the active region. */
export function sha256(message: Bytes): Bytes {
  return digest(Hash.Sha256, message);
}
