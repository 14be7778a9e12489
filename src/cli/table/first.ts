/**
 * A first table for a block: for each rule a request that it decides, the least caller that it
 * admits, and the greatest that it refuses.
 */
import type { Guest } from "../../guest/guest.ts";
import { expressionsOf } from "../explain/expression.ts";
import { type Block, rulesOf } from "../middleware/block.ts";
import { openGate, type OpenOptions } from "../middleware/open.ts";
import { callersOf } from "../matrix/caller.ts";
import { Admission } from "./admit.ts";
import { expectationOf, type Outcome, outcomeFor } from "./outcome.ts";
import { type ClaimsHolder, claimsHolders } from "./claims.ts";
import { ANONYMOUS, type Person, SIGNED_IN, type TokenHolder } from "./person.ts";
import type { Expected } from "./row.ts";
import { type Sample, samplesOf } from "./sample.ts";
import { wireFor } from "./wire.ts";

export interface First {
  /** Callers with the claims that rules ask for. */
  people: ClaimsHolder[];
  rows: FirstRow[];
}

export interface FirstRow extends Sample {
  who: string;
  expected: Expected;
}

interface Caller {
  who: string;
  credentials: [string, string][];
}

/** As the plugin decides today. */
export async function firstTable(block: Block, host: string, open: OpenOptions): Promise<First> {
  const admission = new Admission(block, open.now);
  // The plugin parses rules whatever the issuer is.
  const expressions = await expressionsOf(block, open);
  const people = claimsHolders(block, expressions);
  const callers = await callersFor(block, people, admission);
  const guest = await openGate(await admission.admittingBlock(), open);
  const ask = (caller: Caller, sample: Sample) => decide(guest, caller, sample, host);
  // The caller who gets furthest, because rules before the wanted one may be for others.
  const last = callers.at(-1)!;
  const rows: FirstRow[] = [];
  for (const { name, match } of rulesOf(block)) {
    for (const sample of samplesOf(expressions.get(match))) {
      if ((await ask(last, sample)).rule !== name) continue;
      const outcomes: [Caller, Outcome][] = [];
      for (const caller of callers) outcomes.push([caller, await ask(caller, sample)]);
      rows.push(...telling(outcomes).map(([caller, outcome]) => rowOf(caller, sample, outcome)));
      break;
    }
  }
  for (const sample of samplesOf(undefined)) {
    const outcome = await ask(last, sample);
    if (outcome.rule !== "default") continue;
    rows.push(rowOf(last, sample, outcome));
    break;
  }
  return { people: people.filter(({ name }) => rows.some(({ who }) => who === name)), rows };
}

const SOMEBODY: TokenHolder = {
  ...{ kind: "token", roles: [], claims: {}, user: undefined, issuer: undefined, place: null },
};

async function callersFor(
  block: Block,
  people: ClaimsHolder[],
  admission: Admission,
): Promise<Caller[]> {
  const persons: [string, Person][] = [];
  for (const { name, roles } of callersOf(block)) {
    // Such a name would be two words of a row, or two roles.
    if (/[\s+]/.test(roles?.join("") ?? "")) continue;
    if (roles === null) persons.push([ANONYMOUS, { kind: "anonymous" }]);
    else if (roles.length > 0) persons.push([name, { ...SOMEBODY, roles }]);
    else {
      persons.push([SIGNED_IN, SOMEBODY]);
      // Before roles: the holder of the last one gets furthest.
      for (const { name: who, claims } of people) persons.push([who, { ...SOMEBODY, claims }]);
    }
  }
  const callers: Caller[] = [];
  for (const [who, person] of persons) {
    callers.push({ who, credentials: await admission.headersOf(person) });
  }
  return callers;
}

function decide(guest: Guest, { credentials }: Caller, sample: Sample, host: string) {
  return outcomeFor(guest, wireFor({ ...sample, headers: [], body: null }, credentials, host));
}

function rowOf({ who }: Caller, sample: Sample, outcome: Outcome): FirstRow {
  return { who, ...sample, expected: expectationOf(outcome, false) };
}

/** The greatest caller who is refused, and the first who is admitted. */
function telling(outcomes: [Caller, Outcome][]): [Caller, Outcome][] {
  const isRefused = ([, { status }]: [Caller, Outcome]) => status !== null;
  const refused = outcomes.filter(isRefused).at(-1);
  const admitted = outcomes.find((it) => !isRefused(it));
  return [refused, admitted].flatMap((it) => (it ? [it] : []));
}
