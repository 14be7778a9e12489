/** The configuration as Traefik hands it to the guest. */
import { Bytes } from "../text/bytes";
import { getConfig } from "./imports";

/** JSON, in the region that is active now; empty when there is none. */
export function readConfiguration(): Bytes {
  const length = getConfig(0, 0);
  const start = heap.alloc(length);
  getConfig(start, length);
  return new Bytes(start, length);
}
