/** SHA-512 by name, for what is fixed to it: Ed25519. */
import { Bytes } from "../text/bytes";
import { Hash, digest } from "./hash";

/** The digest, 64 bytes in the active region. */
export function sha512(message: Bytes): Bytes {
  return digest(Hash.Sha512, message);
}
