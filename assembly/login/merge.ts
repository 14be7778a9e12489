/**
 * Merges the revocations that other Traefiks have shared into the files of stateDir, and finds
 * those of these files that the engine lacks. Merging only adds: what an engine has lost, or shows
 * in an older form, stays revoked here.
 */
import { REVOCATION_BYTES, UNPROVEN_SHARE } from "../limits";
import { mark, release } from "../runtime/arena";
import {
  countOf,
  endOf,
  find,
  findSince,
  RECORD_BYTES,
  revocationFile,
  timeAt,
  timeBytes,
  timeOf,
  timePlace,
} from "../session/revocation";
import { ABSENT, State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Entries } from "./engine";
import { Ids } from "./ids";
import { roomOf } from "./revoke";
import { SharedRecord, SharedStore } from "./store";

/** A session lives in at most two periods. */
const PERIODS = 2;
const FILES = 2 * PERIODS;

/** A file of stateDir, with room for what is added. */
@final
class Records {
  private length: i32;
  private old: i32;
  private all: Bytes;
  /** All changes of records that were there are written. */
  isKept: bool = true;

  constructor(
    private state: State,
    private name: Bytes,
    records: Bytes,
    count: i32,
  ) {
    this.length = this.old = records.length;
    this.all = Bytes.room(records.length + count * RECORD_BYTES);
    memory.copy(this.all.start, records.start, records.length);
  }

  get view(): Bytes {
    return this.all.slice(0, this.length);
  }

  /** The time of one that says as much, or more; -1: there is none. */
  timeOf(record: Bytes): i64 {
    const view = this.view;
    const at = findSince(view, record, timeOf(record));
    return at < 0 ? -1 : timeAt(view, at);
  }

  /**
   * Moves the record of the same session or subject to this one's time. False: there is none.
   * Whoever signs in and out all the time would otherwise use up the room of others.
   */
  moveUp(record: Bytes): bool {
    const at = find(this.view, record);
    if (at < 0) return false;
    const time = timeBytes(record);
    const place = timePlace(at);
    memory.copy(this.all.start + <usize>place, time.start, time.length);
    if (at < this.old && !this.state.overwrite(this.name, place, time)) this.isKept = false;
    return true;
  }

  add(record: Bytes): void {
    memory.copy(this.all.start + this.length, record.start, RECORD_BYTES);
    this.length += RECORD_BYTES;
  }

  /** Writes what was added. False: not everything is written. */
  keep(): bool {
    const news = this.all.slice(this.old, this.length);
    return (news.length == 0 || this.state.append(this.name, news)) && this.isKept;
  }
}

/**
 * The files in use: proven ones of this period and of the one before, and unproven ones. Null: one
 * cannot be read. Taken for empty, it would get all of its records once more.
 */
function filesOf(state: State, maxAge: i64, now: i64, count: i32): Array<Records> | null {
  const files: Array<Records> = [];
  for (let i = 0; i < FILES; i++) {
    const isProven = i < PERIODS;
    const name = revocationFile(now, maxAge, i % PERIODS, isProven);
    // Guests that append at one time may exceed its room a little.
    const records = state.read(name, REVOCATION_BYTES);
    if (!records && state.size(name) != ABSENT) return null;
    files.push(new Records(state, name, records || Bytes.empty(), count));
  }
  return files;
}

/** The result of a merge. */
@final
export class Merged {
  /** Entries that are no revocations of these applications, or were changed. */
  foreign: i32 = 0;
  /** Why not all revocations hold here; empty: they do. */
  problem: string = "";
}

/** Merges entries. `now` in seconds. */
export function merge(shared: SharedStore, entries: Entries, maxAge: i64, now: i64): Merged {
  const result = new Merged();
  const files = filesOf(shared.state, maxAge, now, entries.length);
  if (!files) {
    result.problem = "stateDir cannot be read";
    return result;
  }
  const known = new Ids(shared.known(), entries.length);
  const ids: Array<Bytes> = [];
  for (let i = 0; i < entries.length; i++) {
    const name = entries.keys[i];
    const end = shared.endOf(name);
    if (end >= 0 && end <= now) continue;
    const found = end >= 0 ? shared.recordOf(name, entries.values[i]) : null;
    if (!found) {
      result.foreign++;
      continue;
    }
    const record = found.record;
    const first = found.isProven ? 0 : PERIODS;
    let latest = max(files[first].timeOf(record), files[first + 1].timeOf(record));
    if (latest < 0) {
      latest = timeOf(record);
      // In the file that ends with it, so that no one has it for longer.
      const file = files[endOf(now, maxAge, 1) < end ? first : first + 1];
      if (!file.moveUp(record)) {
        const isShare = found.isProven || countOf(file.view, record) < UNPROVEN_SHARE;
        const hasRoom = file.view.length + RECORD_BYTES <= roomOf(found.isProven);
        if (isShare && hasRoom) file.add(record);
        // All clients together can fill the room for unproven ones.
        else if (found.isProven) result.problem = "there are too many revocations";
      }
    }
    // One that was moved up is not here any more, and so is never pushed.
    const id = found.id;
    if (latest == timeOf(record) && known.add(id)) ids.push(id);
  }
  let isKept = true;
  for (let i = 0; i < FILES; i++) {
    if (!files[i].keep()) isKept = false;
  }
  if (!shared.addKnown(ids)) isKept = false;
  if (!isKept) result.problem = "stateDir cannot be written";
  return result;
}

/** Local revocations that are not known to be in the engine, by their ids: at most `most`. */
@final
export class Lacking {
  readonly entries: Entries = new Entries();
  readonly ids: Array<Bytes> = [];
}

export function lacking(shared: SharedStore, maxAge: i64, nanoseconds: i64, most: i32): Lacking {
  const result = new Lacking();
  const now = nanoseconds / 1_000_000_000;
  const known = new Ids(shared.known(), most);
  const files = filesOf(shared.state, maxAge, now, 0);
  if (!files) return result;
  for (let i = 0; i < FILES; i++) {
    const records = files[i].view;
    const end = endOf(now, maxAge, i % PERIODS);
    for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
      if (result.ids.length == most) return result;
      const before = mark();
      const it = new SharedRecord(records.slice(at, at + RECORD_BYTES), i < PERIODS);
      const id = it.id;
      if (!known.add(id)) {
        release(before);
        continue;
      }
      const name = shared.nameOf(it, end);
      result.entries.add(name, shared.seal(name, it.record, nanoseconds));
      result.ids.push(id);
    }
  }
  return result;
}
