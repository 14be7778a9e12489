/**
 * What guests tell each other, over requests, restarts and Traefiks: small files in the directory that `stateDir`
 * names. Without a host behind it, so that what uses it can be tried with a fake.
 *
 * Names have letters, digits, `-`, `_`, `.`, `~` and at most one `/`, for a directory; no part is empty or begins with a
 * dot. Anything else is as a file that cannot be there.
 */
import { isUnreserved } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** What `modified` and `size` give for a file that is not there. */
export const ABSENT: i64 = -1;
/** And for one that cannot be looked at: the mount is gone, or not ours to read. */
export const UNREADABLE: i64 = -2;

/** Ends the name of a file that is being written, or that a Traefik which was killed has left. */
const TEMPORARY: u8 = 0x7e; // ~

export abstract class State {
  /** The file's bytes, in the region that is active; null when it is absent, unreadable or larger than `limit`. */
  abstract read(name: Bytes, limit: i32): Bytes | null;

  /** When it was last written, in seconds since 1970 by the clock of the file system; or ABSENT or UNREADABLE. */
  abstract modified(name: Bytes): i64;

  /** In bytes; or ABSENT or UNREADABLE. */
  abstract size(name: Bytes): i64;

  /**
   * Puts a file in the place of whatever has the name: readers see the old one or the new one, whole. `tag` is of the
   * request's own, such as its id, so that two writers do not share a temporary file.
   */
  abstract write(name: Bytes, bytes: Bytes, tag: Bytes): bool;

  /**
   * Makes a file that nobody has made before: of all who try at once one is told true. False also when it cannot be
   * made; `modified` tells the two apart. For a moment a reader may see it empty.
   */
  abstract create(name: Bytes, bytes: Bytes): bool;

  /** Of all who rename one file at once one is told true. What has the new name is replaced. */
  abstract rename(from: Bytes, to: Bytes): bool;

  abstract remove(name: Bytes): bool;

  /** Adds to the end of a file, made when it is absent, so that what others add at the same time stays whole. */
  abstract append(name: Bytes, bytes: Bytes): bool;

  /** Puts bytes in the place of as many others in a file that is there; a reader may see old and new ones. */
  abstract overwrite(name: Bytes, at: i64, bytes: Bytes): bool;

  /** When it was last written, as exactly as the file system has it, to tell whether it was; or ABSENT or UNREADABLE. */
  abstract stamp(name: Bytes): i64;

  /** True also when it is there already. */
  abstract makeDirectory(name: Bytes): bool;

  /**
   * Names of what is in a directory (empty: in the state's own), without it before them, in no order; of more than
   * `limit` so many. Null when it is absent or cannot be read.
   */
  abstract list(directory: Bytes, limit: i32): Array<Bytes> | null;
}

/** The name under which a file is written before it takes its place; of a tag, what no name can have becomes `-`. */
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

/** Whether it may name a file of the state; nothing that does leads out of its directory. */
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
