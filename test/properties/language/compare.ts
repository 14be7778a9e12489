/** The guest against the evaluator beside this file: random rule sets, and some requests to each. */
import { enter } from "../../../src/guest/entrypoint.ts";
import type { ServerRequest } from "../../../src/guest/exchange.ts";
import type { Guest, Result } from "../../../src/guest/guest.ts";
import { type GuestOptions, loadGuest } from "../../../src/guest/load.ts";
import { Dice } from "../../support/dice.ts";
import { pluginWasm } from "../../support/gate.ts";
import {
  decide,
  faultOf,
  FUNCTIONS,
  isNarrow,
  type Policy,
  type Verdict,
  WORDS,
} from "./decide.ts";
import { type Call, callsOf, parseExpression } from "./grammar.ts";
import { seePath } from "./paths.ts";
import {
  API_KEYS,
  type Credential,
  randomCredential,
  randomRoles,
  type RoleSettings,
  SECRETS,
} from "./random-callers.ts";
import { randomRequest } from "./random-requests.ts";
import { aimsOf, ARGUMENTS, print, randomMatch, randomPolicy } from "./random-rules.ts";
import { Scene } from "./scene.ts";
import * as words from "./vocabulary.ts";

const REQUESTS_EACH = 8;
const CALLERS_EACH = 3;

export interface Report {
  ruleSets: number;
  requests: number;
  misspelt: number;
  /** Requests by the status that both gave them. */
  statuses: Record<number, number>;
  /** Requests that a rule decided, not the default; that made the guest read a body. */
  byRule: number;
  bodies: number;
}

export interface LanguageRun {
  seed: string;
  ruleSets: number;
  known: ReadonlySet<string>;
  /** The first rule set's number, to repeat one. */
  from?: number;
  onProgress?: (done: number) => void;
}

/** Throws at the first disagreement, with what repeats it. */
export async function compareLanguage(run: LanguageRun): Promise<Report> {
  const report: Report = {
    ruleSets: 0,
    requests: 0,
    misspelt: 0,
    statuses: {},
    byRule: 0,
    bodies: 0,
  };
  const from = run.from ?? 0;
  for (let index = from; index < from + run.ruleSets; index++) {
    const dice = new Dice(`${run.seed}/${index}`);
    const repeat = `--seed "${run.seed}" --from ${index}`;
    await compareRuleSet(dice, run.known, report, repeat);
    report.ruleSets++;
    if (report.ruleSets % 1000 === 0) run.onProgress?.(report.ruleSets);
  }
  return report;
}

async function compareRuleSet(
  dice: Dice,
  known: ReadonlySet<string>,
  report: Report,
  repeat: string,
): Promise<void> {
  const policy = randomPolicy(dice, known);
  const roles = randomRoles(dice);
  const config = configOf(policy, roles);
  const guest = await load(config);
  const complaints = errorsOf(guest);
  if (complaints.length > 0) disagree("the guest refuses it", { repeat, complaints, config });
  const aims = aimsOf(dice, policy);
  const callers = dice.times(CALLERS_EACH, () => randomCredential(dice, roles, aims));
  for (let count = 0; count < REQUESTS_EACH; count++) {
    const credential = dice.pick(callers);
    const wire = randomRequest(dice, aims, credential.header);
    const request = enter(wire);
    if (!("uri" in request)) continue;
    const expected = expect(policy, request, credential);
    const result = await guest.handle(wire);
    const difference = differ(expected, result, request);
    if (difference) {
      const trace = result.logs.map(({ message }) => message);
      disagree(difference, { repeat, config, wire, expected, caller: credential.caller, trace });
    }
    report.requests++;
    report.statuses[expected.status] = (report.statuses[expected.status] ?? 0) + 1;
    if (expected.rule !== null && expected.rule !== "default") report.byRule++;
    if (expected.bodyRead) report.bodies++;
  }
  if (dice.chance(3)) await compareMisspelt(dice, policy, roles, report, repeat);
  if (dice.chance(6)) await compareNarrow(dice, known, repeat);
}

export function configOf(policy: Policy, roles: RoleSettings): Record<string, unknown> {
  return {
    issuer: words.ISSUERS[0],
    clientId: words.CLIENTS[0],
    signingSecret: SECRETS[0],
    issuers: [{ issuer: words.ISSUERS[1], clientId: words.CLIENTS[1], signingSecret: SECRETS[1] }],
    apiKeys: API_KEYS,
    ...roles,
    ...policy,
    logLevel: "debug",
    audit: "off",
  };
}

const load = (config: unknown): Promise<Guest> =>
  loadGuest({ wasm: pluginWasm, config } satisfies GuestOptions);

function errorsOf(guest: Guest): Record<string, unknown>[] {
  return guest.startLogs.flatMap(({ data }) => (data?.severity === "error" ? [data] : []));
}

function expect(policy: Policy, request: ServerRequest, shown: Credential): Verdict {
  const path = seePath(request.uri.escapedPath);
  if (!path || /[a-z]/.test(request.method)) return { status: 400, rule: null, bodyRead: false };
  const { method, host, headers, remote, body } = request;
  const query = request.uri.rawQuery;
  const seen = { method, host, headers, remote, body, query };
  return decide(policy, new Scene(seen, path, shown.caller, shown.header === null));
}

function differ(expected: Verdict, result: Result, request: ServerRequest): string | null {
  if (result.trap) return `trap: ${result.trap}`;
  const { status } = result.response;
  if (status !== expected.status) return `status ${status}, not ${expected.status}`;
  const decision = result.logs.find(({ data }) => data?.step === "decision")?.data;
  // A refusal for the path or the body's sake may name the rule on the way to which it was.
  if (expected.rule !== null && expected.status !== 400 && decision?.rule !== expected.rule) {
    return `rule ${String(decision?.rule)}, not ${expected.rule}`;
  }
  if (result.calls.includes("read_body") !== expected.bodyRead) {
    return `the body is ${expected.bodyRead ? "not " : ""}read`;
  }
  if (!result.forwarded) return status === 200 ? "it is not forwarded" : null;
  if (status !== 200) return "it is forwarded";
  if (!result.forwarded.body.equals(request.body)) return "the body is changed";
  const [path, ...query] = result.forwarded.target.split("?");
  // One encoding, of the path that rules saw.
  if (seePath(path!)?.text !== seePath(request.uri.escapedPath)?.text) return `path ${path}`;
  if (query.join("?") !== request.uri.rawQuery) return `query ${query.join("?")}`;
  return null;
}

/** Public rules are taken exactly where each alternative names its paths. */
async function compareNarrow(dice: Dice, known: ReadonlySet<string>, repeat: string) {
  const match = randomMatch(dice, known);
  const rules = [{ name: "r", match: print(dice, match), allow: "public" }];
  const guest = await load(configOf({ rules, default: "deny" }, {}));
  const codes = guest.startLogs.map(({ data }) => data?.code);
  if (codes.includes("public_too_wide") === isNarrow(match)) {
    disagree(isNarrow(match) ? "the guest calls it too wide" : "the guest calls it narrow", {
      repeat,
      rules,
    });
  }
}

/** One rule with a token too few or too many: the guest refuses it exactly where the grammar and the tables do. */
async function compareMisspelt(
  dice: Dice,
  policy: Policy,
  roles: RoleSettings,
  report: Report,
  repeat: string,
): Promise<void> {
  const rule = dice.pick(policy.rules);
  const part = dice.pick(["match", "allow"] as const);
  const before = rule[part];
  const changed = misspell(dice, before);
  const fault = faultOf(part, changed);
  // What only moved a text to another function is no longer a question of the grammar.
  if (fault === null && !isSubset(changed, before)) return;
  if (fault === null && part === "match" && ["public", "optional"].includes(rule.allow)) return;
  const rules = policy.rules.map((it) => (it === rule ? { ...rule, [part]: changed } : it));
  const guest = await load(configOf({ ...policy, rules }, roles));
  const complaints = errorsOf(guest);
  // A `!` more may be good grammar and leave a value without its capture; `&&` for `||` may capture one twice.
  const ofCaptures = ["not_captured", "captured_twice"];
  if (complaints.length > 0 && complaints.every(({ code }) => ofCaptures.includes(String(code))))
    return;
  if (complaints.length > 0 !== (fault !== null)) {
    const what = fault === null ? "the guest refuses a good spelling" : "the guest takes a bad one";
    disagree(what, { repeat, part, before, changed, fault, complaints });
  }
  report.misspelt++;
}

const TOKEN = /[ \t\r\n]+|`[^`]*`|"(?:[^"\\]|\\.)*"|[A-Za-z0-9]+|&&|\|\||[^]/g;
const EXTRA = [
  "(",
  ")",
  ",",
  "!",
  "&&",
  "||",
  "&",
  "|",
  "`",
  '"',
  "`a`",
  "x",
  "Path",
  "\u00a0",
  ";",
  "\\",
];

function misspell(dice: Dice, text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  for (let count = dice.between(1, 2); count > 0; count--) {
    const at = dice.below(tokens.length + 1);
    switch (dice.below(4)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 0, tokens[at] ?? ")");
        break;
      case 2:
        tokens.splice(at, 0, dice.pick(EXTRA));
        break;
      default:
        tokens.splice(at, 2, ...tokens.slice(at, at + 2).reverse());
    }
  }
  return tokens.join("");
}

function isSubset(changed: string, before: string): boolean {
  if (WORDS.includes(changed)) return true;
  if (WORDS.includes(before)) return false;
  const spelt = ({ name, args }: Call) => JSON.stringify([name, args]);
  const known = new Set(callsOf(parseExpression(before)).map(spelt));
  return callsOf(parseExpression(changed)).every((call) => known.has(spelt(call)));
}

/** The functions of docs/policy.md that the guest has. */
export async function knownFunctions(): Promise<Set<string>> {
  const known = new Set<string>();
  for (const name of Object.keys(FUNCTIONS)) {
    const dice = new Dice(name);
    const allow = print(dice, { kind: "call", name, args: ARGUMENTS[name]!(dice, []) });
    const rules = [{ name: "r", match: "Path(`/`)", allow }];
    const config = configOf({ rules, default: "deny" }, {});
    if (errorsOf(await load(config)).length === 0) known.add(name);
  }
  return known;
}

function disagree(what: string, details: unknown): never {
  throw new Error(`${what}\n${JSON.stringify(details, show, 1)}`);
}

function show(_: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (typeof value === "string" && value.length > 2_000) return `${value.slice(0, 2_000)}…`;
  return value;
}
