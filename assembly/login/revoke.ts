/**
 * Revokes sessions for all that share stateDir, by one append for each record. A record that exists
 * is not written again, and no party can use up the room of others; when there are too many,
 * readers refuse every session. Each function returns false when the revocation could not be
 * written.
 */
import { sha256 } from "../crypto/sha256";
import { addressOfPeer, networkOf } from "../http/address";
import { REVOCATION_BYTES, SUBJECT_SIGN_OUTS, UNPROVEN_BYTES, UNPROVEN_SHARE } from "../limits";
import {
  countOf,
  endOf,
  find,
  FOREVER,
  makeRecord,
  RECORD_BYTES,
  RevocationKind,
  revocationFile,
  revocationHash,
  timeAt,
  timeBytes,
  timePlace,
} from "../session/revocation";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { SharedRecord } from "./store";

/** Size limit of one file, in bytes. Two of each kind are live at a time. */
export function roomOf(isProven: bool): i32 {
  return isProven ? REVOCATION_BYTES / 2 - UNPROVEN_BYTES : UNPROVEN_BYTES;
}

const FULL = "there are too many: the session lives on until it is to be renewed";
const NOT_WRITABLE = "stateDir cannot be written: the session lives on elsewhere";

/**
 * Revokes one session, by its cookie or a logout token. A subject with very many sign-outs gets all
 * sessions revoked each time, which takes no more room. `subject` may be empty. `time`: now, or the
 * provider's time. `isFinal`: the provider itself has ended the session. `least`: a record of that
 * time is enough, so that a request that is repeated adds nothing to `store`.
 */
export function endSession(
  context: Context,
  issuer: Bytes,
  sid: Bytes,
  subject: Bytes,
  time: i64,
  isFinal: bool,
  least: i64 = time,
): bool {
  const isCounted = subject.length > 0;
  const owner = isCounted ? revocationHash(RevocationKind.Subject, issuer, subject) : null;
  const record = makeRecord(RevocationKind.Sid, issuer, sid, isFinal ? FOREVER : time, owner);
  const file = RevocationFile.open(context, true, time);
  if (!file) return false;
  const at = find(file.records, record);
  if (at >= 0) return file.moveUp(at, record, isFinal ? FOREVER : least);
  const isOften = isCounted && countOf(file.records, record) >= SUBJECT_SIGN_OUTS;
  return isOften ? endSubject(context, issuer, subject, time, least) : file.append(record);
}

/** The proven records of the current period, read now: what this guest knows may be older. */
export function knownRevocations(context: Context): Bytes {
  const file = RevocationFile.open(context, true, context.now);
  return file ? file.records : Bytes.empty();
}

/** Revokes all sessions of a subject that were signed in by then. */
export function endSubject(
  context: Context,
  issuer: Bytes,
  subject: Bytes,
  time: i64,
  least: i64 = time,
): bool {
  const record = makeRecord(RevocationKind.Subject, issuer, subject, time);
  const file = RevocationFile.open(context, true, time);
  if (!file) return false;
  const at = find(file.records, record);
  if (at < 0) return file.append(record);
  return file.moveUp(at, record, least);
}

/**
 * Revokes a session without proof, as everyone may ask: these records have separate room, with a
 * share for each network.
 */
export function endUnproven(context: Context, issuer: Bytes, sid: Bytes): bool {
  const file = RevocationFile.open(context, false, context.now);
  if (!file) return false;
  const address = addressOfPeer(context.request.peer || Bytes.empty());
  const owner = sha256(address ? networkOf(address) : Bytes.empty());
  const record = makeRecord(RevocationKind.Sid, issuer, sid, FOREVER, owner);
  if (find(file.records, record) >= 0) return true;
  if (countOf(file.records, record) >= UNPROVEN_SHARE) return file.fail(FULL);
  return file.append(record);
}

/** The file for records of the current period, with its contents. */
@final
class RevocationFile {
  private constructor(
    private context: Context,
    private state: State,
    private name: Bytes,
    private room: i32,
    readonly records: Bytes,
    private isProven: bool,
    private end: i64,
  ) {}

  /**
   * Null without stateDir. `time`: of the sign-out. It is ahead if the clock was set back; its file
   * is the one that is read when the clock is right again.
   */
  static open(context: Context, isProven: bool, time: i64): RevocationFile | null {
    const state: State | null = context.stateDirectory;
    if (!state) return null;
    const maxAge = context.sessionSettings.maxAge;
    // Removes a file whose records are all older than any session that can still be valid.
    const old = revocationFile(context.now, maxAge, 2, isProven);
    if (state.modified(old) >= 0) state.remove(old);
    const until = max(context.now, time);
    const name = revocationFile(until, maxAge, 0, isProven);
    const end = endOf(until, maxAge, 0);
    const room = roomOf(isProven);
    const records = state.read(name, room) || Bytes.empty();
    return new RevocationFile(context, state, name, room, records, isProven, end);
  }

  append(record: Bytes): bool {
    if (this.state.size(this.name) + record.length > this.room) return this.fail(FULL);
    const isDone = this.state.append(this.name, record);
    return isDone ? this.share(record) : this.fail(NOT_WRITABLE);
  }

  /** Moves the record at `at` to the time of `record`, unless it has that of `least`. */
  moveUp(at: i32, record: Bytes, least: i64): bool {
    if (timeAt(this.records, at) >= least) {
      return this.share(this.records.slice(at, at + RECORD_BYTES));
    }
    const isDone = this.state.overwrite(this.name, timePlace(at), timeBytes(record));
    return isDone ? this.share(record) : this.fail(NOT_WRITABLE);
  }

  /** Others get it by `store`. */
  private share(record: Bytes): bool {
    this.context.revoked = new SharedRecord(record, this.isProven);
    this.context.revokedUntil = this.end;
    return true;
  }

  fail(message: string): bool {
    this.context.log.warn("revocation_not_written", message);
    return false;
  }
}
