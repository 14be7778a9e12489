/**
 * Runs a table: one guest of the shipped plugin decides every row, and each rule's decisions are
 * counted.
 */
import type { WireRequest } from "../../guest/entrypoint.ts";
import { timeOf } from "../commands/option.ts";
import { explain } from "../explain/run.ts";
import { type Block, rulesOf } from "../middleware/block.ts";
import { openGate, type OpenOptions } from "../middleware/open.ts";
import { Admission } from "./admit.ts";
import { at } from "./mistake.ts";
import { isAsExpected, type Outcome, outcomeFor } from "./outcome.ts";
import { type Person, personNamed } from "./person.ts";
import type { Row, Table } from "./read.ts";
import { wireFor } from "./wire.ts";

export interface Tried {
  row: Row;
  outcome: Outcome;
  passed: boolean;
  /** For a failed row: what did not hold, rule by rule. */
  why: string[];
  milliseconds: number;
}

export interface TableResult {
  table: Table;
  tried: Tried[];
  /** Every rule of the block, in order, with the number of rows that it decided. */
  rules: { name: string; rows: number }[];
}

export async function runTable(
  table: Table,
  block: Block,
  host: string,
  open: OpenOptions,
): Promise<TableResult> {
  const now = open.now ?? timeOf(table.at);
  const admission = new Admission(block, now);
  const people = new Map<string, Person>();
  const wires: WireRequest[] = [];
  for (const row of table.rows) {
    const person = people.get(row.who) ?? personNamed(row.who, row.place, table.people, block);
    people.set(row.who, person);
    const credentials = await admission.headersOf(person);
    wires.push(at(row.place, () => wireFor(row, credentials, table.host ?? host)));
  }
  const options = { ...open, now };
  const admitting = await admission.admittingBlock();
  const guest = await openGate(admitting, options);
  const tried: Tried[] = [];
  for (const [index, row] of table.rows.entries()) {
    const start = performance.now();
    const outcome = await outcomeFor(guest, wires[index]!);
    const passed = row.expected !== null && isAsExpected(outcome, row.expected);
    const milliseconds = performance.now() - start;
    const why = passed ? [] : await reasonsFor(row, outcome, wires[index]!, admitting, options);
    tried.push({ row, outcome, passed, why, milliseconds });
  }
  const rules = [...new Set(rulesOf(block).map(({ name }) => name))].map((name) => ({
    name,
    rows: tried.filter(({ outcome }) => outcome.rule === name).length,
  }));
  return { table, tried, rules };
}

/** What did not hold, of the expected rule and of the one that decided. */
async function reasonsFor(
  { expected }: Row,
  { rule }: Outcome,
  wire: WireRequest,
  block: Block,
  options: OpenOptions,
): Promise<string[]> {
  if (!expected) return [];
  const named = expected.rule;
  const unknown =
    named !== null && named !== "default" && !rulesOf(block).some(({ name }) => name === named)
      ? [`the block has no rule ${named}`]
      : [];
  const { rules } = await explain(block, wire, options);
  const told = rules.filter((it) => it.rule === rule || it.rule === expected.rule);
  const because = told.flatMap(({ rule: name, matched, because }) =>
    because.map(({ call, holds }) => {
      const verb = matched ? "does not allow" : "does not match";
      return `${name} ${verb}: ${call} ${holds ? "holds" : "does not hold"}`;
    }),
  );
  return [...unknown, ...because];
}
