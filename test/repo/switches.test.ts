/**
 * A switch over an enumeration names its members, and what is none of them is refused: a member that somebody adds and
 * forgets must not fall into an arm that grants.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sources, textOf } from "./files.ts";

/** What a `default` may do anywhere: nobody is let in by it. */
const REFUSALS = [
  "return false;",
  "return Reason.AudienceMismatch;",
  "return Reason.NotAnAccessToken;",
  "return Reason.ConfigError;",
  "unreachable();",
  'return "";',
];

/** File and the enumeration of a switch -> what its `default` does instead, and why nobody is let in by that. */
const OTHER_DEFAULTS: Record<string, [arm: string, because: string]> = {
  "gate/audit.ts Audit": ["return true;", "a decision too many is logged"],
  "config/settings.ts Field": ["return true;", "a header too many is read"],
  "policy/evaluate.ts Operator": ["facts.undecided = true; return false;", "the gate refuses"],
  "claims/test.ts Question": ["this.undecided = true; return false;", "an error at load"],
  "policy/arguments.ts Operator": ["return this.fail(", "an error at load"],
  "policy/reach.ts Operator": ["break;", "a rule is not called unreachable"],
  "login/metadata.ts Endpoint": ["return true;", "an endpoint too many is judged"],
  "login/client-auth.ts ClientAuth": ["return;", "nothing is proved, and the provider refuses"],
  "login/store-cron.ts Step": ["return this.fail(", "nothing counts as read"],
  "claims/validate.ts TokenKind": [
    "return new TimeRules(skew, true, true,",
    "all times are needed",
  ],
  "crypto/curve.ts Curve": ["return 0;", "there are zeros, and no point is on that curve"],
  "claims/validate.ts SubjectRule": ["return true;", "a subject is needed"],
};

/** Switches that leave members to their `default`, and why that is right for each of them. */
const PARTIAL: Record<string, string> = {
  "policy/prefilter.ts Operator": "a rule that is not screened is asked in full",
  "policy/reach.ts Operator": "a rule is not called unreachable",
  "policy/arguments.ts Operator": "an empty argument is an error",
  "crypto/ecdsa.ts Curve": "no signature on another curve is verified",
  "jose/key.ts Scheme": "no signature by another scheme is verified",
};

interface Switch {
  /** `file enumeration`. */
  name: string;
  named: string[];
  /** The statements of its `default`; undefined: it has none. */
  arm: string | undefined;
  line: string;
}

const files = sources("assembly").filter((path) => !path.includes("/kernels/"));
const enumerations = new Map<string, string[]>();
for (const path of files) {
  for (const [, name, body] of textOf(path).matchAll(/^export enum (\w+) \{([\s\S]*?)^\}/gm)) {
    enumerations.set(
      name!,
      [...body!.matchAll(/^ {2}(\w+)/gm)].map(([, member]) => member!),
    );
  }
}

/** Prettier has made the form of every switch the same: its arms are two spaces further in, its end is as far in. */
function switchesIn(path: string): Switch[] {
  const text = textOf(path);
  return [...text.matchAll(/^( *)switch \((.*)\) \{$/gm)].map((found) => {
    const indent = found[1]!;
    const body = text.slice(found.index).split(`\n${indent}}`)[0]!;
    const labels = [...body.matchAll(new RegExp(`^${indent}  case (\\w+)\\.(\\w+):`, "gm"))];
    const [, rest] = body.split(`\n${indent}  default:`);
    const arm = rest?.replaceAll(/^ *\/\/.*$/gm, "").replaceAll(/\s+/g, " ");
    return {
      name: `${path.replace("assembly/", "")} ${labels[0]?.[1]}`,
      named: labels.map(([, , member]) => member!),
      arm: arm?.trim(),
      line: `${path}: ${found[0].trim()}`,
    };
  });
}

const switches = files.flatMap(switchesIn);

test("they are found, and each is over an enumeration", () => {
  assert.ok(switches.length >= 15, `${switches.length}`);
  for (const { name, line } of switches) assert.ok(enumerations.has(name.split(" ")[1]!), line);
});

test("every one has a default, which lets nobody in", () => {
  for (const { name, arm, line } of switches) {
    assert.ok(arm !== undefined, `${line} has no default`);
    const other = OTHER_DEFAULTS[name]?.[0];
    const isRefusal = REFUSALS.includes(arm) || (other !== undefined && arm.startsWith(other));
    assert.ok(isRefusal, `${line}: default: ${arm}`);
  }
});

test("every one names all members, or says why not", () => {
  for (const { name, named, line } of switches) {
    if (name in PARTIAL) continue;
    const missing = enumerations.get(name.split(" ")[1]!)!.filter((it) => !named.includes(it));
    assert.deepEqual(missing, [], line);
  }
});

test("the exceptions are there", () => {
  const names = new Set(switches.map(({ name }) => name));
  const stale = [...Object.keys(OTHER_DEFAULTS), ...Object.keys(PARTIAL)].filter(
    (it) => !names.has(it),
  );
  assert.deepEqual(stale, []);
});

/** The operators of which rules consist, beside those of functions. */
const CONNECTIVES = ["And", "Or", "Not"];
/** Made of another one when its values hold a capture. */
const DERIVED = ["CapturedClaim"];

test("the evaluator has every operator that a function's signature has, and no other", () => {
  const signatures = textOf("assembly/policy/functions.ts").matchAll(/Operator\.(\w+),/g);
  const operators = new Set([...signatures].map(([, name]) => name!));
  const evaluated = switches.find(({ name }) => name === "policy/evaluate.ts Operator")!.named;
  assert.deepEqual([...evaluated].sort(), [...CONNECTIVES, ...DERIVED, ...operators].sort());
  const asked = textOf("assembly/policy/functions.ts").matchAll(/Question\.(\w+)\)/g);
  const answered = switches.find(({ name }) => name === "claims/test.ts Question")!.named;
  assert.deepEqual([...answered].sort(), [...asked].map(([, name]) => name!).sort());
});
