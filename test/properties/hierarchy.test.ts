/** Roles only ever add: without `!`, one role more, or one edge more in the hierarchy, turns no allow into a deny. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diceFor } from "../support/dice.ts";
import { loadGate } from "../support/gate.ts";
import { configOf } from "./language/compare.ts";
import { bearer, randomRoles, type RoleSettings } from "./language/random-callers.ts";
import { randomRequest } from "./language/random-requests.ts";
import { aimsOf, randomPolicy, withoutNegation } from "./language/random-rules.ts";
import { ROLES } from "./language/vocabulary.ts";

const RULE_SETS = 200;
const REQUESTS_EACH = 20;

function withEdge(settings: RoleSettings, upper: string, lower: string): RoleSettings {
  const { roleHierarchy = {} } = settings;
  const below = [...new Set([...(roleHierarchy[upper] ?? []), lower])];
  return { ...settings, roleHierarchy: { ...roleHierarchy, [upper]: below } };
}

test(`${RULE_SETS} rule sets without '!' over callers: more roles never mean less`, async () => {
  const dice = diceFor("hierarchy");
  // Of the functions about the caller mostly Role, or its effect would seldom be seen.
  const used = new Set(["Path", "PathPrefix", "Role", "Scope"]);
  const opened = { byRole: 0, byEdge: 0 };
  for (let set = 0; set < RULE_SETS; set++) {
    const policy = randomPolicy(dice, used, withoutNegation);
    const settings = randomRoles(dice);
    const [upper, lower] = dice.shuffled(ROLES);
    const wider = withEdge(settings, upper!, lower!);
    const guest = await loadGate(configOf(policy, settings));
    const widened = await loadGate(configOf(policy, wider));
    for (let count = 0; count < REQUESTS_EACH; count++) {
      const nameOf = (role: string) => settings.roles?.[role]?.[0] ?? role;
      const few = [upper!, ...dice.shuffled(ROLES)].slice(dice.below(2), 2).map(nameOf);
      const wire = randomRequest(dice, aimsOf(dice, policy), null);
      const allowed = async (it: typeof guest, roles: string[]) => {
        const headers = [...(wire.headers as [string, string][])];
        headers.push(["Authorization", bearer({ roles, scope: "read" })]);
        return (await it.handle({ ...wire, headers })).forwarded !== null;
      };
      const before = await allowed(guest, few);
      const more = await allowed(guest, [...few, nameOf(dice.pick(ROLES))]);
      const edge = await allowed(widened, few);
      const said = `seed ${dice.seed}, rule set ${set}: ${JSON.stringify({ policy, wider, wire, few })}`;
      if (before) assert.ok(more && edge, said);
      if (!before && more) opened.byRole++;
      if (!before && edge) opened.byEdge++;
    }
  }
  assert.ok(opened.byRole > 10 && opened.byEdge > 10, `nothing opened: ${JSON.stringify(opened)}`);
});
