/** Finds the first guest of a middleware. */
import { enableFeatures } from "./imports";

/**
 * A bit that is no feature of the ABI (bits 0 to 2): the host keeps what a starting guest enables
 * for the guests that follow.
 */
const STARTED: i32 = 1 << 30;

/**
 * True once for each middleware of each router whenever Traefik builds it; true for every guest on
 * a host that does not keep features. Call it while the guest starts.
 */
export function isFirstGuest(): bool {
  if ((enableFeatures(0) & STARTED) != 0) return false;
  enableFeatures(STARTED);
  return true;
}
