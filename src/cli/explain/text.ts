/** An explanation for people: the steps in order, each rule with its reason, and the result. */
import type { WireRequest } from "../../guest/entrypoint.ts";
import { pairs } from "../../guest/header.ts";
import { stepOf } from "../middleware/trace.ts";
import type { Terminal } from "../terminal.ts";
import type { Explanation, RuleExplained } from "./run.ts";

export function printExplanation(
  it: Explanation,
  wire: WireRequest,
  notes: string[],
  terminal: Terminal,
): void {
  const { colors } = terminal;
  const { trace, result } = it;
  const label = (text: string) => colors.dim(text.padEnd(12));
  const host = pairs(wire.headers ?? []).find(([name]) => name === "Host")?.[1];
  terminal.out(
    `${label("request")}${colors.bold(`${wire.method} ${wire.target}`)}  ${colors.dim(String(host))}`,
  );
  if (!result.reached) {
    terminal.out(
      `${label("Traefik")}refuses it with ${result.response.status}: ${String(result.response.body)}`,
    );
    return;
  }
  const path = stepOf(trace, "path");
  if (path) terminal.out(`${label("path")}${reasoned(path, String(path.path))}`);
  const credential = stepOf(trace, "credential");
  if (credential) terminal.out(`${label("credential")}${credentialText(credential)}`);
  const token = stepOf(trace, "token");
  if (token) terminal.out(`${label("token")}${tokenText(token)}`);
  for (const rule of it.rules) for (const line of ruleLines(rule, terminal)) terminal.out(line);
  if (it.rules.length > 0 && it.left > 0) {
    terminal.out(
      `${label("")}${colors.dim(`${it.left} more ${it.left === 1 ? "rule was" : "rules were"} not looked at`)}`,
    );
  }
  printOutcome(it, terminal, label);
  if (notes.length > 0) terminal.out();
  for (const note of notes) terminal.out(colors.dim(`note: ${note}`));
}

function reasoned({ reason }: Record<string, unknown>, text: string): string {
  return reason === "none" || reason === undefined ? text : `${text} (${String(reason)})`;
}

function credentialText(step: Record<string, unknown>): string {
  const source = String(step.source);
  return reasoned(step, source === "none" ? "none" : `in ${source.replaceAll("_", " ")}`);
}

function tokenText(step: Record<string, unknown>): string {
  const { reason, algorithm, key, issuer, subject, roles } = step;
  if (reason !== "none") return `not accepted: ${String(reason)}`;
  const parts = [
    algorithm ? `${String(algorithm)}, key ${String(key)}` : "",
    issuer ? `issuer ${String(issuer)}` : "",
    `subject ${String(subject)}`,
    `roles ${(roles as string[]).join(", ") || "none"}`,
  ];
  return `good: ${parts.filter(Boolean).join("; ")}`;
}

function ruleLines(rule: RuleExplained, { colors }: Terminal): string[] {
  const { matched, allowed, text, because } = rule;
  const indent = " ".repeat(12);
  const name = `${colors.dim("rule".padEnd(12))}${rule.rule}`;
  const why = because.map(
    ({ call, holds }) =>
      `${indent}  ${colors.yellow(holds ? "holds, and must not:" : "does not hold:")} ${call}`,
  );
  if (!matched) {
    return [
      `${name}  ${colors.dim("does not match")}`,
      ...(because.length > 0 ? why : text ? [`${indent}  ${text.match}`] : []),
    ];
  }
  const word = allowed ? colors.green("matches, allows") : colors.red("matches, does not allow");
  return [
    `${name}  ${word}`,
    ...(text
      ? [
          `${indent}  ${colors.dim("match:")} ${text.match}`,
          `${indent}  ${colors.dim("allow:")} ${text.allow}`,
        ]
      : []),
    ...why,
  ];
}

function printOutcome(it: Explanation, terminal: Terminal, label: (text: string) => string): void {
  const { colors } = terminal;
  const { decision } = it.trace;
  const { response, forwarded, trap } = it.result;
  if (trap) terminal.out(`${label("trap")}${colors.red(String(trap.message))}`);
  const headers = stepOf(it.trace, "headers");
  if (headers && forwarded) {
    const set = (headers.set as string[]).map(
      (name) => `${name}: ${forwarded.headers.get(name) ?? ""}`,
    );
    const removed = headers.removed as string[];
    if (removed.length > 0) terminal.out(`${label("removed")}${removed.join(", ")}`);
    for (const line of set) terminal.out(`${label("set")}${line}`);
  }
  if (forwarded) {
    terminal.out(`${label("forwarded")}${forwarded.method} ${forwarded.target}`);
  }
  const word = decision?.decision ?? (forwarded ? "allow" : "deny");
  const reason = decision?.reason === "none" ? "" : ` ${decision?.reason ?? ""}`;
  const by = decision?.rule ? `, by rule ${decision.rule}` : "";
  const status = forwarded ? "" : ` → ${response.status}`;
  const paint = forwarded ? colors.green : colors.red;
  terminal.out(`${label("decision")}${paint(colors.bold(`${word}${status}`))}${reason}${by}`);
}
