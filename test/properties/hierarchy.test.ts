/** Roles only ever add: without `!`, one role more, or one edge more in the hierarchy, turns no allow into a deny. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dice, diceFor } from "../support/dice.ts";
import { loadGate } from "../support/gate.ts";
import { configOf, knownFunctions } from "./language/compare.ts";
import { bearer, randomRoles, type RoleSettings } from "./language/random-callers.ts";
import { randomRequest } from "./language/random-requests.ts";
import { patternsOf, randomPolicy, withoutNegation } from "./language/random-rules.ts";
import { ROLES } from "./language/vocabulary.ts";

const RULE_SETS = 400;
const REQUESTS_EACH = 6;

function withEdge(dice: Dice, settings: RoleSettings): RoleSettings {
  const [upper, lower] = dice.shuffled(ROLES);
  const { roleHierarchy = {} } = settings;
  const below = [...new Set([...(roleHierarchy[upper!] ?? []), lower!])];
  return { ...settings, roleHierarchy: { ...roleHierarchy, [upper!]: below } };
}

test(`${RULE_SETS} rule sets without '!' over callers: more roles never mean less`, async () => {
  const dice = diceFor("hierarchy");
  const known = await knownFunctions();
  // Of the functions about the caller mostly Role, or its effect would seldom be seen.
  const names = new Set(["Path", "PathPrefix", "Method", "Role", "Scope", "Exists", "Group"]);
  const used = new Set([...known].filter((it) => names.has(it)));
  const opened = { byRole: 0, byEdge: 0 };
  for (let set = 0; set < RULE_SETS; set++) {
    const policy = randomPolicy(dice, used, withoutNegation);
    const settings = randomRoles(dice);
    const wider = withEdge(dice, settings);
    const guest = await loadGate(configOf(policy, settings));
    const widened = await loadGate(configOf(policy, wider));
    for (let count = 0; count < REQUESTS_EACH; count++) {
      const names = ROLES.map((role) => settings.roles?.[role]?.[0] ?? role);
      const few = dice.shuffled(names).slice(0, dice.below(3));
      const wire = randomRequest(dice, patternsOf(policy), null);
      const allowed = async (it: typeof guest, roles: string[]) => {
        const headers = [...(wire.headers as [string, string][])];
        headers.push(["Authorization", bearer({ roles, scope: "read" })]);
        return (await it.handle({ ...wire, headers })).forwarded !== null;
      };
      const before = await allowed(guest, few);
      const more = await allowed(guest, [...few, dice.pick(names)]);
      const edge = await allowed(widened, few);
      const said = `seed ${dice.seed}, rule set ${set}: ${JSON.stringify({ policy, wider, wire, few })}`;
      if (before) assert.ok(more && edge, said);
      if (!before && more) opened.byRole++;
      if (!before && edge) opened.byEdge++;
    }
  }
  assert.ok(opened.byRole > 10 && opened.byEdge > 0, `nothing opened: ${JSON.stringify(opened)}`);
});
