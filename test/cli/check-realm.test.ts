/** `rolegate check` on realms of Keycloak: each finding is brought about, in every form that a realm has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { stringify } from "yaml";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { EXAMPLES } from "../../src/cli/check/guessable.ts";
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { root } from "../../tools/root.ts";
import { pluginWasm } from "../support/gate.ts";
import { healthyRealm, REALM_FAULTS, type Realm, SAFE } from "./realm-findings-table.ts";
import { rolegate } from "./run.ts";

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** The forms that a realm has: of its own, among others, and the operator's. */
const FORMS: Record<string, (realm: Realm) => string> = {
  "realm.json": json,
  "realms.json": (realm) => json([{ ...healthyRealm(), realm: "other" }, realm]),
  "import.yml": (realm) =>
    stringify({
      ...{ apiVersion: "k8s.keycloak.org/v2alpha1", kind: "KeycloakRealmImport" },
      ...{ metadata: { name: "main" }, spec: { keycloakCRName: "keycloak", realm } },
    }),
};

const found = async (name: string, text: string) =>
  (await checkSetup(setupOf([new SourceFile(name, text)]), pluginWasm)).findings;

const changed = (change: (realm: Realm) => void): Realm => {
  const realm = healthyRealm();
  change(realm);
  return realm;
};

for (const [form, write] of Object.entries(FORMS)) {
  describe(form, () => {
    test("nothing is wrong with a realm that is as it should be", async () => {
      assert.deepEqual(await found(form, write(healthyRealm())), []);
    });
    for (const [what, change] of Object.entries(SAFE)) {
      test(`nothing is said of ${what}`, async () => {
        assert.deepEqual(await found(form, write(changed(change))), []);
      });
    }
    for (const [code, changes] of Object.entries(REALM_FAULTS)) {
      for (const [what, change] of Object.entries(changes)) {
        test(`${code}: ${what}`, async () => {
          const findings = await found(form, write(changed(change)));
          assert.deepEqual(
            findings.map((it) => it.code),
            [code],
            json(findings.map(({ message }) => message)),
          );
          assert.ok(findings[0]!.place.end > findings[0]!.place.start);
        });
      }
    }
  });
}

test("no password or secret stands in a message", async () => {
  for (const code of ["realm_secret_known", "realm_secret_clear"]) {
    const realm = changed((it) => {
      it.clients[0]!.secret = "change-me-Canary-0123456789";
      it.smtpServer = { password: "aCanary-0123456789-abcdef" };
    });
    const findings = await found("realm.json", json(realm));
    assert.ok(findings.some((it) => it.code === code));
    for (const { message, remedy } of findings) assert.doesNotMatch(message + remedy, /canary/i);
  }
});

test("every finding about realms is brought about here", () => {
  const all = Object.keys(CATALOGUE).filter((code) => code.startsWith("realm_"));
  assert.deepEqual(Object.keys(REALM_FAULTS).sort(), all.sort());
});

test("a realm alone is enough for the command, and counted", async () => {
  const run = (realm: Realm, ...more: string[]) =>
    rolegate(["check", ...more, "-"], { input: json(realm) });
  const healthy = await run(healthyRealm(), "--strict");
  assert.deepEqual(
    [healthy.code, healthy.stdout],
    [0, "0 middlewares, 1 realm: 0 errors, 0 warnings\n"],
  );
  const open = await run(changed(REALM_FAULTS["realm_redirect_any"]!["every address"]!));
  assert.equal(open.code, 1);
  assert.match(open.stdout, /client app sends codes to \* \[realm_redirect_any\]/);
});

test("what examples are made of is the same for the plugin", () => {
  const source = readFileSync(join(root, "assembly/config/secret.ts"), "utf8");
  const [, list] = /const EXAMPLES: StaticArray<string> = \[([^\]]*)\]/.exec(source)!;
  assert.deepEqual(
    [...list!.matchAll(/"([^"]+)"/g)].map(([, it]) => it),
    EXAMPLES,
  );
});
