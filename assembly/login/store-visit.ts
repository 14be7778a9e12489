/**
 * The route `store`, whose router leads to the engine: a step that another route has sent the
 * browser to. The step is sealed for the browser's own session and for a short time, so no client
 * can reach the engine by this route, or have another client's browser take a step.
 */
import { Response } from "../http/response";
import { PageKind } from "../pages/kind";
import { FieldReader, Fields } from "../session/fields";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo } from "./answers";
import { Context } from "./context";
import { Entries } from "./engine";
import { Exchange, HandlerResult, troubleOf } from "./exchange";
import { ProviderRequest, ProviderResponse } from "./provider-message";
import { sessionOf } from "./refresh-cookie";
import { SharedRecord, SharedStore } from "./store";
import { Turn, visitTurn } from "./store-turn";
import { STEP, STORE, STORED, ticket, ticketOf } from "./ticket";

/** The address at which the browser has the session's revocation written to the engine. */
export function addressToWrite(context: Context, session: Session, isForm: bool): Bytes {
  const revoked = context.revoked!;
  const text = new Fields()
    .u8(<u8>Turn.None)
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
  const turn: Turn = fields.u8();
  const locks = shared.locks;
  if (turn != Turn.None && locks) return visitTurn(context, shared, locks, turn, fields);
  if (turn != Turn.None) {
    return HandlerResult.answer(pageWith(context, PageKind.NotFound, Bytes.of("/")));
  }
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
      `${troubleOf(incoming)}: has this router the engine's service, and buffering?`,
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
