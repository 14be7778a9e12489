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

const folders = ["test/cli/migrate/real", "test/cli/fixtures/migrate/cases"];
/** Others are named by them. */
const FILES = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => !/^(emails\.txt|snippets)$/.test(name))
    .map((name) => ({ name, path: join(root, folder, name) })),
);
/** Callers bring tokens there. */
const BEARER = /^(jwt-|hub-jwt|hub\.yml)/;

test("there are thirty", () => assert.ok(FILES.length >= 30, String(FILES.length)));

for (const { name, path } of FILES) {
  test(name, async () => {
    const { drafts, text } = migrated(path, name);
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
