/** Ends sessions before their time, for all who share stateDir: one append a record, never read, changed and written. */
import { State } from "../state/state";
import { makeRecord, RevocationKind, revocationFile } from "../session/revocation";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** `time`: seconds since 1970 up to which a subject's sign-ins end. False: it could not be written down. */
export function revoke(context: Context, kind: RevocationKind, id: Bytes, time: i64): bool {
  const state: State | null = context.state;
  if (!state) return false;
  const maxAge = context.session.maxAge;
  // What is older than any session that can still live goes as a whole.
  const old = revocationFile(context.now, maxAge, 2);
  if (state.modified(old) >= 0) state.remove(old);
  const record = makeRecord(kind, context.issuer.name, id, time);
  if (state.append(revocationFile(context.now, maxAge, 0), record)) return true;
  context.diary.warn(
    "revocation_not_written",
    "stateDir cannot be written: the session lives on elsewhere",
  );
  return false;
}
