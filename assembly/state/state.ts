/**
 * State that guests share, across requests, restarts and Traefiks: small files in the directory of
 * `stateDir`. It has no host behind it, so tests can use a fake.
 *
 * Names have letters, digits, `-`, `_`, `.`, `~` and at most one `/`, for a directory; no part is
 * empty or begins with a dot. Any other name is treated as a file that cannot exist.
 */
import { isUnreserved } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** Returned by `modified` and `size` for a file that does not exist. */
export const ABSENT: i64 = -1;
/**
 * Returned for a file that cannot be looked at: the mount is gone, or its permissions refuse it.
 */
export const UNREADABLE: i64 = -2;

/**
 * The last character of a temporary file's name; a Traefik that was killed may leave such files.
 */
const TEMPORARY: u8 = 0x7e; // ~

export abstract class State {
  /**
   * The file's bytes, in the region that is active; null when it is absent, unreadable or larger
   * than `limit`.
   */
  abstract read(name: Bytes, limit: i32): Bytes | null;

  /**
   * Time of the last write, in seconds since 1970 by the file system's clock; or ABSENT or
   * UNREADABLE.
   */
  abstract modified(name: Bytes): i64;

  /** Bytes; or ABSENT or UNREADABLE. */
  abstract size(name: Bytes): i64;

  /**
   * Replaces the file of that name: readers see the old file or the new one, whole. `tag` is unique
   * to the request, such as its id, so that two writers do not share a temporary file.
   */
  abstract write(name: Bytes, bytes: Bytes, tag: Bytes): bool;

  /**
   * Creates a file that does not exist. Of several callers at the same time only one gets true.
   * False also when it cannot be created; `modified` tells the two cases apart. For a moment a
   * reader may see it empty.
   */
  abstract create(name: Bytes, bytes: Bytes): bool;

  /**
   * Renames a file and replaces the target. Of several callers at the same time only one gets true.
   */
  abstract rename(from: Bytes, to: Bytes): bool;

  abstract remove(name: Bytes): bool;

  /** Appends to a file, and creates it when absent. Concurrent appends do not mix. */
  abstract append(name: Bytes, bytes: Bytes): bool;

  /** Overwrites bytes of an existing file; a reader may see old and new bytes mixed. */
  abstract overwrite(name: Bytes, at: i64, bytes: Bytes): bool;

  /**
   * Time of the last write, as exactly as the file system has it, to detect changes; or ABSENT or
   * UNREADABLE.
   */
  abstract stamp(name: Bytes): i64;

  /** True also when the directory exists already. */
  abstract makeDirectory(name: Bytes): bool;

  /**
   * Names of the files in a directory (empty: the state's own), relative to it, unordered, at most
   * `limit`. Null when it is absent or cannot be read.
   */
  abstract list(directory: Bytes, limit: i32): Array<Bytes> | null;
}

/**
 * The name under which a file is written before it is renamed. Characters of `tag` that names
 * cannot have become `-`.
 */
export function temporaryName(name: Bytes, tag: Bytes): Bytes {
  const result = Bytes.make(name.length + tag.length + 2);
  memory.copy(result.start, name.start, name.length);
  result.set(name.length, Char.Dot);
  for (let i = 0; i < tag.length; i++) {
    const c = tag.at(i);
    result.set(name.length + 1 + i, isUnreserved(c) ? c : Char.Hyphen);
  }
  result.set(result.length - 1, TEMPORARY);
  return result;
}

/** True if `name` may name a file of the state; such a name never leads out of its directory. */
export function isStateName(name: Bytes): bool {
  let slashes = 0;
  let begins = true;
  for (let i = 0; i < name.length; i++) {
    const c = name.at(i);
    if (begins && (c == Char.Dot || c == Char.Slash)) return false;
    begins = c == Char.Slash;
    if (begins) slashes++;
    else if (!isUnreserved(c)) return false;
  }
  return !begins && slashes <= 1;
}
