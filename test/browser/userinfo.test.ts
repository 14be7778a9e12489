/** Roles that a provider puts nowhere but into userinfo (OpenID Connect Core §5.3), and userinfo that is not to be believed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FaultName } from "../../stack/provider/faults.ts";
import { Stage, trail } from "./stage.ts";

const withoutRoles: FaultName[] = ["access-token-without-roles", "id-token-without-roles"];

async function signIn(stage: Stage, ...faults: FaultName[]) {
  for (const name of [...withoutRoles, ...faults]) stage.provider.faults.show(name);
  const browser = stage.browser();
  await browser.go(stage.url("/api/runs?x=1"), { from: null });
  const visit = await browser.submit({ user: "bob" });
  return { browser, visit };
}

describe("with userinfo", () => {
  const stage = new Stage({ block: { login: { userinfo: true } } });

  test("roles come from there", async () => {
    const { visit } = await signIn(stage);
    assert.equal(visit.status, 200, trail(visit));
    assert.equal(visit.url, stage.url("/api/runs?x=1"));
    assert.equal(stage.provider.network.of("userinfo").length, 1);
  });

  for (const name of ["userinfo-other-sub", "userinfo-missing-sub"] as const) {
    test(`${name}: it gives nobody a role, and no session is left`, async () => {
      const { browser, visit } = await signIn(stage, name);
      assert.ok(visit.status >= 400, trail(visit));
      assert.equal(stage.cookie(browser, "session"), undefined, trail(visit));
      const after = await browser.fetch(stage.url("/api/runs"));
      assert.equal(after.status, 401, trail(after));
    });
  }

  for (const name of ["userinfo-refused", "userinfo-html"] as const) {
    test(`${name}: nobody gets a role that is not known of`, async () => {
      const { browser, visit } = await signIn(stage, name);
      assert.ok(visit.status >= 400, trail(visit));
      const after = await browser.fetch(stage.url("/api/runs"));
      assert.ok([401, 403].includes(after.status), trail(after));
    });
  }
});

describe("without userinfo", () => {
  const stage = new Stage();

  test("it is not asked, and without roles nobody may anything", async () => {
    const { visit } = await signIn(stage);
    assert.equal(visit.status, 403, trail(visit));
    assert.equal(stage.provider.network.of("userinfo").length, 0);
  });
});
