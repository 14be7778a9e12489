/**
 * Sign-out and sign-in within one second, where the provider gives the same `sid` again: what was over before the code
 * was sent does not end the new session, and all that comes later does.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { json } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { keySet, testKey } from "../support/keys.ts";
import { HOST, locationOf, LoginHost } from "../support/login-host.ts";
import { block, STATE } from "./configuration.ts";
import { clock, folder, host, logoutToken, provider, send } from "./logout-stage.ts";

const config = block({ stateDir: STATE });

/** What a gate says that has just started, and so has read all that is written. */
async function seen(...jars: CookieJar[]): Promise<unknown[]> {
  const gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
  const reasons: unknown[] = [];
  for (const jar of jars) {
    const headers = { Host: HOST, Cookie: jar.header("/")! };
    reasons.push(reasonOf(await gate.handle({ target: "/a", headers })));
  }
  return reasons;
}

async function signIn(): Promise<CookieJar> {
  host.jar = new CookieJar();
  await host.signIn();
  return host.jar.copy();
}

async function signOut(jar: CookieJar, at = host): Promise<void> {
  assert.equal((await at.visit("/oidc/logout", { jar: jar.copy() })).response.status, 302);
}

async function endSubject(): Promise<void> {
  const { response } = await send(`logout_token=${await logoutToken({ sid: undefined })}`);
  assert.equal(response.status, 200);
}

const ENDED = "session_revoked";

describe("in one second", () => {
  test("signing in after signing out holds, and the session before is over", async () => {
    const before = await signIn();
    await signOut(before);
    const after = await signIn();
    assert.deepEqual(await seen(before, after), [ENDED, "none"]);
  });

  test("so it does after a logout token of the second before, which counts for a second more", async () => {
    const before = await signIn();
    await endSubject();
    clock.pass(1);
    const after = await signIn();
    assert.deepEqual(await seen(before, after), [ENDED, "none"]);
  });

  test("signing out once more ends that session, too", async () => {
    await signOut(await signIn());
    const after = await signIn();
    await signOut(after);
    assert.deepEqual(await seen(after), [ENDED]);
    // No session is ever ahead by more than a second: this one has to wait for the next.
    assert.deepEqual(await seen(await signIn()), [ENDED]);
    clock.pass(1);
    assert.deepEqual(await seen(await signIn()), ["none"]);
  });

  test("a logout token of the user's ends it, however often there was a sign-out before", async () => {
    let jar = await signIn();
    for (let i = 0; i < 5; i++) {
      await signOut(jar);
      jar = await signIn();
    }
    await endSubject();
    clock.pass(1);
    const next = await signIn();
    await endSubject();
    assert.deepEqual(await seen(jar, next), [ENDED, ENDED]);
  });

  test("a session whose `sid` the provider has ended does not begin again", async () => {
    await send(`logout_token=${await logoutToken()}`);
    assert.deepEqual(await seen(await signIn()), [ENDED]);
  });

  test("a sign-out while the code is exchanged ends what comes of it", async () => {
    const before = await signIn();
    const other = await LoginHost.start(config, { mounts: folder.mounts, clock, provider });
    provider.instead.token = async () => {
      delete provider.instead.token;
      await signOut(before, other);
      return json(await provider.tokens());
    };
    assert.deepEqual(await seen(await signIn()), [ENDED]);
  });

  test("a sign-out while the tokens wait for their key ends what comes of them", async () => {
    const keyless = block({ jwks: undefined, stateDir: STATE });
    const fetching = await LoginHost.start(keyless, { mounts: folder.mounts, clock, provider });
    const next = testKey("next");
    const before = await signIn();
    provider.idKey = provider.accessKey = next;
    provider.keys = keySet(next);
    let result = await fetching.signIn();
    assert.match(locationOf(result)!, /^\/oidc\/verify/);
    await signOut(before);
    for (let to = locationOf(result); to?.startsWith("/oidc/"); to = locationOf(result))
      result = await fetching.visit(to);
    assert.equal(locationOf(result), "/");
    assert.deepEqual(await seen(fetching.jar), [ENDED]);
  });
});
