/**
 * One refresh for all Traefiks, by the engine: a lock below a lease of each Traefik, and the result
 * of the refresh for the others. A request that has the lock of its own Traefik claims the
 * engine's; one that comes too late waits there until it is released, and takes the result.
 */
import { STORE_LEASE_SECONDS, STORE_VALUE_BYTES } from "../limits";
import { escaped } from "../http/escape";
import { Response } from "../http/response";
import { FieldReader, Fields } from "../session/fields";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { redirectTo } from "./answers";
import { Context } from "./context";
import { answerOf } from "./engine";
import { Exchange, HandlerResult, troubleOf } from "./exchange";
import { ProviderRequest, ProviderResponse } from "./provider-message";
import { refreshCookieOf } from "./refresh-cookie";
import { returnAddress } from "./return-address";
import { SingleFlight } from "./single-flight";
import { sessionOf } from "./refresh-cookie";
import { SharedStore } from "./store";
import { STEP, STORE, STORED, ticket, ticketOf } from "./ticket";

/** What a step asks for, and what came of it. */
export enum Turn {
  None,
  Claim,
  Wait,
  /** The one that has waited claims it. */
  Collect,
  Release,
  /** Released with a result. */
  Share,
  Won,
  Lost,
  /** It has waited in vain. */
  GaveUp,
  /** The engine is away: each Traefik refreshes by itself. */
  Alone,
}

/** True if this Traefik has a lease that lasts as long as a refresh. */
export function hasTurns(context: Context): bool {
  const shared = context.shared;
  if (!shared) return false;
  const memory = shared.recall();
  const age = context.now - memory.leased;
  return memory.lease.length > 0 && age >= 0 && age < (STORE_LEASE_SECONDS * 2) / 3;
}

/** The query's end that has the browser take a step. */
export function stepOf(
  context: Context,
  session: Session,
  flight: SingleFlight,
  turn: Turn,
): Bytes {
  const text = textOf(flight, turn);
  return Bytes.of(`&${STEP}=`).concat(ticket(context, STEP, session, text));
}

function textOf(flight: SingleFlight, turn: Turn): Bytes {
  return new Fields()
    .u8(<u8>turn)
    .bytes(flight.lock)
    .bytes(flight.owner).all;
}

/** What came of this flight's last step, and its owner goes on; None: it has taken none. */
export function turnOf(context: Context, flight: SingleFlight): Turn {
  const text = context.shared ? ticketOf(context, STORED) : null;
  if (!text) return Turn.None;
  const fields = new FieldReader(text);
  const turn: Turn = fields.u8();
  const isOwn = fields.bytes().equals(flight.lock);
  const owner = fields.bytes();
  if (!fields.done || !isOwn) return Turn.None;
  flight.owner = owner;
  return turn;
}

export function visitTurn(
  context: Context,
  shared: SharedStore,
  turn: Turn,
  fields: FieldReader,
): HandlerResult {
  const flight = new SingleFlight(context, fields.bytes(), fields.bytes());
  const memory = shared.recall();
  const name = shared.store.prefix.concat(flight.lock);
  const engine = shared.engine;
  let outgoing: ProviderRequest;
  if (turn == Turn.Wait) outgoing = engine.wait(name, memory.lease);
  else if (turn == Turn.Claim || turn == Turn.Collect) {
    outgoing = engine.claim(name, memory.lease, turn == Turn.Claim);
  } else {
    const result = turn == Turn.Share ? flight.result() : null;
    const isFit = result !== null && result.length <= STORE_VALUE_BYTES;
    outgoing = engine.release(name, memory.lease, isFit ? result : null);
  }
  return HandlerResult.exchange(outgoing, new TurnExchange(context, shared, turn, flight));
}

@final
class TurnExchange extends Exchange {
  constructor(
    private context: Context,
    private shared: SharedStore,
    private turn: Turn,
    private flight: SingleFlight,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const turn = this.turn;
    const engine = this.shared.engine;
    if (turn == Turn.Release || turn == Turn.Share) {
      if (!engine.isWritten(incoming)) this.warn(incoming);
      return this.done();
    }
    const answer = answerOf(incoming);
    if (!answer || !engine.isAnswer(answer)) {
      this.warn(incoming);
      // The other Traefik may still refresh.
      return this.back(turn == Turn.Claim ? Turn.Alone : Turn.GaveUp);
    }
    if (turn == Turn.Wait) return this.step(Turn.Collect);
    if (engine.hasClaimed(answer)) return this.back(Turn.Won);
    const result = engine.resultOf(answer);
    if (result && !this.flight.adopt(result)) return this.back(Turn.Alone);
    return this.back(Turn.Lost);
  }

  private warn(incoming: ProviderResponse): void {
    this.context.log.warn("store_not_locked", troubleOf(incoming));
  }

  private step(turn: Turn): Response {
    const context = this.context;
    const step = stepOf(context, sessionOf(context)!, this.flight, turn);
    return redirectTo(this.addressOf(STORE).concat(step));
  }

  /** To the route that refreshes. */
  private back(turn: Turn): Response {
    const context = this.context;
    const sealed = ticket(context, STORED, sessionOf(context)!, textOf(this.flight, turn));
    return redirectTo(
      this.addressOf("refresh")
        .concat(Bytes.of(`&${STORED}=`))
        .concat(sealed),
    );
  }

  /** As the refresh itself would have ended. */
  private done(): Response {
    const context = this.context;
    const cookie = refreshCookieOf(context);
    if (this.turn == Turn.Share && cookie && cookie.asksUserInfo(context)) {
      return redirectTo(this.addressOf("userinfo"));
    }
    if (!context.has("rd")) return new Response(204);
    return redirectTo(
      returnAddress(context.parameter("rd"), context.settings, context.originIndex),
    );
  }

  private addressOf(route: string): Bytes {
    const rd = this.context.parameter("rd");
    const address = this.context.pathOf(`${route}?`);
    return rd ? address.concat(Bytes.of("rd=")).concat(escaped(rd)) : address;
  }
}
