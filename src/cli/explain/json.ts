/** An explanation for programs. */
import type { Explanation } from "./run.ts";
import type { WireRequest } from "../../guest/entrypoint.ts";

export function explanationJson(
  { trace, result, rules, left }: Explanation,
  wire: WireRequest,
  notes: string[],
): string {
  const { response, forwarded } = result;
  const document = {
    request: { method: wire.method, target: wire.target },
    allowed: forwarded !== null,
    decision: trace.decision && {
      ...{ decision: trace.decision.decision, reason: trace.decision.reason },
      ...{ status: trace.decision.status, rule: trace.decision.rule },
    },
    steps: trace.steps.filter(({ step }) => step !== "rule" && step !== "decision"),
    rules: rules.map(({ rule, matched, allowed, text, because }) => ({
      ...{ rule, match: text?.match, allow: text?.allow, matched, allowed, because },
    })),
    rulesNotLookedAt: rules.length > 0 ? left : undefined,
    forwarded: forwarded && {
      ...{ method: forwarded.method, target: forwarded.target },
      headers: Object.fromEntries(
        forwarded.headers.entries().filter(([name]) => !ADDED.test(name)),
      ),
    },
    response: forwarded
      ? undefined
      : {
          status: response.status,
          headers: Object.fromEntries(response.headers.entries()),
          body: String(response.body),
        },
    notes,
  };
  return JSON.stringify(document, null, 2);
}

/** Headers that Traefik adds to every request. */
const ADDED = /^X-(Forwarded-(For|Host|Port|Proto|Server)|Real-Ip)$/i;
