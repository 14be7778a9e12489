/**
 * Sessions that have ended before their time: a sign-out, or the provider's word for it. One record for each event,
 * which ends the sessions that were signed in by then. The provider gives the same `sid` again to somebody who signed out
 * here and not there; what the provider itself has ended is dead for ever.
 */
import { Identity } from "../claims/identity";
import { sha256 } from "../crypto/sha256";
import { Bytes } from "../text/bytes";
import { Fields } from "./fields";
import { identityOf, Session } from "./session";

export enum RevocationKind {
  None,
  Sid,
  Subject,
}

/**
 * Bytes of a record: kind; 7 that say whose it is, so that what one asks for can be counted, or zeros; 16 of the hash; 8 of
 * the time in seconds.
 */
export const RECORD_BYTES = 32;
const OWNER = 1;
const HASH = 8;
const TIME = 24;

/** The time of a record for a `sid` that no new session can have. */
export const FOREVER: i64 = i64.MAX_VALUE;

/** What names a session or a subject in records: 16 bytes that tell nobody who it is without knowing the id. */
export function revocationHash(kind: RevocationKind, issuer: Bytes, id: Bytes): Bytes {
  return sha256(
    new Fields()
      .u8(<u8>kind)
      .bytes(issuer)
      .bytes(id).all,
  ).slice(0, 16);
}

/** Lets revocations find a session. */
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

/** `owner`: a hash of whoever it is counted for; null: it is not. */
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

/** Where the record of the same session or subject stands, or -1. */
export function find(records: Bytes, record: Bytes): i32 {
  const hash = record.slice(HASH, TIME);
  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    if (records.at(at) != record.at(0)) continue;
    if (records.slice(at + HASH, at + TIME).equals(hash)) return at;
  }
  return -1;
}

/** How many are counted for the owner of that record. */
export function countOf(records: Bytes, record: Bytes): i32 {
  const owner = record.slice(OWNER, HASH);
  let count = 0;
  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    if (records.slice(at + OWNER, at + HASH).equals(owner)) count++;
  }
  return count;
}

/** Of a record in a list of them. */
export function timeAt(records: Bytes, at: i32): i64 {
  return bswap<i64>(load<i64>(records.start + at, TIME));
}

/** Where in a file the time of the record at `at` stands, and what is written there. */
export function timePlace(at: i32): i64 {
  return at + TIME;
}

export function timeBytes(record: Bytes): Bytes {
  return record.slice(TIME);
}

/** What is known of them. */
@final
export class Revocations {
  /** The records of each file. */
  files: Array<Bytes> = [];
  /** They are to be had, but cannot be read. */
  unreadable: bool = false;

  /** The same of a session that rules do not decide on. */
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
 * Name of the file in stateDir for the records of a period as long as a session can live; `ago` periods before now. What
 * nothing vouches for has files of its own.
 */
export function revocationFile(now: i64, maxAge: i64, ago: i64, isProven: bool = true): Bytes {
  return Bytes.of(`${isProven ? "revoked" : "unproven"}-${now / maxAge - ago}`);
}
