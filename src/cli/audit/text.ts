/** The results of an audit, for people. */
import { plural } from "../check/text.ts";
import { printRows } from "../rows.ts";
import type { Terminal } from "../terminal.ts";
import type { Dimension, Group } from "./group.ts";
import { shownText } from "./shown.ts";
import type { Refusal } from "./refusal.ts";
import type { Suggestion } from "./suggest.ts";
import type { RuleUse } from "./unused.ts";

/** Without `--by`. */
export const EACH: Dimension[] = [
  ...(["user", "roles", "method", "path", "decision", "status", "reason", "rule"] as const),
];

const HEADS: Partial<Record<Dimension, string>> = { user: "WHO" };
const headOf = (name: Dimension) => HEADS[name] ?? name.toUpperCase();

export function printGroups(
  groups: Group[],
  dimensions: readonly Dimension[] | null,
  limit: number,
  terminal: Terminal,
): void {
  const shown = limit === 0 ? groups : groups.slice(0, limit);
  if (shown.length === 0) return terminal.out("No decision.");
  if (dimensions) {
    const head = [...dimensions.map(headOf), "ALLOWED", "REFUSED", "REPORTED", "LAST"];
    printRows(head, shown.map(countsOf), terminal);
  } else {
    printRows(
      ["LAST", "COUNT", "WHO", "ROLES", "REQUEST", "DECISION", "RULE"],
      shown.map(eachOf),
      terminal,
    );
  }
  const left = groups.length - shown.length;
  if (left > 0) terminal.out(terminal.colors.dim(`… and ${left} more: --limit 0 shows all`));
}

function countsOf({ values, allowed, refused, reported, last }: Group): string[] {
  return [...values, String(allowed), String(refused), String(reported), last];
}

function eachOf({ values, count, last }: Group): string[] {
  const [who, roles, method, path, decision, status, reason, rule] = values as [
    ...[string, string, string, string, string, string, string, string],
  ];
  const words =
    decision === "deny"
      ? [status, reason]
      : decision === "report"
        ? [decision, reason]
        : [decision];
  return [last, String(count), who, roles, `${method} ${path}`, words.join(" "), rule];
}

/** A paragraph for each. */
export function printRefusals(refusals: Refusal[], terminal: Terminal): void {
  const { bold, dim } = terminal.colors;
  if (refusals.length === 0) terminal.out("No refusal.");
  for (const [index, it] of refusals.entries()) {
    if (index > 0) terminal.out();
    const would = it.decision === "report" ? "would be " : "";
    const from = it.client === null ? "" : ` from ${it.client}`;
    const who =
      it.subject === null || it.subject === it.user ? it.user : `${it.user} (${it.subject})`;
    terminal.out(`${bold(`${it.method} ${it.path}`)}  ${would}${it.status} ${it.reason}`);
    terminal.out(`  ${who}${from}, ${times(it.count)} ${it.last}, ${dim(`request ${it.request}`)}`);
    for (const sentence of it.because) terminal.out(`  ${sentence}`);
  }
}

const times = (count: number) => (count === 1 ? "at" : `${count} times, the last at`);

/** Those that no line names. */
export function printUnused(uses: RuleUse[], terminal: Terminal): void {
  const unused = uses.filter(({ count }) => count === 0);
  if (unused.length > 0) {
    const rows = unused.map(({ rule, unlogged }) => [rule, unlogged || "nothing"]);
    printRows(["RULE", "NOT LOGGED"], rows, terminal);
    terminal.out();
  }
  terminal.out(`${unused.length} of ${plural(uses.length, "rule")} with no decision in the log.`);
  if (unused.some(({ unlogged }) => unlogged !== "")) {
    terminal.out(terminal.colors.dim("`audit: all` logs every decision (docs/configuration.md)."));
  }
}

export function printSuggestions(
  suggestions: Suggestion[],
  { anonymous, left }: { anonymous: number; left: number },
  terminal: Terminal,
): void {
  const { colors } = terminal;
  for (const { rule, who, count, people, requests, yaml, note } of suggestions) {
    const whom = who === "" ? "people without a role" : who;
    const by = `${plural(count, "request")} of ${people === 1 ? "one caller" : `${people} callers`}`;
    terminal.out(`${colors.bold(`${rule} refuses ${whom}`)}: ${by}`);
    for (const it of requests)
      terminal.out(`    ${it.method} ${it.pattern}  ${colors.dim(`${it.count}×`)}`);
    if (yaml) {
      const place =
        rule === "default"
          ? "As the last rule, this admits them"
          : `Before ${rule}, this rule admits them`;
      terminal.out(`  ${place}${note ? `; ${note}` : ""}:`);
      for (const line of yaml.split("\n")) terminal.out(`    ${colors.green(line)}`);
    } else terminal.out(`  ${colors.yellow("no rule is suggested:")} ${note}`);
    terminal.out();
  }
  if (suggestions.length === 0) terminal.out("No rule refuses a known caller.");
  if (anonymous > 0) {
    terminal.out(
      `${plural(anonymous, "request")} without a good credential: people have to sign in, programs to bring a token.`,
    );
  }
  if (left > 0) terminal.out(`${plural(left, "request")} more, of too many kinds to list.`);
}

/** Why nothing is found. A log may have names (`audit.user`), or subjects alone. */
export function nameHint(wanted: string[], subject: string, user: string | null): string {
  const names = shownText(wanted.join(" or "));
  if (user !== null)
    return `no line is about ${names}: the log names people such as ${shownText(user)}`;
  return `no line is about ${names}: the log has subjects (\`sub\`), such as ${shownText(subject)}; --names FILE says what people are called`;
}
