/**
 * A place on one of the mounts that Traefik's `settings.mounts` gives the plugin, and the calls on
 * it. Every guest has its own descriptors, from 3 upward. The host lets no path lead out of a
 * mount, but a link that is followed may (measured).
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import {
  fdClose,
  fdFilestatGet,
  fdPrestatDirName,
  fdPrestatGet,
  fdPwrite,
  fdRead,
  fdWrite,
  pathFilestatGet,
  pathOpen,
} from "./imports";

const FIRST_MOUNT = 3;
/**
 * Rights: fd_read with fd_filestat_get, fd_write, fd_write with fd_seek for fd_pwrite, fd_readdir.
 */
const READ: i64 = (1 << 1) | (1 << 21);
const WRITE: i64 = 1 << 6;
const WRITE_AT: i64 = (1 << 6) | (1 << 2);
export const READ_DIRECTORY: i64 = 1 << 14;
export const FOLLOW_LINKS = 1;
export const NO_LINKS = 0;

/** `open` of path_open. */
export const CREATE = 1;
export const DIRECTORY = 2;
export const EXCLUSIVE = 4;
export const TRUNCATE = 8;
/** `flags` of path_open. */
export const APPEND = 1;

export const NO_ENTRY = 44;

/** Attributes, a descriptor, a size: what a call tells. */
const result = memory.data(64, 8);
/** Address and length of what is read or written, and how much it was. */
const vector = memory.data(12, 4);

/** A mount's descriptor and a path below it. */
@final
export class Mount {
  private constructor(
    readonly fd: i32,
    /** The path below the mount; empty: the mount itself. */
    readonly below: Bytes,
  ) {}

  /** The mount that covers an absolute path, or null. The mount with the longest name wins. */
  static of(path: Bytes): Mount | null {
    let mount = -1;
    let below = -1;
    for (let fd = FIRST_MOUNT; fdPrestatGet(fd, result) == 0; fd++) {
      const name = Bytes.make(load<i32>(result, 4));
      if (fdPrestatDirName(fd, name.start, name.length) != 0) continue;
      const length = withoutSlashes(name);
      if (length > path.length || !path.startsWith(name.slice(0, length))) continue;
      if (length < path.length && path.at(length) != Char.Slash) continue;
      if (length <= below) continue;
      mount = fd;
      below = length;
    }
    if (mount < 0) return null;
    return new Mount(mount, path.rest(min(below + 1, path.length)));
  }

  /**
   * Looks at a file; `size`, `modified` and other functions below then return its attributes, as
   * after `read`. Returns an errno.
   */
  look(path: Bytes, lookup: i32): i32 {
    return pathFilestatGet(this.fd, lookup, path.start, path.length, result);
  }

  /** Opens a file. Returns its descriptor, or a negative errno. */
  open(path: Bytes, lookup: i32, open: i32, flags: i32, rights: i64): i32 {
    const errno = pathOpen(
      this.fd,
      lookup,
      path.start,
      path.length,
      open,
      rights,
      0,
      flags,
      result,
    );
    return errno != 0 ? -errno : load<i32>(result);
  }

  /**
   * The file's bytes; null when it cannot be read or has more than `limit`. The size is taken from
   * the opened file, because another file may replace it under its name.
   */
  read(path: Bytes, lookup: i32, limit: i32): Bytes | null {
    const fd = this.open(path, lookup, 0, 0, READ);
    if (fd < 0) return null;
    const bytes =
      fdFilestatGet(fd, result) == 0 && size() <= limit ? readAll(fd, <i32>size()) : null;
    fdClose(fd);
    return bytes;
  }

  /**
   * Opens a file and writes to it in one call, which makes an append atomic. False: not everything
   * was written.
   */
  write(path: Bytes, open: i32, flags: i32, bytes: Bytes): bool {
    const fd = this.open(path, NO_LINKS, open, flags, WRITE);
    if (fd < 0) return false;
    store<usize>(vector, bytes.start);
    store<i32>(vector, bytes.length, 4);
    const failed = fdWrite(fd, vector, 1, vector + 8) != 0;
    const isWhole = !failed && load<i32>(vector, 8) == bytes.length;
    return fdClose(fd) == 0 && isWhole;
  }

  /** Overwrites bytes of an existing file and changes nothing else of it. */
  overwrite(path: Bytes, at: i64, bytes: Bytes): bool {
    const fd = this.open(path, NO_LINKS, 0, 0, WRITE_AT);
    if (fd < 0) return false;
    store<usize>(vector, bytes.start);
    store<i32>(vector, bytes.length, 4);
    const failed = fdPwrite(fd, vector, 1, at, vector + 8) != 0;
    const isWhole = !failed && load<i32>(vector, 8) == bytes.length;
    return fdClose(fd) == 0 && isWhole;
  }
}

/** `length` bytes, or fewer at the file's end; null when it cannot be read. */
function readAll(fd: i32, length: i32): Bytes | null {
  const bytes = new Bytes(heap.alloc(length), length);
  let done = 0;
  while (done < length) {
    store<usize>(vector, bytes.start + done);
    store<i32>(vector, length - done, 4);
    if (fdRead(fd, vector, 1, vector + 8) != 0) return null;
    const count = load<i32>(vector, 8);
    if (count == 0) break;
    done += count;
  }
  return bytes.slice(0, done);
}

function withoutSlashes(name: Bytes): i32 {
  let length = name.length;
  while (length > 0 && name.at(length - 1) == Char.Slash) length--;
  return length;
}

/** Bytes of the file that was looked at last. */
export function size(): i64 {
  return load<i64>(result, 32);
}

export function inode(): u64 {
  return load<u64>(result, 8);
}

/** Time of its last write, in nanoseconds since 1970. */
export function modified(): i64 {
  return load<i64>(result, 48);
}

/** Time of the last change of its attributes, in nanoseconds since 1970. */
export function changed(): i64 {
  return load<i64>(result, 56);
}
