/** The rule language, by the guest and by an evaluator of its own: `npm run fuzz -- --language 100000` is the long run. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { root } from "../../tools/root.ts";
import { compareLanguage, knownFunctions } from "./language/compare.ts";
import { FUNCTIONS } from "./language/decide.ts";

const RULE_SETS = 2_500;

describe("rule language", () => {
  test("the evaluator, the guest and docs/policy.md have the same functions", async () => {
    const rows = readFileSync(`${root}/docs/policy.md`, "utf8").matchAll(/^\| `([A-Z]\w*)\(/gm);
    const documented = [...rows].map(([, name]) => name!).sort();
    assert.deepEqual(Object.keys(FUNCTIONS).sort(), documented);
    assert.deepEqual([...(await knownFunctions())].sort(), documented);
  });

  test(`${RULE_SETS} random rule sets: both decide alike`, async (t) => {
    const seed = process.env.ROLEGATE_SEED ?? "rolegate language";
    const known = await knownFunctions();
    const report = await compareLanguage({ seed, ruleSets: RULE_SETS, known });
    t.diagnostic(JSON.stringify(report));
    // What never came out of a rule would have been compared with nothing.
    for (const status of [200, 400, 401, 403]) {
      assert.ok(report.statuses[status]! > report.requests / 50, `few requests got ${status}`);
    }
    assert.ok(report.byRule > report.requests / 2, "the default decides too often");
    assert.ok(report.misspelt > report.ruleSets / 10, "few spellings were tried");
  });
});
