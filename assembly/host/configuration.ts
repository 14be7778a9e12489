/** The configuration as Traefik hands it to the guest, and the file on a mount that may hold it instead. */
import { CONFIG_FILE_BYTES } from "../limits";
import { Bytes } from "../text/bytes";
import { MountedFile } from "./file";
import { getConfig } from "./imports";

/** JSON, in the region that is active now; empty when there is none, or too much. */
export function readConfiguration(): Bytes {
  const length = getConfig(0, 0);
  if (length > CONFIG_FILE_BYTES) return Bytes.empty();
  const start = heap.alloc(length);
  getConfig(start, length);
  return new Bytes(start, length);
}

/** In the region that is active now; null when it is on no mount, cannot be read or is too large. */
export function readConfigurationFile(path: Bytes): Bytes | null {
  const file = MountedFile.at(path);
  return file ? file.read(CONFIG_FILE_BYTES) : null;
}
