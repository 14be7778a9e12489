/** The plugin's lines about a decision at log level debug: docs/trace.md describes the steps. */
import type { Result } from "../../guest/guest.ts";

export interface RuleStep {
  rule: string;
  matched: boolean;
  allow?: string;
  allowed?: boolean;
}

export interface Trace {
  steps: Record<string, unknown>[];
  rules: RuleStep[];
  decision: { decision: string; reason: string; status?: number; rule?: string } | null;
}

export function traceOf({ logs }: Result): Trace {
  const lines = logs.flatMap(({ data }) => (data?.rolegate === "trace" ? [data] : []));
  return {
    steps: lines.map(({ rolegate: _, request: __, ...step }) => step),
    rules: lines.filter(({ step }) => step === "rule") as unknown as RuleStep[],
    decision:
      (lines.find(({ step }) => step === "decision") as unknown as Trace["decision"]) ?? null,
  };
}

export function stepOf({ steps }: Trace, name: string): Record<string, unknown> | undefined {
  return steps.find(({ step }) => step === name);
}
