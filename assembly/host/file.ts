/**
 * Files on the mounts that Traefik's `settings.mounts` gives the plugin. Every guest has descriptors of its own,
 * from 3 upward.
 */
import { SECRET_FILE_BYTES } from "../limits";
import { trim } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import {
  fdClose,
  fdPrestatDirName,
  fdPrestatGet,
  fdRead,
  pathFilestatGet,
  pathOpen,
} from "./imports";

const FIRST_MOUNT = 3;
const RIGHT_READ: i64 = 2;
const FOLLOW_LINKS = 1;

const result = memory.data(64, 8);

/** A file under a mount: the mount's descriptor and the path below it. */
@final
export class MountedFile {
  private constructor(
    private mount: i32,
    private path: Bytes,
  ) {}

  /** The file, which need not exist; null when no mount covers the path. The longest mount's name wins. */
  static at(path: Bytes): MountedFile | null {
    let mount = -1;
    let below = 0;
    for (let fd = FIRST_MOUNT; fdPrestatGet(fd, result) == 0; fd++) {
      const name = Bytes.make(load<i32>(result, 4));
      if (fdPrestatDirName(fd, name.start, name.length) != 0) continue;
      let length = name.length;
      while (length > 0 && name.at(length - 1) == 0x2f) length--;
      if (length + 1 >= path.length || path.at(length) != 0x2f) continue;
      if (!path.startsWith(name.slice(0, length)) || length + 1 <= below) continue;
      mount = fd;
      below = length + 1;
    }
    return mount < 0 ? null : new MountedFile(mount, path.slice(below));
  }

  private look(): bool {
    const path = this.path;
    return pathFilestatGet(this.mount, FOLLOW_LINKS, path.start, path.length, result) == 0;
  }

  /**
   * What changes when the file does: a digest of its inode, size and times. 0 when it cannot be seen.
   * A file replaced by rename has another inode, even within one tick of the clock.
   */
  stamp(): u64 {
    if (!this.look()) return 0;
    const inode = load<u64>(result, 8);
    const size = load<u64>(result, 32);
    const modified = load<u64>(result, 48);
    const changed = load<u64>(result, 56);
    const mixed = ((inode * 31 + size) * 31 + modified) * 31 + changed;
    return mixed | 1;
  }

  /** The file's bytes; null when it cannot be read or is larger than `limit`. */
  read(limit: i32): Bytes | null {
    const mount = this.mount;
    const path = this.path;
    if (!this.look() || load<i64>(result, 32) > limit) return null;
    const size = load<i32>(result, 32);
    if (pathOpen(mount, FOLLOW_LINKS, path.start, path.length, 0, RIGHT_READ, 0, 0, result) != 0) {
      return null;
    }
    const fd = load<i32>(result);
    // One more than allowed: a file that fills it is too large.
    const start = heap.alloc(size + 1);
    let length = 0;
    let count = 0;
    do {
      store<usize>(result, start + length);
      store<i32>(result, size + 1 - length, 4);
      count = fdRead(fd, result, 1, result + 8) == 0 ? load<i32>(result, 8) : -1;
      length += max(count, 0);
    } while (count > 0 && length <= size);
    fdClose(fd);
    trim(start + length);
    return count == 0 && length <= size ? new Bytes(start, length) : null;
  }
}

/** The bytes of a small file on a mount, or null. */
export function readMountedFile(path: Bytes): Bytes | null {
  const file = MountedFile.at(path);
  return file ? file.read(SECRET_FILE_BYTES) : null;
}
