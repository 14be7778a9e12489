/**
 * Ends sessions before their time, for all who share stateDir: one append a record, never read, changed and written. What
 * is there already is not written again, and nobody fills the room: readers refuse every session when there is too much.
 */
import { REVOCATION_BYTES } from "../limits";
import { isKnown, makeRecord, RevocationKind, revocationFile } from "../session/revocation";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** Of one of two files that count at a time; a part of it for what anybody may ask for. */
const ROOM = REVOCATION_BYTES / 2;
const OPEN_ROOM = ROOM / 4;

/**
 * `time`: seconds since 1970 up to which a subject's sign-ins end. `isProven`: by a session's cookie or a logout token.
 * False: it could not be written down.
 */
export function revoke(
  context: Context,
  kind: RevocationKind,
  id: Bytes,
  time: i64,
  isProven: bool = true,
): bool {
  const state: State | null = context.state;
  if (!state) return false;
  const maxAge = context.session.maxAge;
  // What is older than any session that can still live goes as a whole.
  const old = revocationFile(context.now, maxAge, 2);
  if (state.modified(old) >= 0) state.remove(old);
  const name = revocationFile(context.now, maxAge, 0);
  const record = makeRecord(kind, context.issuer.name, id, time);
  const known = state.read(name, ROOM);
  if (known && isKnown(known, record)) return true;
  const room = isProven ? ROOM : OPEN_ROOM;
  if (state.size(name) + record.length > room) {
    return fail(context, "there are too many: the session lives on until it is to be renewed");
  }
  if (state.append(name, record)) return true;
  return fail(context, "stateDir cannot be written: the session lives on elsewhere");
}

function fail(context: Context, message: string): bool {
  context.diary.warn("revocation_not_written", message);
  return false;
}
