/** The cookies of a sign-in: their flags and sizes, and what becomes of those that somebody else has put there. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Stage, trail } from "./stage.ts";
import { received, signIn, valuesOf } from "./window.ts";

const groups = Array.from({ length: 200 }, (_, index) => `group-${index}`);

for (const tls of [false, true]) {
  describe(tls ? "with TLS" : "on plain http", () => {
    const stage = new Stage({ tls });

    test("flags as promised", async () => {
      const page = await stage.windows.open();
      await signIn(page, stage.url("/api/runs"), "bob");
      const cookies = await page.context().cookies(stage.url("/oidc/x"));
      const own = cookies.filter(({ name }) => name.includes("rolegate"));
      const { session, refresh, attempt } = stage.cookieNames;
      const names = own.map(({ name }) => name).filter((name) => !name.startsWith(attempt));
      assert.ok(names.includes(session) && names.includes(refresh), names.join());
      for (const { name, secure, httpOnly, sameSite, path } of own) {
        assert.deepEqual([secure, httpOnly, sameSite], [tls, true, "Lax"], name);
        assert.equal(path, name === refresh ? "/oidc" : name === session ? "/" : path);
      }
      assert.deepEqual(
        (await page.context().cookies(stage.url("/"))).filter(({ name }) => name === refresh),
        [],
        "the application's pages do not get the refresh token",
      );
    });

    test("no attempt is left when it is finished", async () => {
      const browser = await stage.signIn("bob");
      const left = browser.cookies(stage.url("/oidc/x")).map(({ key }) => key);
      assert.deepEqual(
        left.filter((name) => name.startsWith(stage.cookieNames.attempt)),
        [],
      );
    });

    test("a user with 200 groups has a small cookie", async () => {
      const { people } = stage.provider;
      people.add({ name: "many", fullName: "Mara Many", roles: ["app-runner", ...groups] });
      const browser = await stage.signIn("many");
      const session = stage.cookie(browser, "session")!;
      assert.ok(session.length < 600, `${session.length} bytes`);
    });

    test("two cookies of one name: neither counts, and both are cleared", async () => {
      const browser = await stage.signIn("bob");
      const { session } = stage.cookieNames;
      const value = stage.cookie(browser, "session")!;
      const other = stage.cookie(await stage.signIn("carol", "/admin"), "session")!;
      for (const pair of [
        [value, other],
        [other, value],
        [value, "garbage"],
        [value, ""],
        [value, value],
      ]) {
        const Cookie = pair.map((it) => `${session}=${it}`).join("; ");
        const visit = await stage.browser().fetch(stage.url("/api/runs"), { headers: { Cookie } });
        assert.equal(visit.status, 401, `${Cookie}\n${trail(visit)}`);
      }
    });

    test("a changed byte anywhere in a cookie is no session", async () => {
      const browser = await stage.signIn("bob");
      const { session } = stage.cookieNames;
      const value = stage.cookie(browser, "session")!;
      const ask = async (changed: string) => {
        const headers = { Cookie: `${session}=${changed}` };
        return (await stage.browser().fetch(stage.url("/api/runs"), { headers })).status;
      };
      assert.equal(await ask(value), 200);
      for (let at = 0; at < value.length; at += 7) {
        const changed = value[at] === "A" ? "B" : "A";
        assert.equal(await ask(value.slice(0, at) + changed + value.slice(at + 1)), 401, `${at}`);
      }
      assert.equal(await ask(value.slice(0, -1)), 401);
      assert.equal(await ask(stage.cookie(browser, "refresh")!), 401, "another purpose");
    });
  });
}

describe("a sibling host", () => {
  const host = "app.rolegate.localhost";
  const stage = new Stage({
    tls: true,
    host,
    dynamic: {
      http: {
        routers: {
          sibling: { rule: "Host(`evil.rolegate.localhost`)", service: "app", tls: {} },
        },
      },
    },
  });

  test("cookies that it tosses sign nobody in or out", async () => {
    const attacker = await stage.signIn("carol", "/admin");
    const value = stage.cookie(attacker, "session")!;
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    const sibling = stage.stack.url.replace(host, "evil.rolegate.localhost");
    const evil = await page.context().newPage();
    await evil.goto(`${sibling}/`);
    for (const name of [stage.cookieNames.session, "rolegate", "__Secure-rolegate"]) {
      for (const path of ["/", "/api", "/api/runs"]) {
        await evil.evaluate(
          (cookie) =>
            void ((globalThis as unknown as { document: { cookie: string } }).document.cookie =
              cookie),
          `${name}=${value}; Domain=rolegate.localhost; Path=${path}; Secure`,
        );
      }
    }
    await page.goto(stage.url("/api/runs"));
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
  });

  test("nor does a refresh cookie that it tosses", async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    const attacker = await stage.signIn("carol", "/admin");
    const refresh = stage.cookie(attacker, "refresh")!;
    await page.context().addCookies([
      {
        name: stage.cookieNames.refresh,
        value: refresh,
        domain: ".rolegate.localhost",
        path: "/oidc/refresh",
        secure: true,
        httpOnly: true,
      },
    ]);
    stage.provider.network.reset();
    await page.goto(stage.url("/oidc/refresh?rd=/api/runs"));
    assert.equal(stage.refreshes(), 0);
    await page.goto(stage.url("/api/runs"));
    if (!page.url().includes("/interaction/")) {
      assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
    }
  });
});
