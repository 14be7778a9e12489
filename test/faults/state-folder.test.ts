/**
 * The state folder fails while Traefik runs. Meanwhile nobody comes in who has signed out, nobody's session is taken away,
 * tokens go on; once it is mended everything is as before.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HttpBrowser } from "../support/http-browser.ts";
import { Stage, trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { withoutOverride } from "./programs.ts";
import { assertIs, path } from "./signed-in.ts";
import { ailments, type Ailment, mayMount } from "./state-table.ts";

const stage = new Stage(async () => ({
  // Root may open every file; the owner of a folder is then nobody's business.
  binary: await withoutOverride(),
  block: { session: { revocationTtl: "1s" } },
}));

const ask = (browser: HttpBrowser) => browser.fetch(stage.url(path));

/** A browser with the cookies that another one had. */
async function twin(of: HttpBrowser): Promise<HttpBrowser> {
  const browser = stage.browser();
  for (const cookie of of.cookies(stage.url("/oidc/x"))) {
    await browser.jar.setCookie(cookie.toString(), stage.url("/oidc/x"));
  }
  return browser;
}

async function tryAll({ reads, writes }: Ailment, gone: HttpBrowser, stays: HttpBrowser) {
  // Guests look once a second.
  await until("the folder's state is seen", async () => {
    const { status } = await ask(stays);
    return reads ? status === 200 : status === 503;
  });
  const signedOut = await ask(gone);
  // Whoever has read it before still knows.
  assert.ok(signedOut.status === 401 || (!reads && signedOut.status === 503), trail(signedOut));
  const token = await stage.provider.token("bob");
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(stage.url(path), { headers })).status, 200, "a token is no session");

  // Somebody comes: signs in, and is let in where it can be told that the session still holds.
  const fresh = stage.browser();
  let visit = await fresh.go(stage.url(path), { from: null });
  if (reads) {
    assert.match(visit.url, /\/interaction\//, trail(visit));
    visit = await fresh.submit({ user: "bob" });
    assertIs("bob", visit);
    // Renewed without a lock that others could see, or not at all; never lost.
    await stage.expire(fresh);
    visit = await fresh.go(stage.url(path));
    assert.ok(visit.status === 200 || visit.status >= 500, trail(visit));
  }
  // Signing out says what it could not do, and what it says is so.
  const leaver = reads ? fresh : await twin(stays);
  const copy = await twin(leaver);
  const bye = await leaver.go(stage.url("/oidc/logout"), { follow: false });
  assert.equal(leaver.cookies(stage.url("/")).length, 0, trail(bye));
  if (bye.status === 302) {
    await until("signed out", async () => [401, 503].includes((await ask(copy)).status));
  } else {
    assert.match(bye.body, /<h1>/, trail(bye));
    assert.equal(writes, false, trail(bye));
  }
}

const canMount = mayMount();
const possible = ailments.filter(({ mounts }) => canMount || !mounts);

for (const ailment of possible) {
  describe(ailment.name, () => {
    test("nothing is let through, and nothing is lost", async (context) => {
      if (!canMount)
        context.diagnostic("ran on a machine without mounts: none is full or read-only");
      const stays = await stage.signIn("carol", path);
      const leaves = await stage.signIn("bob", path);
      const gone = await twin(leaves);
      await leaves.fetch("/oidc/logout");
      // Each guest looks for sign-outs by itself, within `session.revocationTtl`.
      let refusedSince = Infinity;
      await until("signed out everywhere", async () => {
        const isRefused = (await ask(gone)).status === 401;
        refusedSince = isRefused ? Math.min(refusedSince, Date.now()) : Infinity;
        return Date.now() - refusedSince > 1_500;
      });
      assertIs("carol", await ask(stays));
      const mend = ailment.begin(stage.stack.stateFolder);
      try {
        await tryAll(ailment, gone, stays);
      } finally {
        mend();
      }
      // In each guest, which looks once a second by itself.
      let good = 0;
      await until("all is well", async () => {
        good = (await ask(stays)).status === 200 ? good + 1 : 0;
        return good > 20;
      });
      assert.equal((await ask(gone)).status, 401, "signed out for good");
      stage.provider.network.reset();
      await stage.expire(stays);
      assertIs("carol", await stays.go(stage.url(path)));
      assert.equal(stage.refreshes(), 1);
      const late = await stage.signIn("bob", path);
      const copy = await twin(late);
      await late.fetch("/oidc/logout");
      await until("sign-out holds again", async () => (await ask(copy)).status === 401);
    });
  });
}
