/**
 * Merges the revocations that other Traefiks have shared into the files of stateDir, and finds
 * those of these files that the engine lacks. Merging only adds: what an engine has lost, or shows
 * in an older form, stays revoked here.
 */
import { UNPROVEN_SHARE } from "../limits";
import { mark, release } from "../runtime/arena";
import {
  countOf,
  endOf,
  findSince,
  RECORD_BYTES,
  revocationFile,
  timeOf,
} from "../session/revocation";
import { State } from "../state/state";
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

  constructor(
    readonly name: Bytes,
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

  get news(): Bytes {
    return this.all.slice(this.old, this.length);
  }

  /** It, or one that says more, is there. */
  holds(record: Bytes): bool {
    return findSince(this.view, record, timeOf(record)) >= 0;
  }

  add(record: Bytes): void {
    memory.copy(this.all.start + this.length, record.start, RECORD_BYTES);
    this.length += RECORD_BYTES;
  }
}

/** The files in use: proven ones of this period and of the one before, and unproven ones. */
function filesOf(state: State, maxAge: i64, now: i64, count: i32): Array<Records> {
  const files: Array<Records> = [];
  for (let i = 0; i < FILES; i++) {
    const isProven = i < PERIODS;
    const name = revocationFile(now, maxAge, i % PERIODS, isProven);
    const records = state.read(name, roomOf(isProven)) || Bytes.empty();
    files.push(new Records(name, records, count));
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
    if (!files[first].holds(record) && !files[first + 1].holds(record)) {
      // In the file that ends with it, so that no one has it for longer.
      const file = files[endOf(now, maxAge, 1) < end ? first : first + 1];
      const isShare = found.isProven || countOf(file.view, record) < UNPROVEN_SHARE;
      const hasRoom = file.view.length + RECORD_BYTES <= roomOf(found.isProven);
      if (isShare && hasRoom) file.add(record);
      // All clients together can fill the room for unproven ones.
      else if (found.isProven) result.problem = "there are too many revocations";
    }
    const id = found.id;
    if (known.add(id)) ids.push(id);
  }
  let isKept = true;
  for (let i = 0; i < FILES; i++) {
    const news = files[i].news;
    if (news.length > 0 && !shared.state.append(files[i].name, news)) isKept = false;
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
