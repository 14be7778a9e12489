/** The conditions that did not hold where a rule refused: asked of the current configuration. */
import { explain } from "../explain/run.ts";
import { rulesOf } from "../middleware/block.ts";
import { type Asked, questionOf } from "./ask.ts";
import type { AuditLine } from "./line.ts";
import { shownPath, shownText } from "./shown.ts";
import { unloggedIn } from "./unlogged.ts";

/** Number of decisions that are asked about. */
const MOST = 20;
const BY_RULE = ["rule_not_satisfied", "rule_denies", "no_rule"];

/** One line for each rule and roles. */
export async function reasonsFor(lines: AuditLine[], asked: Asked): Promise<string[]> {
  const told = new Map<string, AuditLine>();
  for (const line of lines) {
    if (!BY_RULE.includes(line.reason) || !line.path.startsWith("/")) continue;
    const key = JSON.stringify([line.rule, line.roles]);
    if (!told.has(key) && told.size < MOST) told.set(key, line);
  }
  const reasons = [];
  for (const line of told.values()) reasons.push(...(await reasonFor(line, asked)));
  return reasons;
}

async function reasonFor(line: AuditLine, asked: Asked): Promise<string[]> {
  const { block, wire } = await questionOf(line, asked);
  const { result, rules } = await explain(block, wire, asked.open);
  const request = `${shownText(line.method)} ${shownPath(line.path)}`;
  const roles = line.roles.length > 0 ? `roles ${line.roles.join(", ")}` : "no roles";
  const head = shownText(`${line.rule ?? "no rule"}, ${roles}`);
  const text = rulesOf(asked.block).find(({ name }) => name === line.rule);
  const unlogged = unloggedIn(text?.allow ?? "");
  if (text && unlogged.length > 0) {
    const what = `the log has no ${unlogged.join(" and no ")} to say more`;
    return [`${head}: allow is ${text.allow}; ${what}`];
  }
  if (result.forwarded) return [`${head}: today's configuration lets ${request} pass`];
  const decided = rules.find(({ rule, matched }) => matched && rule === line.rule);
  if (!decided) return [`${head}: today, another rule decides ${request}`];
  const because = decided.because.map(
    ({ call, holds }) => `${call} ${holds ? "holds" : "does not hold"}`,
  );
  const allow = decided.text ? `allow is ${decided.text.allow}` : "no rule matches";
  return [`${head}: ${[allow, ...because].join("; ")}`];
}
