/** Reads logs once, line by line, and shows what is asked for. */
import type { Context } from "../command.ts";
import { plural } from "../check/text.ts";
import { csvText } from "../csv.ts";
import { CliError } from "../failure.ts";
import { type OpenFiles, openFiles } from "../middleware/files.ts";
import { isAbout, isWanted, type Wanted } from "./filter.ts";
import { type Dimension, DIMENSIONS, type Group, Groups } from "./group.ts";
import { decisionOf, readOwn } from "./line.ts";
import { type Names, readNames } from "./names.ts";
import type { AuditOptions } from "./options.ts";
import { momentOf } from "./period.ts";
import { SignedIn } from "./signed-in.ts";
import { eachLine } from "./stream.ts";
import { Refusals, type Suggestion } from "./suggest.ts";
import { refusalsCsv, refusalsOf } from "./refusal.ts";
import {
  EACH,
  nameHint,
  printGroups,
  printRefusals,
  printSuggestions,
  printUnused,
} from "./text.ts";
import { type RuleUse, usesOf } from "./unused.ts";
import { reasonsFor } from "./why.ts";

export async function auditLogs(
  logs: string[],
  options: AuditOptions,
  context: Context,
): Promise<void> {
  const wanted = wantedOf(options);
  const dimensions = dimensionsOf(options);
  const names: Names = options.names ? await readNames(options.names) : new Map();
  const gate = options.config.length > 0 ? await openFiles(options.config, filesOf(options)) : null;
  try {
    const seen = new Seen(wanted, new Groups(dimensions ?? EACH, names), names, gate);
    await context.terminal.progress("Reading the log", () =>
      eachLine(logs, context.signal, (line) => seen.take(line)),
    );
    await show(seen, dimensions, names, options, context);
  } finally {
    gate?.remove();
  }
}

function wantedOf(options: AuditOptions): Wanted {
  const { user, role, rule, reason, method, path, request, since, until, middleware } = options;
  return {
    ...{ user, role, rule, reason, method, path, request },
    middleware: middleware === undefined ? [] : [middleware],
    decisions: [
      ...(options.denied ? ["deny"] : []),
      ...(options.allowed ? ["allow"] : []),
      ...(options.reported ? ["report"] : []),
      // These are about what was refused, or would have been.
      ...((options.suggest || options.why) && !options.denied && !options.reported
        ? ["deny", "report"]
        : []),
    ],
    since: since === undefined ? "" : momentOf(since),
    until: until === undefined ? "" : momentOf(until),
  };
}

function dimensionsOf({ by }: AuditOptions): Dimension[] | null {
  const known = Object.keys(DIMENSIONS);
  const unknown = by?.find((name) => !known.includes(name));
  if (unknown === undefined) return (by as Dimension[] | undefined) ?? null;
  throw new CliError(
    "dimension_unknown",
    `${unknown} is nothing to count by`,
    `there are ${known.join(", ")}`,
  );
}

function filesOf({ middleware, mount, pluginName }: AuditOptions) {
  return {
    mount,
    ...(middleware === undefined ? {} : { middleware }),
    ...(pluginName === undefined ? {} : { pluginName }),
  };
}

/** Counts of a log, and a line for each kind. */
class Seen {
  /** All decisions of the plugin, whatever is asked for. */
  decisions = 0;
  broken = 0;
  /** An example of a subject. */
  subject: string | null = null;
  user: string | null = null;
  /** True if a line is about the users that are asked for, whatever else is asked. */
  isUserKnown = false;
  readonly rules = new Map<string, { count: number; last: string }>();
  readonly refusals: Refusals | null;
  private readonly signedIn = new SignedIn();

  constructor(
    private readonly wanted: Wanted,
    readonly groups: Groups,
    private readonly names: Names,
    readonly gate: OpenFiles | null,
  ) {
    this.refusals = gate ? new Refusals(gate.block) : null;
  }

  take(text: string): void {
    const own = readOwn(text);
    if (typeof own !== "string") this.signedIn.take(own);
    const line = typeof own === "string" ? own : decisionOf(own);
    if (line === "broken") this.broken++;
    if (typeof line === "string") return;
    this.signedIn.complete(line);
    this.decisions++;
    this.user ??= line.user;
    this.subject ??= line.subject;
    this.isUserKnown ||= isAbout(line, this.wanted.user, this.names);
    if (!isWanted(line, this.wanted, this.names)) return;
    this.groups.add(line);
    if (line.rule !== null) this.count(line.rule, line.time);
    if (line.decision !== "allow") this.refusals?.add(line);
  }

  private count(rule: string, time: string): void {
    const known = this.rules.get(rule);
    if (!known) this.rules.set(rule, { count: 1, last: time });
    else {
      known.count++;
      if (time > known.last) known.last = time;
    }
  }
}

async function show(
  seen: Seen,
  dimensions: Dimension[] | null,
  names: Names,
  options: AuditOptions,
  { terminal }: Context,
): Promise<void> {
  const { format, limit } = options;
  const isTable = format === "table";
  if (seen.decisions === 0) {
    terminal.warn(
      "the log has no decision of the plugin: Traefik's log.level must be INFO or lower, and `audit` not off",
    );
  }
  if (options.unused) {
    const uses = usesOf(seen.gate!.block, seen.rules);
    if (isTable) printUnused(uses, terminal);
    else terminal.write(format === "json" ? json(uses) : csvText(usesCsv(uses)));
  } else if (options.suggest) {
    const suggestions = await seen.refusals!.suggestions(seen.gate!);
    if (isTable) printSuggestions(suggestions, seen.refusals!, terminal);
    else
      terminal.write(format === "json" ? json(suggestions) : csvText(suggestionsCsv(suggestions)));
  } else if (options.why) {
    const said = await refusalsOf(seen.groups.all().slice(0, limit || undefined), seen, names);
    if (isTable) printRefusals(said, terminal);
    else terminal.write(format === "json" ? json(said) : csvText(refusalsCsv(said)));
  } else {
    const groups = seen.groups.all();
    if (isTable) {
      printGroups(groups, dimensions, limit, terminal);
      const lines = groups.slice(0, limit || undefined).map(({ sample }) => sample);
      const why = seen.gate ? await reasonsFor(lines, seen.gate) : [];
      if (why.length > 0) terminal.out();
      for (const reason of why) terminal.out(reason);
    } else {
      const rows = groupsOf(groups, dimensions ?? EACH);
      terminal.write(format === "json" ? json(rows) : csvText(rowsCsv(rows)));
    }
  }
  if (!seen.isUserKnown && seen.subject !== null)
    terminal.warn(nameHint(options.user, seen.subject, seen.user));
  if (seen.broken > 0)
    terminal.warn(`${plural(seen.broken, "line")} of the plugin cut off, and left out`);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** One object for each group: its dimensions and its counts. */
function groupsOf(groups: Group[], dimensions: readonly Dimension[]): Record<string, unknown>[] {
  return groups.map(({ values, count, allowed, refused, reported, first, last }) => ({
    ...Object.fromEntries(dimensions.map((name, index) => [name, values[index]])),
    ...{ count, allowed, refused, reported, first, last },
  }));
}

function rowsCsv(rows: Record<string, unknown>[]): string[][] {
  if (rows.length === 0) return [];
  return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(String))];
}

function usesCsv(uses: RuleUse[]): string[][] {
  return [
    ["rule", "count", "last", "not logged"],
    ...uses.map(({ rule, count, last, unlogged }) => [rule, String(count), last, unlogged]),
  ];
}

function suggestionsCsv(suggestions: Suggestion[]): string[][] {
  return [
    ["rule", "who", "count", "callers", "requests", "suggested", "note"],
    ...suggestions.map(({ rule, who, count, people, requests, yaml, note }) => [
      ...[rule, who, String(count), String(people)],
      ...[
        requests.map(({ method, pattern }) => `${method} ${pattern}`).join(" "),
        yaml ?? "",
        note,
      ],
    ]),
  ];
}
