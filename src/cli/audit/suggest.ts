/**
 * Suggests rules that admit what rules refused, or would have with `reportOnly`, grouped by rule
 * and roles. Each is tried on the plugin before it is shown: its requests pass, and a request
 * without a credential still does not.
 */
import { stringify } from "yaml";
import { type Expressions, expressionsOf } from "../explain/expression.ts";
import {
  type Block,
  blockOf,
  mapOf,
  rulesOf,
  textsOf,
  valueOf,
  withKeys,
} from "../middleware/block.ts";
import { openGate } from "../middleware/open.ts";
import { outcomeFor } from "../table/outcome.ts";
import { type Asked, questionOf } from "./ask.ts";
import { API_KEY } from "./filter.ts";
import type { AuditLine } from "./line.ts";
import { type Pair, ruleFor } from "./rule.ts";
import { patternOf, shownText } from "./shown.ts";
import { unloggedIn } from "./unlogged.ts";

export interface Suggestion {
  rule: string;
  /** The caller's own roles, or `apikey:NAME`. */
  who: string;
  count: number;
  people: number;
  requests: { method: string; pattern: string; count: number }[];
  /** Null: there is no suggestion. */
  yaml: string | null;
  /** Why there is no suggestion, or what to know before using it. */
  note: string;
}

const BY_RULE = ["rule_not_satisfied", "rule_denies", "no_rule"];
/** Limits: a rule with more patterns, or a list with more groups, would not be readable. */
const PATTERNS = 30;
const SUGGESTIONS = 200;
const PEOPLE = 10_000;

interface Kind {
  rule: string;
  who: string;
  roles: string[];
  isKey: boolean;
  count: number;
  people: Set<string>;
  requests: Map<string, { method: string; pattern: string; count: number; sample: AuditLine }>;
}

export class Refusals {
  private readonly groups = new Map<string, Kind>();
  /** Requests without a credential: only a public rule would admit them. */
  anonymous = 0;
  /** Requests that were not examined. */
  left = 0;

  constructor(private readonly block: Block) {}

  add(line: AuditLine): void {
    // Includes names of users whose credential no longer counts.
    if (line.subject === null || line.status === 401) {
      this.anonymous++;
      return;
    }
    if (!BY_RULE.includes(line.reason) || line.rule === null || !line.path.startsWith("/")) return;
    const isKey = line.subject.startsWith(API_KEY);
    const roles = ownRoles(line.roles, this.block);
    const who = isKey ? line.subject : roles.join(", ");
    const key = JSON.stringify([line.rule, who]);
    let group = this.groups.get(key);
    if (!group) {
      if (this.groups.size === SUGGESTIONS) {
        this.left++;
        return;
      }
      group = {
        ...{ rule: line.rule, who, roles, isKey, count: 0 },
        ...{ people: new Set<string>(), requests: new Map() },
      };
      this.groups.set(key, group);
    }
    group.count++;
    if (group.people.size < PEOPLE) group.people.add(line.subject);
    const pattern = patternOf(line.path);
    const request = group.requests.get(`${line.method} ${pattern}`);
    if (request) request.count++;
    else if (group.requests.size < PATTERNS) {
      const { method } = line;
      group.requests.set(`${method} ${pattern}`, { method, pattern, count: 1, sample: line });
    } else this.left++;
  }

  /** The suggestions for most requests come first. */
  async suggestions(asked: Asked): Promise<Suggestion[]> {
    const all = [...this.groups.values()].sort((a, b) => b.count - a.count);
    const made: Suggestion[] = [];
    const expressions = await expressionsOf(asked.block, asked.open);
    for (const group of all) made.push(await suggestionFor(group, asked, expressions));
    return made;
  }
}

/** Leaves out roles that another one includes: a group of users needs the rest. */
function ownRoles(roles: string[], block: Block): string[] {
  const hierarchy = mapOf(block, "roleHierarchy");
  const included = (role: string, seen: Set<string>): Set<string> => {
    for (const it of textsOf(hierarchy, role)) {
      if (!seen.has(it)) included(it, seen.add(it));
    }
    return seen;
  };
  const below = new Set(roles.flatMap((role) => [...included(role, new Set())]));
  return roles.filter((role) => !below.has(role));
}

async function suggestionFor(
  group: Kind,
  asked: Asked,
  expressions: Expressions,
): Promise<Suggestion> {
  const requests = [...group.requests.values()].sort((a, b) => b.count - a.count);
  const { yaml, note } = await triedFor(group, requests, asked, expressions);
  return {
    ...{ rule: shownText(group.rule), who: shownText(group.who) },
    ...{ count: group.count, people: group.people.size },
    requests: requests.map(({ method, pattern, count }) => ({
      ...{ method: shownText(method), pattern, count },
    })),
    // No rule contains a text that may not be shown.
    yaml: yaml !== null && yaml.split("\n").every((line) => shownText(line) === line) ? yaml : null,
    note: shownText(note),
  };
}

async function triedFor(
  group: Kind,
  requests: (Pair & { sample: AuditLine })[],
  asked: Asked,
  expressions: Expressions,
): Promise<{ yaml: string | null; note: string }> {
  const { rule, roles, isKey } = group;
  const text = rulesOf(asked.block).find(({ name }) => name === rule);
  const unlogged = unloggedIn(text?.allow ?? "");
  if (unlogged.length > 0) {
    const what = `its allow looks at the ${unlogged.join(" and the ")}, which no log has`;
    return { yaml: null, note: `${what}: ${text!.allow}` };
  }
  const added = ruleFor({ ...group, requests }, asked.block, expressions);
  const refused = await stillRefused(added, rule, requests, asked);
  if (refused !== null) return { yaml: null, note: refused };
  const note = roles.length === 0 && !isKey ? "it admits everyone who is signed in" : "";
  return { yaml: stringify([added], { lineWidth: 0 }).trimEnd(), note };
}

/** Null: with the rule each of the requests passes, and none without a credential. */
async function stillRefused(
  added: Block,
  before: string,
  requests: { sample: AuditLine }[],
  asked: Asked,
): Promise<string | null> {
  const block = withRule(asked.block, added, before);
  if (!block) return `the configuration has no rule ${before}: it is of another time than the log`;
  for (const { sample } of requests) {
    const request = `${sample.method} ${patternOf(sample.path)}`;
    const anonymous = { ...sample, subject: null, roles: [] };
    for (const line of [sample, anonymous]) {
      const question = await questionOf(line, { ...asked, block });
      const guest = await openGate(question.block, asked.open).catch(
        (error: unknown) => error as Error,
      );
      if (guest instanceof Error) return `no rule can say it: ${guest.message}`;
      const { decision, reason, rule } = await outcomeFor(guest, question.wire);
      if (line === sample && decision !== "allow") {
        return `even with a rule of its own ${request} is refused: ${reason}${rule === null ? "" : ` by ${rule}`}`;
      }
      if (line === anonymous && decision === "allow") return `everyone may do ${request} today`;
    }
  }
  return null;
}

/** Puts it before the rule that refused; ordered rules keep their order. */
function withRule(block: Block, added: Block, before: string): Block | null {
  const list = valueOf(block, "rules");
  const rules = (Array.isArray(list) ? list : []).map(blockOf);
  const names = rulesOf(block).map(({ name }) => name);
  const isDefault = before === "default" && !names.includes(before);
  const at = isDefault ? rules.length : names.indexOf(before);
  if (at < 0) return null;
  const named = rules.map((rule, index) => withKeys(rule, { name: names[index]! }));
  const ordered = named
    .map((rule, index) => ({ rule, order: Number(valueOf(rule, "order") ?? index) }))
    .concat({
      rule: added,
      order: at === rules.length ? Infinity : Number(valueOf(named[at]!, "order") ?? at) - 0.5,
    })
    .sort((a, b) => a.order - b.order)
    .map(({ rule }) => withKeys(rule, { order: undefined }));
  // Requests that are only reported are decided all the same.
  return withKeys(block, { rules: ordered, reportOnly: undefined });
}
