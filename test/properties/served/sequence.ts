/**
 * What a guest has served before does not change its answers: random requests to one guest, each compared with a new
 * guest's answer. In between time passes, files change, and the guest traps.
 */
import type { UpstreamResponse } from "../../../src/guest/proxy.ts";
import type { Result } from "../../../src/guest/guest.ts";
import { MADE } from "../../cases/case.ts";
import { ENVIRONMENT } from "../../cases/gates.ts";
import { Dice } from "../../support/dice.ts";
import { SignIns } from "./login.ts";
import { sessionsFor } from "./credentials.ts";
import { Files } from "./files.ts";
import { BROKEN, type Gate, gateOf } from "./gates.ts";
import { Pair } from "./pair.ts";
import { randomRequest } from "./requests.ts";

/** Requests to one guest. */
const LENGTH = 50;
/** Of them, those that come from few lists, so that what a guest knows is met again. */
const KNOWN = 8;

export interface Run {
  seed: string;
  requests: number;
  /** The first sequence's number, to repeat one. */
  from?: number;
  onProgress?: (compared: number) => void;
}

export class Report {
  sequences = 0;
  compared = 0;
  forwarded = 0;
  /** With the name of a caller. */
  known = 0;
  refused = 0;
  /** Sent elsewhere, and shown a page. */
  redirected = 0;
  pages = 0;
  trapped = 0;
  /** To a guest whose memory was full of garbage. */
  amongGarbage = 0;
  changedFiles = 0;
  /** Of the decisions in the audit log. */
  reasons: Record<string, number> = {};
}

/** Throws at the first difference, with what repeats it. */
export async function compareServed(run: Run): Promise<Report> {
  const report = new Report();
  for (let index = run.from ?? 0; report.compared < run.requests; index++) {
    await sequence(
      new Dice(`${run.seed}/${index}`),
      report,
      `--seed "${run.seed}" --from ${index}`,
    );
    report.sequences++;
    run.onProgress?.(report.compared);
  }
  return report;
}

export interface SignInReport {
  compared: number;
  /** Visits that went to the provider. */
  exchanges: number;
  /** Of sign-in in the log. */
  events: Record<string, number>;
}

/** Visits to one guest of mode login. Throws at the first difference, with what repeats it. */
export async function compareSignIns(run: Run): Promise<SignInReport> {
  const report: SignInReport = { compared: 0, exchanges: 0, events: {} };
  for (let index = run.from ?? 0; report.compared < run.requests; index++) {
    const signIns = new SignIns(new Dice(`${run.seed}/sign-ins/${index}`));
    try {
      for (let visits = 0; visits < LENGTH; visits++, report.compared++) {
        const { forwarded, logs } = await signIns.visit();
        if (forwarded) report.exchanges++;
        for (const { data } of logs) {
          if (data?.rolegate === "login") count(report.events, data.event);
        }
      }
    } catch (error) {
      console.error(`--seed "${run.seed}" --from ${index}, sign-ins`);
      throw error;
    } finally {
      signIns.close();
    }
    run.onProgress?.(report.compared);
  }
  return report;
}

async function sequence(dice: Dice, report: Report, repeat: string): Promise<void> {
  const gate = gateOf(dice);
  const sessions = await sessionsFor(gate.name, BROKEN.has(gate.name) ? {} : gate.config);
  const moment = { now: MADE };
  const files = new Files(moment);
  const logLevel = dice.chance(4) ? "debug" : "info";
  const config = { ...gate.config, logLevel, audit: dice.pick(["all", "all", "denied"]) };
  const options = { config, moment, mounts: files.mounts, env: ENVIRONMENT };
  const pair = new Pair(options, BROKEN.has(gate.name));
  const known = dice.times(KNOWN, () => requestTo(dice, gate, sessions));
  let wire = known[0]!;
  let count = 0;
  /** What was no request. */
  const events: string[] = [];
  try {
    for (; count < LENGTH; count++) {
      pass(dice, moment);
      const isChanged = dice.chance(25);
      if (isChanged) {
        events.push(`${count}: ${files.change(dice)}`);
        report.changedFiles++;
      }
      wire = dice.chance(3) ? dice.pick(known) : requestTo(dice, gate, sessions);
      const call = dice.chance(isChanged ? 2 : 20) ? dice.between(1, 14) : 0;
      if (call > 0 && (await pair.trap(wire, call))) {
        events.push(`${count}: trapped at host call ${call}`);
        report.trapped++;
      }
      tally(report, await pair.compare(wire, () => upstream(dice)));
    }
  } catch (error) {
    const about = { repeat, request: count, gate: gate.name, logLevel, events, wire };
    console.error(JSON.stringify(about, null, 1));
    throw error;
  } finally {
    report.amongGarbage += pair.leftovers.requests;
    files.remove();
  }
}

function requestTo(dice: Dice, gate: Gate, sessions: readonly string[]) {
  const wire = randomRequest(dice, gate.like ?? gate.name, sessions);
  return gate.shape ? gate.shape(dice, wire) : wire;
}

/** Mostly nothing: then each guest has looked at its files this second. */
function pass(dice: Dice, moment: { now: number }): void {
  if (dice.chance(2)) return;
  moment.now += dice.chance(10) ? dice.pick([-2000, 20_000, 61_000]) : dice.below(1500);
}

function upstream(dice: Dice): UpstreamResponse {
  return { headers: { "X-Application": "1" }, body: "application", dies: dice.chance(30) };
}

function tally(report: Report, { response, forwarded, logs }: Result): void {
  report.compared++;
  const audit = logs.find(({ data }) => data?.rolegate === "audit")?.data;
  if (audit) count(report.reasons, audit.reason);
  if (forwarded) report.forwarded++;
  else report.refused++;
  const names = ["X-Forwarded-User", "X-Roles", "X-User", "X-Key", "X-Tenant", "X-Name"];
  if (names.some((name) => forwarded?.headers.has(name))) report.known++;
  if (response.status === 302 || response.status === 307) report.redirected++;
  if (response.headers.get("Content-Type")?.startsWith("text/html")) report.pages++;
}

function count(counts: Record<string, number>, name: unknown): void {
  counts[String(name)] = (counts[String(name)] ?? 0) + 1;
}
