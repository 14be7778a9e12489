/** The decision on a request, in a table's words. */
import type { Guest, Result } from "../../guest/guest.ts";
import type { WireRequest } from "../../guest/entrypoint.ts";
import { traceOf } from "../middleware/trace.ts";
import type { Expected } from "./row.ts";

export interface Outcome {
  /** `allow`, `deny`, or with reportOnly `report`. */
  decision: "allow" | "deny" | "report";
  /** The response's status; null: the request is forwarded to the application. */
  status: number | null;
  /** `none` when nothing is against it. */
  reason: string;
  /** The rule that decided; null when no rule was evaluated. */
  rule: string | null;
}

export async function outcomeFor(guest: Guest, wire: WireRequest): Promise<Outcome> {
  return outcomeOf(await guest.handle(wire));
}

function outcomeOf(result: Result): Outcome {
  const { decision } = traceOf(result);
  const goesOn = result.forwarded !== null;
  return {
    decision: !goesOn ? "deny" : decision?.decision === "report" ? "report" : "allow",
    status: goesOn ? null : result.response.status,
    reason: decision?.reason ?? "not_reached",
    rule: decision?.rule ?? null,
  };
}

export function isAsExpected(outcome: Outcome, { decision, reason, rule }: Expected): boolean {
  return (
    (decision === outcome.decision || decision === String(outcome.status)) &&
    (reason === null || reason === outcome.reason) &&
    (rule === null || rule === outcome.rule)
  );
}

/** As written in a row: a refusal by its status. */
export function expectationOf(outcome: Outcome, withReason: boolean): Expected {
  const { decision, status, reason, rule } = outcome;
  return {
    decision: status === null ? decision : String(status),
    reason: withReason && reason !== "none" ? reason : null,
    rule,
  };
}
