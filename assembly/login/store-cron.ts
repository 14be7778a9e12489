/**
 * Mode store: brings the revocations of other Traefiks into stateDir, and those that the engine
 * lacks to it. Traefik's health check is the clock: each call reads once, and redirects to itself
 * while there is more to do.
 */
import { Settings } from "../config/settings";
import { Request } from "../http/request";
import { Response } from "../http/response";
import {
  SMALL_HEADER_BYTES,
  STORE_LEASE_SECONDS,
  STORE_PUSHED,
  STORE_ROUNDS,
  STORE_WHOLE_SECONDS,
} from "../limits";
import { Bytes } from "../text/bytes";
import { redirectTo } from "./answers";
import { answerOf } from "./engine";
import { EventLog } from "./event-log";
import { Exchange, HandlerResult, troubleOf } from "./exchange";
import { queryOfVisit } from "./health-check";
import { Lacking, lacking, merge } from "./merge";
import { ProviderRequest, ProviderResponse } from "./provider-message";
import { SharedKeys } from "./store-keys";
import { Memory, SharedStore } from "./store";

const VISIT = "/store";
/** Seconds between two lines about one failure. */
const SAID_SECONDS = 60;
const SECOND: i64 = 1_000_000_000;

export enum Step {
  SignIn,
  Read,
  Write,
  Lease,
  PushKeys,
  TakeKeys,
}

@final
export class StoreCron {
  constructor(
    private settings: Settings,
    private shared: SharedStore,
  ) {}

  handle(request: Request, nanoseconds: i64, log: EventLog): HandlerResult {
    const query = queryOfVisit(request, this.settings.login, VISIT);
    if (!query) return HandlerResult.answer(new Response(404));
    const last = query.length > 0 ? (<i32>query.at(query.length - 1)) & 15 : 0;
    const visit = new Visit(this.settings, this.shared, nanoseconds, request.id, log, last + 1);
    const engine = this.shared.engine;
    const memory = visit.memory;
    const signIn = memory.token.length == 0 ? engine.signIn() : null;
    if (signIn) return visit.ask(signIn, Step.SignIn);
    if (query.length == 0 || query.hasAt(1, "read") || !memory.isWhole) {
      visit.prepare();
      return visit.ask(engine.read(memory.next), Step.Read);
    }
    const leased = visit.now - memory.leased;
    const locks = this.shared.locks;
    if (locks && (leased < 0 || leased >= STORE_LEASE_SECONDS / 3)) {
      memory.lease = this.shared.leaseId(nanoseconds, request.id);
      return visit.ask(locks.lease(memory.lease), Step.Lease);
    }
    const maxAge = this.settings.session!.maxAge;
    const missing = lacking(this.shared, maxAge, nanoseconds, STORE_PUSHED);
    if (missing.ids.length == 0 && memory.isTidy) return this.shareKeys(visit);
    visit.missing = missing;
    visit.tidies = missing.ids.length == 0;
    const ended = visit.tidies ? visit.now : 0;
    return visit.ask(engine.write(missing.entries, false, ended), Step.Write);
  }

  private shareKeys(visit: Visit): HandlerResult {
    const settings = this.settings;
    const locks = this.shared.locks;
    if (!locks || !settings.issuers[settings.login.issuer].keysAreFetched) {
      return HandlerResult.answer(new Response(204));
    }
    const keys = new SharedKeys(this.settings, this.shared);
    const news = keys.news(visit.nanoseconds);
    if (news) return visit.ask(locks.write(news, false, 0), Step.PushKeys);
    if (keys.areOld(visit.now)) return visit.ask(locks.entry(keys.name), Step.TakeKeys);
    return HandlerResult.answer(new Response(204));
  }
}

/** One visit of the engine. The health check's result tells its caller only if it succeeded. */
@final
class Visit extends Exchange {
  readonly memory: Memory;
  missing: Lacking = new Lacking();
  /** It removes what has ended. */
  tidies: bool = false;
  private step: Step = Step.Read;

  constructor(
    private settings: Settings,
    private shared: SharedStore,
    readonly nanoseconds: i64,
    private tag: Bytes,
    private log: EventLog,
    private round: i32,
  ) {
    super();
    this.memory = shared.recall();
  }

  get now(): i64 {
    return this.nanoseconds / SECOND;
  }

  ask(outgoing: ProviderRequest, step: Step): HandlerResult {
    this.step = step;
    return HandlerResult.exchange(outgoing, this);
  }

  /** Once in a while all is read: an engine that was restored has other entries. */
  prepare(): void {
    const memory = this.memory;
    const age = this.now - memory.begun;
    if (memory.isWhole && age >= 0 && age < STORE_WHOLE_SECONDS) return;
    if (memory.isWhole || memory.begun == 0) this.begin();
  }

  private begin(): void {
    const memory = this.memory;
    memory.next = 0;
    memory.begun = this.now;
    memory.isWhole = false;
    memory.isTidy = false;
    this.shared.forgetKnown(this.tag);
  }

  onResponse(incoming: ProviderResponse): Response {
    switch (this.step) {
      case Step.SignIn:
        return this.signedIn(incoming);
      case Step.Read:
        return this.read(incoming);
      case Step.Write:
        return this.written(incoming);
      case Step.Lease:
        return this.leased(incoming);
      case Step.PushKeys:
        return this.keysPushed(incoming);
      case Step.TakeKeys:
        return this.keysTaken(incoming);
      default:
        return this.fail("no such step");
    }
  }

  private signedIn(incoming: ProviderResponse): Response {
    const token = this.shared.engine.tokenOf(incoming);
    if (!token || !isPlain(token)) return this.fail(`no token: ${troubleOf(incoming)}`);
    this.memory.token = token;
    // The same call of the health check goes on, from its beginning.
    return this.keep() ? redirectTo(this.path) : this.failToKeep();
  }

  private read(incoming: ProviderResponse): Response {
    const shared = this.shared;
    const memory = this.memory;
    const answer = answerOf(incoming);
    const page = answer ? shared.engine.page(answer) : null;
    if (!page) return this.refused(incoming);
    const isOther = !page.cluster.equals(memory.cluster) || page.next < memory.next;
    if (isOther && memory.next > 0) {
      memory.cluster = page.cluster.copy();
      this.begin();
      return this.goOn("read");
    }
    memory.cluster = page.cluster;
    const merged = merge(shared, page.entries, this.settings.session!.maxAge, this.now);
    if (merged.foreign > 0) {
      this.log.tell("store_foreign", `${merged.foreign} entries are not of these secrets`);
    }
    if (merged.problem.length > 0) return this.fail(merged.problem);
    // A page of one revision only would come again and again.
    const isStuck = page.more && page.next <= memory.next;
    memory.next = isStuck ? memory.next + 1 : page.next;
    if (page.more) return this.goOn("read");
    memory.isWhole = true;
    const state = shared.state;
    const said = state.modified(this.saidFile);
    const isOver = said >= 0 && said >= state.modified(shared.store.readFile);
    const isTold = state.write(shared.store.readFile, Bytes.empty(), this.tag);
    if (!isTold) return this.failToKeep();
    if (isOver) this.log.tell("store_read", "the engine is read again");
    return this.goOn("next");
  }

  private written(incoming: ProviderResponse): Response {
    if (!this.shared.engine.isWritten(incoming)) return this.refused(incoming);
    if (!this.shared.addKnown(this.missing.ids)) return this.failToKeep();
    if (this.tidies) this.memory.isTidy = true;
    return this.goOn("next");
  }

  private leased(incoming: ProviderResponse): Response {
    const answer = answerOf(incoming);
    const locks = this.shared.locks;
    if (!answer || !locks || !locks.isAnswer(answer)) return this.refused(incoming);
    this.memory.leased = this.now;
    return this.goOn("next");
  }

  private keysPushed(incoming: ProviderResponse): Response {
    if (!this.shared.engine.isWritten(incoming)) return this.refused(incoming);
    new SharedKeys(this.settings, this.shared).done();
    return new Response(204);
  }

  /** Mode keys says what is wrong where there is none. */
  private keysTaken(incoming: ProviderResponse): Response {
    const answer = answerOf(incoming);
    const locks = this.shared.locks;
    if (!answer || !locks || !locks.isAnswer(answer)) return this.refused(incoming);
    const value = locks.valueOf(answer);
    if (value) new SharedKeys(this.settings, this.shared).take(value, this.now, this.tag);
    return new Response(204);
  }

  /** The next visit of this call; a later call goes on where this one has ended. */
  private goOn(what: string): Response {
    if (!this.keep()) return this.failToKeep();
    if (this.round >= STORE_ROUNDS) return new Response(204);
    return redirectTo(this.path.concat(Bytes.of(`?${what}=${this.round}`)));
  }

  private get path(): Bytes {
    return this.settings.login.path.concat(Bytes.of(VISIT));
  }

  private keep(): bool {
    return this.shared.remember(this.memory, this.nanoseconds, this.tag);
  }

  private failToKeep(): Response {
    return this.fail("stateDir cannot be written");
  }

  /** A token that has ended is refused with several statuses. */
  private refused(incoming: ProviderResponse): Response {
    if (!incoming.failed && this.memory.token.length > 0) {
      this.memory.token = Bytes.empty();
      this.keep();
    }
    return this.fail(troubleOf(incoming));
  }

  /** Written with each line about a failure. */
  private get saidFile(): Bytes {
    return this.shared.store.file("store-said");
  }

  private fail(message: string): Response {
    const state = this.shared.state;
    const said = this.saidFile;
    const age = this.now - state.modified(said);
    if (age < 0 || age >= SAID_SECONDS) {
      state.write(said, Bytes.empty(), this.tag);
      const read = state.modified(this.shared.store.readFile);
      const known = read < 0 ? "never read" : `last read ${this.now - read} s ago`;
      this.log.warn("store_unreadable", `${message}; ${known}`);
    }
    return new Response(503);
  }
}

/** True if a header may hold it. */
function isPlain(text: Bytes): bool {
  if (text.length == 0 || text.length > SMALL_HEADER_BYTES) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.at(i) <= 0x20 || text.at(i) >= 0x7f) return false;
  }
  return true;
}
