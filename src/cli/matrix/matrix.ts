/** A matrix of permissions: every caller at every route, each decided by the plugin. */
import type { Guest } from "../../guest/guest.ts";
import type { WireRequest } from "../../guest/entrypoint.ts";
import {
  callsOf,
  type Expressions,
  expressionsOf,
  type Part,
  whyNot,
} from "../explain/expression.ts";
import { ask } from "../explain/probe.ts";
import { type Block, type RuleText, rulesOf } from "../middleware/block.ts";
import { withThrowAwayKey } from "../middleware/caller.ts";
import { openGate, type OpenOptions } from "../middleware/open.ts";
import { traceOf } from "../middleware/trace.ts";
import type { Caller } from "./caller.ts";
import type { Route } from "./route.ts";

export interface Cell {
  allowed: boolean;
  /** The response's status; 200 when the request is forwarded. */
  status: number;
  reason: string;
  /** The rule that decided. */
  rule: string | null;
  /** In a comparison: the earlier cell. */
  before?: Cell;
}

export interface Row extends Route {
  cells: Cell[];
  /** Rules that decided for one of the callers. */
  rules: string[];
  /** What the decision depends on besides method and path. */
  depends: string[];
}

export interface Matrix {
  callers: Caller[];
  rows: Row[];
  rules: RuleText[];
  /** Number of changed cells; only in a comparison. */
  changed?: number;
}

/** Functions whose result does not follow from method and path. */
export const CONDITIONS: Record<string, string> = {
  BodyJSON: "body",
  BodyOnly: "body",
  Query: "query",
  QueryOnly: "query",
  Header: "headers",
  WebSocket: "WebSocket",
  Upgrade: "upgrade",
  ClientIP: "address",
};

export async function matrixOf(
  block: Block,
  callers: Caller[],
  routes: Route[],
  host: string,
  options: OpenOptions,
): Promise<Matrix> {
  const issued = await withThrowAwayKey(block, undefined, options.now);
  const guest = await openGate(issued.block, options);
  const tokens = await Promise.all(
    callers.map(({ roles }) => (roles === null ? null : issued.token({ roles }))),
  );
  const rules = rulesOf(block);
  const expressions = await expressionsOf(issued.block, options);
  const rows: Row[] = [];
  for (const route of routes) {
    const wires = tokens.map((token) => wireOf(route, token, host));
    const seen = [];
    for (const wire of wires) seen.push(await decide(guest, wire));
    const cells = seen.map(({ cell }) => cell);
    const looked = new Set(seen.flatMap((it) => it.looked));
    const deciding = [...new Set(cells.flatMap(({ rule }) => rule ?? []))];
    const depends = await conditionsOf(
      issued.block,
      rules,
      expressions,
      looked,
      deciding,
      wires[0]!,
      options,
    );
    rows.push({ ...route, cells, rules: deciding, depends });
  }
  return { callers, rows, rules };
}

function wireOf({ method, target }: Route, token: string | null, host: string): WireRequest {
  const headers: [string, string][] = [["Host", host]];
  if (token !== null) headers.push(["Authorization", `Bearer ${token}`]);
  return { method, target, headers };
}

async function decide(guest: Guest, wire: WireRequest): Promise<{ cell: Cell; looked: string[] }> {
  const result = await guest.handle(wire);
  const trace = traceOf(result);
  const allowed = result.forwarded !== null;
  return {
    cell: {
      allowed,
      status: allowed ? 200 : result.response.status,
      reason: trace.decision?.reason ?? "not_reached",
      rule: trace.decision?.rule ?? null,
    },
    looked: trace.rules.map(({ rule }) => rule),
  };
}

/**
 * What the decision depends on besides method and path: in the rules that decided, and in those
 * that would have decided otherwise.
 */
async function conditionsOf(
  block: Block,
  rules: RuleText[],
  expressions: Expressions,
  looked: Set<string>,
  deciding: string[],
  wire: WireRequest,
  options: OpenOptions,
): Promise<string[]> {
  const found: string[] = [];
  const ofRequest = (text: string) => conditionsIn(text, wire.method!);
  for (const { name, match, allow } of rules) {
    if (!looked.has(name)) continue;
    if (deciding.includes(name)) found.push(...ofRequest(allow));
    if (ofRequest(match).length === 0) continue;
    const part = expressions.get(match);
    if (!part) continue;
    const outcomes = await outcomesOf(block, part, wire, options);
    if (outcomes.has(true) && outcomes.has(false)) found.push(...ofRequest(match));
  }
  return [...new Set(found)];
}

/** A WebSocket begins with a GET. */
function conditionsIn(text: string, method: string): string[] {
  return Object.keys(CONDITIONS)
    .filter((name) => method === "GET" || name !== "WebSocket")
    .filter((name) => new RegExp(`\\b${name}\\s*\\(`).test(text.replace(/`[^`]*`/g, "")))
    .map((name) => CONDITIONS[name]!);
}

const known = new WeakMap<Block, Map<string, boolean>>();
/** Conditions that vary singly; more of them vary together. */
const CONDITION_COUNT = 5;

/**
 * The possible results of a rule's `match`, for all results of its conditions. The plugin evaluates
 * its other functions.
 */
async function outcomesOf(
  block: Block,
  part: Part,
  wire: WireRequest,
  options: OpenOptions,
): Promise<Set<boolean>> {
  const calls = [...new Set(callsOf(part))];
  const open = calls.filter((call) => conditionsIn(call, wire.method!).length > 0);
  const fixed = calls.filter((call) => !open.includes(call));
  const answers = known.get(block) ?? new Map<string, boolean>();
  known.set(block, answers);
  const key = (call: string) => `${wire.method} ${wire.target} ${call}`;
  const unasked = fixed.filter((call) => !answers.has(key(call)));
  if (unasked.length > 0) {
    const questions = unasked.map((call) => ({ call }));
    const holds = await ask(block, wire, questions, options);
    unasked.forEach((call, i) => answers.set(key(call), holds[i]!));
  }
  const outcomes = new Set<boolean>();
  const bits = Math.min(open.length, CONDITION_COUNT);
  for (let chosen = 0; chosen < 1 << bits; chosen++) {
    const holds = (call: string) =>
      answers.get(key(call)) ?? (chosen & (1 << (open.indexOf(call) % bits))) !== 0;
    outcomes.add(whyNot(part, holds).length === 0);
  }
  return outcomes;
}

/** The later matrix, with the earlier one's cells beside its own where they differ. */
export function compared(before: Matrix, after: Matrix): Matrix {
  let changed = 0;
  const rows = after.rows.map((row, i) => {
    const cells = row.cells.map((cell, j) => {
      const old = before.rows[i]!.cells[j]!;
      if (old.status === cell.status) return cell;
      changed++;
      return { ...cell, before: old };
    });
    return { ...row, cells };
  });
  return { ...after, rows, changed };
}

export const isChanged = ({ cells }: Row) => cells.some(({ before }) => before !== undefined);
