/** The configuration that Traefik hands to the guest, or the file on a mount that holds it. */
import { CONFIG_FILE_BYTES } from "../limits";
import { Bytes } from "../text/bytes";
import { MountedFile } from "./file";
import { getConfig } from "./imports";

/** JSON, in the active region; empty when there is none, or too much. */
export function readConfiguration(): Bytes {
  const length = getConfig(0, 0);
  if (length > CONFIG_FILE_BYTES) return Bytes.empty();
  const start = heap.alloc(length);
  getConfig(start, length);
  return new Bytes(start, length);
}

/**
 * The file's bytes, in the active region; null when no mount has it, or it cannot be read or is too
 * large.
 */
export function readConfigurationFile(path: Bytes): Bytes | null {
  const file = MountedFile.at(path);
  return file ? file.read(CONFIG_FILE_BYTES) : null;
}
