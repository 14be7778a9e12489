/** The development stack beyond its demo: both algorithms, other kinds of token, and keys that change. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startStack, type Stack } from "../../stack/stack.ts";

let stack: Stack;
before(async () => void (stack = await startStack()));
after(async () => {
  await stack.stop();
  assert.equal(existsSync(stack.stateFolder), false);
});

const status = async (token: string) => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${stack.url}/api/runs`, { headers })).status;
};
/** The plugin looks at its key file at most once a second. */
const noticed = () => sleep(1_200);

test("RS256 and ES256 of the provider are accepted", async () => {
  assert.equal(await status(await stack.provider.token("bob", "RS256")), 200);
  assert.equal(await status(await stack.provider.token("bob", "ES256")), 200);
});

test("the ID token and the refresh token are refused", async () => {
  const { id_token, refresh_token } = await stack.provider.tokens("bob");
  assert.deepEqual([await status(id_token), await status(refresh_token)], [401, 401]);
});

test("new keys are taken from the file, and a withdrawn key's tokens are refused", async () => {
  const { provider } = stack;
  const old = await provider.token("bob");
  assert.equal(await status(old), 200);
  await provider.rotate();
  await noticed();
  assert.deepEqual([await status(old), await status(await provider.token("bob"))], [200, 200]);
  provider.retire();
  await noticed();
  assert.deepEqual([await status(old), await status(await provider.token("bob"))], [401, 200]);
});

test("nothing of a refused request reaches the application", async () => {
  stack.upstream.received.length = 0;
  assert.equal(await status("no.such.token"), 401);
  assert.equal(await status(await stack.provider.token("alice")), 403);
  assert.deepEqual(stack.upstream.received, []);
});
