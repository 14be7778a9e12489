/** A file on a mount that another program writes: a key set, a secret. */
import { SECRET_FILE_BYTES } from "../limits";
import { Bytes } from "../text/bytes";
import { MIX } from "../text/names";
import { changed, FOLLOW_LINKS, inode, modified, Mount, size } from "./mount";

@final
export class MountedFile {
  private constructor(
    private mount: Mount,
    private path: Bytes,
  ) {}

  /** The file, which need not exist; null when no mount covers the path. */
  static at(path: Bytes): MountedFile | null {
    const mount = Mount.of(path);
    return mount && mount.below.length > 0 ? new MountedFile(mount, mount.below) : null;
  }

  /** True if it can be looked at; `stampOfLast` and `writtenLast` then tell of it. */
  look(): bool {
    return this.mount.look(this.path, FOLLOW_LINKS) == 0;
  }

  /**
   * The file's bytes; null when it cannot be read or is larger than `limit`. The functions below
   * then tell of the file that was read.
   */
  read(limit: i32): Bytes | null {
    return this.mount.read(this.path, FOLLOW_LINKS, limit);
  }
}

/**
 * A value that changes with the file: a digest of its inode, size and times, never 0. A file
 * replaced by rename has another inode, even within one tick of the clock. Multiples of MIX by
 * small numbers are large, so a near inode cannot make up for another size: with 31 in its place, 8
 * inodes did for 248 bytes.
 */
export function stampOfLast(): u64 {
  return (((inode() * MIX + size()) * MIX + modified()) * MIX + changed()) | 1;
}

/** Time of its last write, in seconds since 1970. */
export function writtenLast(): i64 {
  return modified() / 1_000_000_000;
}

/** The bytes of a small file on a mount, or null. */
export function readMountedFile(path: Bytes): Bytes | null {
  const file = MountedFile.at(path);
  return file ? file.read(SECRET_FILE_BYTES) : null;
}
