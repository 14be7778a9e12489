/**
 * Keeps a guest's revocations current with the files in stateDir. They are looked at once in
 * `session.revocationTtl` and read when they have grown. Unreadable files are an error, not an
 * empty list.
 */
import { Settings } from "../config/settings";
import { REVOCATION_BYTES } from "../limits";
import { trim } from "../runtime/arena";
import { Pair } from "../runtime/pair";
import { RECORD_BYTES, Revocations, revocationFile } from "../session/revocation";
import { ABSENT, State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Level, line } from "./log";

/**
 * A session lives in at most two periods, and each has two files: proven and unproven revocations.
 */
const FILES = 4;
const SECOND: i64 = 1_000_000_000;
/** Seconds in which a file system may give two changes one time, and by which clocks may differ. */
const UNSURE = 2;
/** Bytes of a region for paths and alignment, besides the records. */
const BESIDE = 1024;
/**
 * Room of a region for records: each size is STEP times the one before, and the third is the limit.
 */
const FIRST_ROOM = 4096;
const STEP = 9;

/**
 * Makes the active region keep spare room. The files grow by one record at a time: without it each
 * growth would allocate a new chunk for all records.
 */
function reserve(bytes: i32): void {
  let room = FIRST_ROOM;
  while (room < bytes) room *= STEP;
  const kept = Bytes.room(min(room, REVOCATION_BYTES) + BESIDE);
  trim(kept.start);
}

function nameOf(now: i64, maxAge: i64, file: i32): Bytes {
  return revocationFile(now, maxAge, file >> 1, (file & 1) == 0);
}

@final
export class RevocationFiles {
  private regions: Pair = new Pair();
  private looked: i64 = 0;
  /** The files that were read, and how much of each. */
  private period: i64 = -1;
  private sizes: StaticArray<i64> = new StaticArray<i64>(FILES);
  /** Their write times, because a record may be overwritten. */
  private stamps: StaticArray<i64> = new StaticArray<i64>(FILES);
  /** A file was written just before it was read, so it may change and keep its time. */
  private mayHaveChanged: bool = false;

  constructor(
    private settings: Settings,
    private state: State,
    private revocations: Revocations,
  ) {
    revocations.kept = true;
  }

  /** The next call of `refresh` looks, whatever the interval. */
  lookAgain(): void {
    this.looked = 0;
  }

  /** Reads the files again if they have changed. `now` in seconds. */
  refresh(now: i64): void {
    const session = this.settings.session;
    if (!session) return;
    // A clock that was set back must not stop this.
    if (now >= this.looked && now - this.looked < session.revocationTtl) return;
    this.looked = now;
    this.lookAtStore(now, session.revocationMaxStale);
    const period = now / session.maxAge;
    let changed = this.mayHaveChanged || period != this.period;
    // Until they are read: a trap may cut this off.
    this.period = -1;
    let total: i64 = 0;
    this.mayHaveChanged = false;
    for (let i = 0; i < FILES; i++) {
      const name = nameOf(now, session.maxAge, i);
      const size = this.state.size(name);
      if (size < 0 && size != ABSENT) return this.fail("they cannot be read");
      const stamp = size < 0 ? size : this.state.stamp(name);
      if (size != this.sizes[i] || stamp != this.stamps[i]) changed = true;
      if (stamp >= 0 && abs(now - stamp / SECOND) <= UNSURE) this.mayHaveChanged = true;
      this.sizes[i] = size;
      this.stamps[i] = stamp;
      total += max(size, 0);
    }
    // Either nothing was ever revoked, or the mount is gone and all revocations with it.
    if (total == 0 && !this.state.list(Bytes.empty(), 1)) return this.fail("stateDir is not there");
    if (total > REVOCATION_BYTES) return this.fail(`they have more than ${REVOCATION_BYTES} bytes`);
    if (changed || this.revocations.unreadable) this.read(now, session.maxAge, <i32>total);
    if (!this.revocations.unreadable) this.period = period;
  }

  /** `total`: bytes of all files. */
  private read(now: i64, maxAge: i64, total: i32): void {
    const active = this.regions.enter();
    reserve(total);
    const files: Array<Bytes> = [];
    let isWhole = true;
    for (let i = 0; i < FILES; i++) {
      if (this.sizes[i] <= 0) continue;
      const records = this.state.read(nameOf(now, maxAge, i), REVOCATION_BYTES);
      // The part of a record that was cut off may be a sign-out.
      if (records && records.length % RECORD_BYTES == 0) files.push(records);
      else isWhole = false;
    }
    active.enter();
    if (!isWhole) return this.fail("they cannot be read");
    this.regions.swap();
    this.revocations.files = files;
    this.revocations.unreadable = false;
  }

  /** Revocations of other Traefiks are as old as the last reading of the engine. */
  private lookAtStore(now: i64, maxStale: i64): void {
    const store = this.settings.store;
    if (!store) return;
    const read = this.state.modified(store.readFile);
    // A clock that was set back would make it count for as long as it was ahead.
    const isStale = read < 0 || abs(now - read) > maxStale;
    if (isStale && !this.revocations.stale)
      say("those of other Traefiks were not read by mode store");
    this.revocations.stale = isStale;
  }

  private fail(message: string): void {
    if (this.revocations.unreadable) return;
    this.revocations.unreadable = true;
    say(message);
  }
}

function say(message: string): void {
  line(
    Level.Error,
    Bytes.of(
      `{"rolegate":"revocations","event":"unreadable","message":"${message}; see session.revocationUnreadable"}`,
    ),
  );
}
