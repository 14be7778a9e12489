/** etcd with users: the plugin is one of them, with the role that docs/operations.md names, and no more. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { findEtcdctl } from "../../stack/etcd/binary.ts";
import { startEtcd } from "../../stack/etcd/etcd.ts";
import { blocks } from "../docs/blocks.ts";
import { Fleet, path, PREFIX } from "./fleet.ts";

const access = { username: "rolegate", password: "secret of etcd's user", prefix: "gates/one/" };
const quick = { session: { revocationTtl: "1s" } };
const SOON = 5;

describe("with the user's password", () => {
  const fleet = new Fleet({ access, block: quick });
  const { stage } = fleet;
  test("each reads it", () => fleet.ready());

  test("a sign-out holds everywhere, also after etcd was started again and knows no token", async () => {
    for (const round of ["first", "after a start"]) {
      fleet.send(0);
      const browser = await stage.signIn("bob");
      const cookies = await fleet.cookiesOf(browser);
      fleet.send(1);
      await browser.go(stage.url("/oidc/logout"));
      await fleet.signedOut(cookies, fleet.all, SOON * 2);
      if (round === "first") {
        await fleet.etcd.kill();
        await fleet.etcd.start();
      }
    }
  });

  test("what stands in etcd is below the prefix, and tells nobody anything", async () => {
    fleet.toAll();
    const browser = await stage.signIn("bob");
    const { sid } = stage.provider.sessions("bob").at(-1)!;
    await browser.go(stage.url("/oidc/logout"));
    const { issuer } = stage.provider;
    const entries = await fleet.etcd.entries();
    assert.ok(entries.some(({ key }) => key.startsWith(`${access.prefix}revoked/`)));
    for (const { key, value } of entries) {
      assert.ok(key.startsWith(access.prefix), key);
      const text = key + value.toString("latin1") + value.toString("base64");
      // None so short that it could stand in a sealed value by chance.
      for (const word of [sid, issuer, stage.stack.secret, access.password]) {
        assert.ok(!text.includes(word), `${key} has ${word}`);
        assert.ok(!text.includes(Buffer.from(word).toString("base64").replace(/=+$/, "")), key);
      }
    }
  });

  test("whoever reads etcd cannot take over a session that was refreshed, and it ends there by itself", async () => {
    fleet.toAll();
    const browser = await stage.signIn("bob");
    await stage.expire(browser);
    await browser.go(stage.url(path));
    const entries = (await fleet.etcd.entries()).filter(
      // Fetched keys are written over, and have no lease.
      ({ key }) => !/^[^/]+\/[^/]+\/(revoked|unproven|keys)\//.test(key),
    );
    assert.ok(entries.length > 0, "the result of a refresh");
    const cookies = (["session", "refresh"] as const).map((it) => stage.cookie(browser, it)!);
    assert.ok(cookies.every((it) => it.length > 40));
    for (const { key, value, lease } of entries) {
      assert.notEqual(lease ?? "0", "0", `${key} has no lease`);
      const text = value.toString("latin1");
      const opened = Buffer.from(text, "base64url").toString("latin1");
      for (const cookie of cookies) {
        assert.ok(
          !text.includes(cookie.slice(0, 40)) && !opened.includes(cookie.slice(0, 40)),
          key,
        );
      }
    }
  });

  test("the password and etcd's tokens are in no log", () => {
    for (const { log } of stage.stack.replicas) {
      const text = log
        .lines()
        .map((line) => line.text)
        .join("\n");
      assert.ok(!text.includes(access.password));
    }
  });
});

describe("with another password", () => {
  const fleet = new Fleet({ access, block: quick, wrongPassword: "not the password" });
  const { stage } = fleet;

  test("the log names it, no session counts, because nothing is known of sign-outs; a token does", async () => {
    const { log } = stage.stack.replicas[0]!;
    await log.waitForGuest(({ event }) => event === "store_unreadable");
    fleet.send(0);
    const browser = stage.browser();
    await browser.go(stage.url(path), { from: null });
    assert.equal((await browser.submit({ user: "bob" })).status, 503);
    const headers = { Authorization: `Bearer ${await stage.provider.token("bob")}` };
    assert.equal((await fetch(stage.url(path), { headers })).status, 200);
    assert.deepEqual(await fleet.etcd.entries(), []);
  });
});

test("docs/operations.md makes the same user and role with etcdctl", async () => {
  const { PATH = "" } = process.env;
  await findEtcdctl();
  const [page, byGateway] = [
    await startEtcd(),
    await startEtcd({ access: { ...access, prefix: PREFIX } }),
  ];
  try {
    const [block] = blocks.filter(({ kind }) => kind === "a user of etcd");
    const env = { PATH, ETCDCTL_ENDPOINTS: page.url, ETCDCTL_API: "3", ETCD_PASSWORD: "p" };
    execFileSync("sh", ["-ec", block!.text], { env, stdio: ["ignore", "ignore", "inherit"] });
    const roleIn = async (etcd: typeof page) => {
      const { perm } = await etcd.ask("auth/role/get", { role: "rolegate" });
      const { roles } = await etcd.ask("auth/user/get", { name: "rolegate" });
      return { perm, roles };
    };
    assert.deepEqual(await roleIn(page), await roleIn(byGateway));
  } finally {
    await page.stop();
    await byGateway.stop();
  }
});
