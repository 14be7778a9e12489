/**
 * Sealed texts that a browser carries between the route `store` and the route that has sent it
 * there. They count for the browser's own session and for a short time.
 */
import { STORE_STEP_SECONDS } from "../limits";
import { FieldReader, Fields } from "../session/fields";
import { Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { sessionOf } from "./refresh-cookie";

export const STORE = "store";
/** Parameter of the route that asked for a step: its result. */
export const STORED = "stored";
export const STEP = "step";

/** Text sealed for this session and this minute. `name`: the parameter that carries it. */
export function ticket(context: Context, name: string, session: Session, text: Bytes): Bytes {
  const all = new Fields().i64(context.now).bytes(session.id).bytes(text).all;
  return seal(context.ring, Purpose.State, Bytes.of(name), context.nanoseconds, all);
}

/** The text of a ticket of this browser's session; null: there is none that counts. */
export function ticketOf(context: Context, name: string): Bytes | null {
  const sealed = context.parameter(name);
  const all = sealed ? open(context.ring, Purpose.State, Bytes.of(name), sealed) : null;
  const session = all ? sessionOf(context) : null;
  if (!all || !session) return null;
  const fields = new FieldReader(all);
  const age = context.now - fields.i64();
  const isOwn = fields.bytes().equals(session.id);
  const text = fields.bytes();
  // The next step may come to another Traefik, whose clock may be behind.
  return fields.done && isOwn && abs(age) <= STORE_STEP_SECONDS ? text : null;
}
