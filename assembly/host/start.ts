/** Which guest of a middleware is the first one. */
import { enableFeatures } from "./imports";

/** No feature of the ABI (bits 0 to 2): what is asked for while a guest starts, the host keeps for those that follow. */
const STARTED: i32 = 1 << 30;

/**
 * True once for each middleware of each router, whenever Traefik builds it; for every guest with a host that forgets.
 * To be called while the guest starts.
 */
export function isFirstGuest(): bool {
  if ((enableFeatures(0) & STARTED) != 0) return false;
  enableFeatures(STARTED);
  return true;
}
