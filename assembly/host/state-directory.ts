/**
 * State in a directory on a mount. Links are not followed, because only Traefik has business in it.
 * It was measured on a local file system that CREAT with EXCL, rename and append keep State's
 * promises with several guests and Traefiks at once. A network file system must follow POSIX in
 * these (NFS 3 does not append atomically).
 */
import { ABSENT, isStateName, State, temporaryName, UNREADABLE } from "../state/state";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { fdClose, fdReaddir, pathCreateDirectory, pathRename, pathUnlinkFile } from "./imports";
import * as mounted from "./mount";
import {
  APPEND,
  CREATE,
  DIRECTORY,
  EXCLUSIVE,
  Mount,
  NO_LINKS,
  READ_DIRECTORY,
  TRUNCATE,
} from "./mount";

const SECOND: i64 = 1_000_000_000;
const EXISTS = 20;
/**
 * Bytes of a directory entry before its name: cookie of the next entry, inode, length of the name,
 * type.
 */
const ENTRY = 24;
const ENTRIES = 4096;
const used = memory.data(4, 4);

@final
export class StateDirectory extends State {
  private constructor(
    private mount: Mount,
    /** The directory below the mount, with a slash at its end; empty: the mount itself. */
    private prefix: Bytes,
  ) {
    super();
  }

  /**
   * The state in that directory, which must exist when it is used; null when no mount covers it.
   */
  static at(path: Bytes): StateDirectory | null {
    let length = path.length;
    while (length > 0 && path.at(length - 1) == Char.Slash) length--;
    const mount = Mount.of(path.slice(0, length));
    if (!mount) return null;
    const below = mount.below;
    return new StateDirectory(
      mount,
      concatenation(below, below.length > 0 ? Bytes.of("/") : below),
    );
  }

  read(name: Bytes, limit: i32): Bytes | null {
    const path = this.path(name);
    return path ? this.mount.read(path, NO_LINKS, limit) : null;
  }

  modified(name: Bytes): i64 {
    const errno = this.look(name);
    return errno == 0 ? mounted.modified() / SECOND : missing(errno);
  }

  size(name: Bytes): i64 {
    const errno = this.look(name);
    return errno == 0 ? mounted.size() : missing(errno);
  }

  write(name: Bytes, bytes: Bytes, tag: Bytes): bool {
    const path = this.path(name);
    const temporary = this.path(temporaryName(name, tag));
    if (!path || !temporary) return false;
    const isWritten = this.mount.write(temporary, CREATE | TRUNCATE, 0, bytes);
    if (isWritten && this.renamePath(temporary, path)) return true;
    this.removePath(temporary);
    return false;
  }

  create(name: Bytes, bytes: Bytes): bool {
    const path = this.path(name);
    return path !== null && this.mount.write(path, CREATE | EXCLUSIVE, 0, bytes);
  }

  rename(from: Bytes, to: Bytes): bool {
    const before = this.path(from);
    const after = this.path(to);
    return before !== null && after !== null && this.renamePath(before, after);
  }

  remove(name: Bytes): bool {
    const path = this.path(name);
    return path !== null && this.removePath(path);
  }

  append(name: Bytes, bytes: Bytes): bool {
    const path = this.path(name);
    return path !== null && this.mount.write(path, CREATE, APPEND, bytes);
  }

  overwrite(name: Bytes, at: i64, bytes: Bytes): bool {
    const path = this.path(name);
    return path !== null && this.mount.overwrite(path, at, bytes);
  }

  stamp(name: Bytes): i64 {
    const errno = this.look(name);
    return errno == 0 ? mounted.modified() : missing(errno);
  }

  makeDirectory(name: Bytes): bool {
    const path = this.path(name);
    if (!path) return false;
    const errno = pathCreateDirectory(this.mount.fd, path.start, path.length);
    return errno == 0 || errno == EXISTS;
  }

  list(directory: Bytes, limit: i32): Array<Bytes> | null {
    const path = directory.length > 0 ? this.path(directory) : this.own();
    if (!path) return null;
    const fd = this.mount.open(path, NO_LINKS, DIRECTORY, 0, READ_DIRECTORY);
    if (fd < 0) return null;
    const names: Array<Bytes> = [];
    const isWhole = readNames(fd, names, limit);
    fdClose(fd);
    return isWhole ? names : null;
  }

  private look(name: Bytes): i32 {
    const path = this.path(name);
    return path ? this.mount.look(path, NO_LINKS) : mounted.NO_ENTRY;
  }

  private path(name: Bytes): Bytes | null {
    if (!isStateName(name)) return null;
    return concatenation(this.prefix, name);
  }

  private own(): Bytes {
    const prefix = this.prefix;
    return prefix.length > 0 ? prefix.slice(0, prefix.length - 1) : Bytes.of(".");
  }

  private renamePath(from: Bytes, to: Bytes): bool {
    const fd = this.mount.fd;
    return pathRename(fd, from.start, from.length, fd, to.start, to.length) == 0;
  }

  private removePath(path: Bytes): bool {
    return pathUnlinkFile(this.mount.fd, path.start, path.length) == 0;
  }
}

function missing(errno: i32): i64 {
  return errno == mounted.NO_ENTRY ? ABSENT : UNREADABLE;
}

function concatenation(a: Bytes, b: Bytes): Bytes {
  const result = Bytes.make(a.length + b.length);
  memory.copy(result.start, a.start, a.length);
  memory.copy(result.start + a.length, b.start, b.length);
  return result;
}

/** Adds names to `names` up to `limit`; false when the directory cannot be read. */
function readNames(fd: i32, names: Array<Bytes>, limit: i32): bool {
  const buffer = Bytes.make(ENTRIES);
  let cookie: i64 = 0;
  while (fdReaddir(fd, buffer.start, ENTRIES, cookie, used) == 0) {
    const length = load<i32>(used);
    let at = 0;
    // An entry that does not fit is cut off, and comes first in the next call.
    while (at + ENTRY <= length) {
      const end = at + ENTRY + load<i32>(buffer.start + at, 16);
      if (end > length) break;
      cookie = load<i64>(buffer.start + at);
      const name = buffer.slice(at + ENTRY, end);
      at = end;
      if (name.is(".") || name.is("..")) continue;
      if (names.length == limit) return true;
      names.push(name.copy());
    }
    // A buffer that is not full is the end. A call that returns no entry would repeat for ever.
    if (length < ENTRIES || at == 0) return true;
  }
  return false;
}
