/**
 * One refresh for all Traefiks, by the engine: a lock below a lease of each Traefik, and the result
 * of the refresh for the others. A request that has the lock of its own Traefik claims the
 * engine's; one that comes too late waits there until it is released, and takes the result.
 */
import { REFRESH_LOCK_SECONDS, STORE_LEASE_SECONDS, STORE_VALUE_BYTES } from "../limits";
import { escaped } from "../http/escape";
import { Response } from "../http/response";
import { FieldReader, Fields } from "../session/fields";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { redirectTo } from "./answers";
import { Context } from "./context";
import { answerOf } from "./engine";
import { Etcd } from "./etcd";
import { cookiesAgain } from "./create-session";
import { Exchange, HandlerResult, troubleOf } from "./exchange";
import { ProviderRequest, ProviderResponse } from "./provider-message";
import { refreshCookieOf } from "./refresh-cookie";
import { returnAddress } from "./return-address";
import { SingleFlight } from "./single-flight";
import { sessionOf } from "./refresh-cookie";
import { SharedStore } from "./store";
import { STEP, STORE, STORED, ticket, ticketOf } from "./ticket";

/** The work that a step asks for, and its outcome. */
export enum Turn {
  None,
  Claim,
  Wait,
  /** The one that has waited claims it. */
  Collect,
  Release,
  /** Released with a result. */
  Share,
  /** Released, and the refresh has failed. */
  GiveUp,
  Won,
  Lost,
  /** It has waited in vain. */
  GaveUp,
  /** The engine is away: each Traefik refreshes by itself. */
  Alone,
}

/** This Traefik's lease, if it lasts as long as a refresh; empty: there is none. */
export function leaseOf(context: Context): Bytes {
  const shared = context.shared;
  if (!shared || !shared.locks) return Bytes.empty();
  const memory = shared.recall();
  const age = context.now - memory.leased;
  const lasts = age >= 0 && age < STORE_LEASE_SECONDS - REFRESH_LOCK_SECONDS;
  return lasts ? memory.lease : Bytes.empty();
}

/** The query's end that has the browser take a step. */
export function stepOf(
  context: Context,
  session: Session,
  flight: SingleFlight,
  turn: Turn,
): Bytes {
  const text = textOf(context, flight, turn);
  return Bytes.of(`&${STEP}=`).concat(ticket(context, STEP, session, text));
}

/** Each step may come to another Traefik. */
function textOf(context: Context, flight: SingleFlight, turn: Turn): Bytes {
  return new Fields()
    .u8(<u8>turn)
    .bytes(flight.lock)
    .bytes(flight.owner)
    .bytes(flight.lease)
    .i64(context.now).all;
}

/** The result of this flight's last step, whose owner continues; None: it has taken none. */
export function turnOf(context: Context, flight: SingleFlight): Turn {
  const text = context.shared ? ticketOf(context, STORED) : null;
  if (!text) return Turn.None;
  const fields = new FieldReader(text);
  const turn: Turn = fields.u8();
  const isOwn = fields.bytes().equals(flight.lock);
  const owner = fields.bytes();
  const lease = fields.bytes();
  fields.i64();
  if (!fields.done || !isOwn) return Turn.None;
  flight.owner = owner;
  flight.lease = lease;
  return turn;
}

export function visitTurn(
  context: Context,
  shared: SharedStore,
  locks: Etcd,
  turn: Turn,
  fields: FieldReader,
): HandlerResult {
  const flight = new SingleFlight(context, fields.bytes(), fields.bytes());
  const lease = (flight.lease = fields.bytes());
  const own = leaseOf(context);
  const name = shared.store.prefix.concat(flight.lock);
  let outgoing: ProviderRequest;
  if (turn == Turn.Wait) outgoing = locks.wait(name, lease);
  else if (turn == Turn.Claim || turn == Turn.Collect) {
    outgoing = locks.claim(name, lease, turn == Turn.Claim);
  } else {
    const result = turn == Turn.Share ? resultOf(context, flight, fields.i64()) : null;
    const isFit = result !== null && result.length <= STORE_VALUE_BYTES;
    const keeps = own.length > 0 ? own : lease;
    outgoing = locks.release(name, lease, isFit ? result : null, keeps);
  }
  return HandlerResult.exchange(outgoing, new TurnExchange(context, locks, turn, flight));
}

/** Where another Traefik has refreshed, at `made`, the browser has brought what came of it. */
function resultOf(context: Context, flight: SingleFlight, made: i64): Bytes | null {
  const kept = flight.result();
  const session = sessionOf(context)!;
  const cookie = refreshCookieOf(context);
  if (kept || session.made != made || !cookie || !cookie.id.equals(session.id)) return kept;
  const cookies = cookiesAgain(context);
  if (cookies) flight.finish(cookies);
  return flight.result();
}

@final
class TurnExchange extends Exchange {
  constructor(
    private context: Context,
    private locks: Etcd,
    private turn: Turn,
    private flight: SingleFlight,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const turn = this.turn;
    const locks = this.locks;
    if (turn == Turn.Release || turn == Turn.Share || turn == Turn.GiveUp) {
      if (!locks.isWritten(incoming)) this.warn(incoming);
      if (turn == Turn.GiveUp) return this.back(Turn.GaveUp);
      return this.done(turn == Turn.Share);
    }
    const answer = answerOf(incoming);
    if (!answer || !locks.isAnswer(answer)) {
      this.warn(incoming);
      // The other Traefik may still refresh.
      return this.back(turn == Turn.Claim ? Turn.Alone : Turn.GaveUp);
    }
    if (turn == Turn.Wait) return this.step(Turn.Collect);
    if (locks.hasClaimed(answer)) return this.back(Turn.Won);
    const result = locks.resultOf(answer);
    const cookies = result ? this.flight.adopt(result) : null;
    if (!cookies) return this.back(result ? Turn.Alone : Turn.Lost);
    const response = this.done(true);
    response.cookies(cookies);
    return response;
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
    const sealed = ticket(context, STORED, sessionOf(context)!, textOf(context, this.flight, turn));
    return redirectTo(
      this.addressOf("refresh")
        .concat(Bytes.of(`&${STORED}=`))
        .concat(sealed),
    );
  }

  /** As the refresh itself would have ended. `isNew`: with new cookies. */
  private done(isNew: bool): Response {
    const context = this.context;
    const cookie = refreshCookieOf(context);
    if (isNew && cookie && cookie.asksUserInfo(context)) {
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
