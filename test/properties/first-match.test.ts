/** The first rule whose `match` holds decides, and no other: told without knowing what any `match` means. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { diceFor } from "../support/dice.ts";
import { loadGate, step } from "../support/gate.ts";
import { configOf, knownFunctions } from "./language/compare.ts";
import { randomCredential, randomRoles } from "./language/random-callers.ts";
import { randomRequest } from "./language/random-requests.ts";
import { aimsOf, randomPolicy } from "./language/random-rules.ts";

const RULE_SETS = 150;
const REQUESTS_EACH = 6;

/** Whether the guest's only rule is for the request; null: the request was refused before that was asked. */
function isFor(result: Result): boolean | null {
  const rule = step(result, "decision")?.rule;
  return rule === undefined ? null : rule !== "default";
}

test(`${RULE_SETS} rule sets: what decides is the first rule that matches on its own`, async () => {
  const dice = diceFor("first match");
  const known = await knownFunctions();
  const later = { count: 0 };
  for (let set = 0; set < RULE_SETS; set++) {
    // A body that cannot be read refuses the request, on the way to a rule and not by one.
    const policy = randomPolicy(dice, new Set([...known].filter((it) => !it.startsWith("Body"))));
    const roles = randomRoles(dice);
    const whole = await loadGate(configOf(policy, roles));
    const alone: Guest[] = [];
    for (const rule of policy.rules) {
      alone.push(await loadGate(configOf({ ...policy, rules: [rule] }, roles)));
    }
    const aims = aimsOf(dice, policy);
    for (let count = 0; count < REQUESTS_EACH; count++) {
      const { header } = randomCredential(dice, roles, aims);
      const wire = randomRequest(dice, aims, header);
      const result = await whole.handle(wire);
      const decision = step(result, "decision");
      const each = await Promise.all(alone.map((guest) => guest.handle(wire)));
      const first = each.findIndex((it) => isFor(it) === true);
      if (each.some((it) => isFor(it) === null)) {
        assert.equal(result.forwarded, null);
        continue;
      }
      const expected = first < 0 ? "default" : policy.rules[first]!.name;
      const said = `seed ${dice.seed}, rule set ${set}: ${JSON.stringify({ policy, wire })}`;
      assert.equal(decision?.rule, expected, said);
      // And it decides as it does alone.
      if (first >= 0) assert.equal(result.response.status, each[first]!.response.status, said);
      if (first > 0) later.count++;
    }
  }
  assert.ok(later.count > RULE_SETS / 4, `only ${later.count} were decided by a later rule`);
});
