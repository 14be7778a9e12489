/** Files as people have them: what is written passes `check` once its placeholders are filled in, and holds no secret. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkSetup } from "../../../src/cli/check/run.ts";
import { SourceFile } from "../../../src/cli/source/file.ts";
import { setupOf } from "../../../src/cli/source/setup.ts";
import { pluginWasm } from "../../support/gate.ts";
import { root } from "../../../tools/root.ts";
import { filledIn, migrated } from "./gate.ts";

const folder = join(root, "test/cli/migrate/real");
/** Others are named by them. */
const FILES = readdirSync(folder).filter((name) => !/^(emails\.txt|snippets)$/.test(name));
/** Callers bring tokens there. */
const BEARER = /^(jwt-|hub-jwt)/;

test("there are thirty", () => assert.ok(FILES.length >= 30, String(FILES.length)));

for (const name of FILES) {
  test(name, async () => {
    const { drafts, text } = migrated(join(folder, name), name);
    assert.ok(!text.includes("s3cr3t"), text);
    assert.doesNotMatch(text, /undefined|\[object|\$\{/);
    const whole = filledIn(text);
    const { findings } = await checkSetup(setupOf([new SourceFile("new.yml", whole)]), pluginWasm);
    const errors = findings.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ code, message }) => `${code}: ${message}`),
      [],
      whole,
    );
    for (const draft of drafts) {
      const login = new RegExp(`middlewares: \\[${draft.name}-login, rolegate-buffering\\]`);
      assert.equal(login.test(text), !BEARER.test(name), text);
    }
  });
}
