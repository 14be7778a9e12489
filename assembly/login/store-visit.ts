/**
 * The route `store`, whose router leads to the engine: a step that another route has sent the
 * browser to. The step is sealed for the browser's own session and for a short time, so no client
 * can reach the engine by this route, or have another client's browser take a step.
 */
import { Response } from "../http/response";
import { STORE_STEP_SECONDS } from "../limits";
import { PageKind } from "../pages/kind";
import { FieldReader, Fields } from "../session/fields";
import { Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo } from "./answers";
import { Context } from "./context";
import { Entries } from "./engine";
import { Exchange, HandlerResult, troubleOf } from "./exchange";
import { ProviderRequest, ProviderResponse } from "./provider-message";
import { sessionOf } from "./refresh-cookie";
import { SharedRecord, SharedStore } from "./store";

export const STORE = "store";
/** Parameter of the route that asked for a step: its result. */
export const STORED = "stored";
const STEP = "step";

/** Text sealed for this session and this minute. `name`: the parameter that carries it. */
function ticket(context: Context, name: string, session: Session, text: Bytes): Bytes {
  const all = new Fields().i64(context.now).bytes(session.id).bytes(text).all;
  return seal(context.ring, Purpose.State, Bytes.of(name), context.nanoseconds, all);
}

/** The text of a ticket of this browser's session; null: there is none that counts. */
function ticketOf(context: Context, name: string): Bytes | null {
  const sealed = context.parameter(name);
  const all = sealed ? open(context.ring, Purpose.State, Bytes.of(name), sealed) : null;
  const session = all ? sessionOf(context) : null;
  if (!all || !session) return null;
  const fields = new FieldReader(all);
  const age = context.now - fields.i64();
  const isOwn = fields.bytes().equals(session.id);
  const text = fields.bytes();
  return fields.done && isOwn && age >= 0 && age <= STORE_STEP_SECONDS ? text : null;
}

/** The address at which the browser has the session's revocation written to the engine. */
export function addressToWrite(context: Context, session: Session, isForm: bool): Bytes {
  const revoked = context.revoked!;
  const text = new Fields()
    .bytes(revoked.record)
    .u8(revoked.isProven ? 1 : 0)
    .i64(context.revokedUntil)
    .u8(isForm ? 1 : 0).all;
  return context.pathOf(`${STORE}?${STEP}=`).concat(ticket(context, STEP, session, text));
}

/** The result of writing. */
@final
export class Stored {
  constructor(
    readonly isWritten: bool,
    /** The person has pressed a button. */
    readonly isForm: bool,
  ) {}
}

/** Null: nothing was asked for yet. */
export function storedOf(context: Context): Stored | null {
  const text = context.shared ? ticketOf(context, STORED) : null;
  if (!text || text.length != 2) return null;
  return new Stored(text.at(0) != 0, text.at(1) != 0);
}

export function visitStore(context: Context): HandlerResult {
  const shared = context.shared;
  const text = shared ? ticketOf(context, STEP) : null;
  if (!shared || !text) {
    return HandlerResult.answer(pageWith(context, PageKind.NotFound, Bytes.of("/")));
  }
  const fields = new FieldReader(text);
  const record = new SharedRecord(fields.bytes(), fields.u8() != 0);
  const until = fields.i64();
  const isForm = fields.u8() != 0;
  const outgoing = requestToWrite(context, shared, record, until);
  return HandlerResult.exchange(outgoing, new SignOutExchange(context, shared, isForm));
}

/** Writes a revocation, which others may have written already. */
export function requestToWrite(
  context: Context,
  shared: SharedStore,
  record: SharedRecord,
  until: i64,
): ProviderRequest {
  shared.recall();
  const entries = new Entries();
  const name = shared.nameOf(record, until);
  entries.add(name, shared.seal(name, record.record, context.nanoseconds));
  return shared.engine.write(entries, true, 0);
}

/** True if the engine has it; else the log says why not, and mode store writes it later. */
export function isWritten(context: Context, shared: SharedStore, incoming: ProviderResponse): bool {
  const isDone = shared.engine.isWritten(incoming);
  if (!isDone) {
    context.log.warn(
      "store_not_written",
      `${troubleOf(incoming)}; the router of ${context.login.path.toString()}/${STORE} has to lead to the engine`,
    );
  }
  return isDone;
}

@final
class SignOutExchange extends Exchange {
  constructor(
    private context: Context,
    private shared: SharedStore,
    private isForm: bool,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const context = this.context;
    const result = Bytes.make(2);
    result.set(0, isWritten(context, this.shared, incoming) ? 1 : 0);
    result.set(1, this.isForm ? 1 : 0);
    const session = sessionOf(context)!;
    const sealed = ticket(context, STORED, session, result);
    return redirectTo(context.pathOf(`logout?${STORED}=`).concat(sealed));
  }
}
