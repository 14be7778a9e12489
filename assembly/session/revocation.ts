/**
 * Sessions ended before their time, by a sign-out or by the provider. A record ends the sessions
 * signed in up to its time. A provider gives the same `sid` again to a user who signed out here and
 * not there; a `sid` that the provider itself has ended stays revoked for ever.
 */
import { Identity } from "../claims/identity";
import { sha256 } from "../crypto/sha256";
import { CLOCK_SKEW } from "../limits";
import { Bytes, isSame } from "../text/bytes";
import { Fields } from "./fields";
import { identityOf, Session } from "./session";

export enum RevocationKind {
  None,
  Sid,
  Subject,
}

/**
 * A record: 1 byte for its kind, 7 that name its owner, for counting, or zeros, 16 of the hash, 8
 * of the time in seconds.
 */
export const RECORD_BYTES = 32;
const OWNER = 1;
const HASH = 8;
const TIME = 24;

/** The time of a record whose `sid` no new session can have. */
export const FOREVER: i64 = i64.MAX_VALUE;

/** The name of a session or subject in records: 16 bytes that do not reveal the id. */
export function revocationHash(kind: RevocationKind, issuer: Bytes, id: Bytes): Bytes {
  return sha256(
    new Fields()
      .u8(<u8>kind)
      .bytes(issuer)
      .bytes(id).all,
  ).slice(0, 16);
}

/** Sets the hashes by which revocations find this session. */
export function nameForRevocation(
  identity: Identity,
  issuer: Bytes,
  sid: Bytes,
  subject: Bytes,
): void {
  if (sid.length > 0) {
    const hash = revocationHash(RevocationKind.Sid, issuer, sid);
    identity.sidLow = load<u64>(hash.start);
    identity.sidHigh = load<u64>(hash.start, 8);
  }
  const hash = revocationHash(RevocationKind.Subject, issuer, subject);
  identity.subjectLow = load<u64>(hash.start);
  identity.subjectHigh = load<u64>(hash.start, 8);
}

/** `owner` is a hash of the party that the record counts for; null: it is not counted. */
export function makeRecord(
  kind: RevocationKind,
  issuer: Bytes,
  id: Bytes,
  time: i64,
  owner: Bytes | null = null,
): Bytes {
  const record = Bytes.make(RECORD_BYTES);
  record.set(0, <u8>kind);
  if (owner) memory.copy(record.start + OWNER, owner.start, HASH - OWNER);
  const hash = revocationHash(kind, issuer, id);
  memory.copy(record.start + HASH, hash.start, 16);
  store<i64>(record.start, bswap<i64>(time), TIME);
  return record;
}

/** Position of the record of the same session or subject, or -1. */
export function find(records: Bytes, record: Bytes): i32 {
  return findSince(records, record, i64.MIN_VALUE);
}

/** Position of a record of the same session or subject with that time, or a later one; or -1. */
export function findSince(records: Bytes, record: Bytes, time: i64): i32 {
  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    if (timeAt(records, at) >= time && isSameAt(records, at, record)) return at;
  }
  return -1;
}

function isSameAt(records: Bytes, at: i32, record: Bytes): bool {
  return (
    records.at(at) == record.at(0) && isSame(records.start + at + HASH, record.start + HASH, 16)
  );
}

/** True if one of the records ends a session that begins now. */
export function endsAtOnce(records: Bytes, session: Session, issuer: Bytes): bool {
  const time = session.signedIn;
  const sid = makeRecord(RevocationKind.Sid, issuer, session.sid, time);
  const subject = makeRecord(RevocationKind.Subject, issuer, session.subject, time);
  return findSince(records, sid, time) >= 0 || findSince(records, subject, time) >= 0;
}

/** Number of records with the same owner. */
export function countOf(records: Bytes, record: Bytes): i32 {
  const owner = record.start + OWNER;
  let count = 0;
  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    if (isSame(records.start + at + OWNER, owner, HASH - OWNER)) count++;
  }
  return count;
}

/** Time of the record at that position. */
export function timeAt(records: Bytes, at: i32): i64 {
  return bswap<i64>(load<i64>(records.start + at, TIME));
}

export function timeOf(record: Bytes): i64 {
  return timeAt(record, 0);
}

/** File offset of the time of the record at `at`, and the bytes to write there. */
export function timePlace(at: i32): i64 {
  return at + TIME;
}

export function timeBytes(record: Bytes): Bytes {
  return record.rest(TIME);
}

/** The revocations that this guest knows. */
@final
export class Revocations {
  /** Records of each file. */
  files: Array<Bytes> = [];
  /** The files exist but could not be read. */
  unreadable: bool = false;
  /** Revocations of other Traefiks were not read for too long. */
  stale: bool = false;
  /** There are files, one for each stretch of time. */
  kept: bool = false;

  /**
   * True if a sign-out may not be among these. A clock that was set back leads to older files, and
   * a session that is from the future by that clock may have been revoked in a newer one.
   */
  mayLack(signedIn: i64, now: i64): bool {
    return this.unreadable || this.stale || (this.kept && signedIn > now + CLOCK_SKEW);
  }

  /** True if a revocation ends this session, which was not checked by `Gate`. */
  ends(session: Session, issuer: Bytes): bool {
    const identity = identityOf(session);
    if (!identity) return true;
    nameForRevocation(identity, issuer, session.sid, session.subject);
    return this.revokes(identity);
  }

  revokes(session: Identity): bool {
    const files = this.files;
    for (let i = 0; i < files.length; i++) if (revokedBy(files[i], session)) return true;
    return false;
  }
}

function revokedBy(records: Bytes, session: Identity): bool {
  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    const record = records.start + at;
    const low = load<u64>(record, HASH);
    const high = load<u64>(record, HASH + 8);
    const kind = load<u8>(record);
    const isSid = kind == RevocationKind.Sid && low == session.sidLow && high == session.sidHigh;
    const isSubject =
      kind == RevocationKind.Subject && low == session.subjectLow && high == session.subjectHigh;
    if ((isSid || isSubject) && session.signedIn <= timeAt(records, at)) return true;
  }
  return false;
}

/**
 * Name of the file in stateDir for one period's records; `ago` counts periods back. A period is as
 * long as a session can live. Unproven revocations have their own files.
 */
export function revocationFile(now: i64, maxAge: i64, ago: i64, isProven: bool = true): Bytes {
  return Bytes.of(`${kindOfFile(isProven)}-${now / maxAge - ago}`);
}

/** Names of files begin with it, and of keys in `store`. */
export function kindOfFile(isProven: bool): string {
  return isProven ? "revoked" : "unproven";
}

/** The second at which all records of that period have ended. */
export function endOf(time: i64, maxAge: i64, ago: i64): i64 {
  return (time / maxAge - ago + 2) * maxAge;
}
