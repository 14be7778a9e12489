/** An Authorization that is not ours: what the log says of it when the application does not get it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { GOOD } from "../cases/configurations.ts";
import { ENVIRONMENT, GATES } from "../cases/gates.ts";
import { cookie, HOST } from "../cases/session-cookies.ts";
import { good } from "../cases/session-rows.ts";
import { loadGate } from "../support/gate.ts";

const MEDIA = 'MediaBrowser Token="0123-secret"';
const rules = [
  { match: "PathPrefix(`/public`)", allow: "public" },
  { match: "PathPrefix(`/`)", allow: "authenticated" },
];

async function dropped(guest: Guest, authorization: string, headers = {}, target = "/public") {
  const sent = { Host: HOST, Authorization: authorization, ...headers };
  const { logs } = await guest.handle({ target, headers: sent });
  return logs.flatMap(({ level, data }) => (data?.rolegate === "dropped" ? [{ level, data }] : []));
}

test("it is said once, without a word of what was in it", async () => {
  const guest = await loadGate({ ...GOOD, rules });
  const [first] = await dropped(guest, MEDIA);
  assert.equal(first!.level, "warn");
  assert.equal(first!.data.header, "Authorization");
  assert.match(String(first!.data.message), /token\.header: ""/);
  assert.doesNotMatch(JSON.stringify(first), /MediaBrowser|secret/);
  assert.deepEqual(await dropped(guest, MEDIA), []);
});

const QUIET: [string, object, string, object?, string?][] = [
  ["nothing to a refusal", {}, MEDIA, {}, "/me"],
  ["nothing of a token, good or bad", {}, "Bearer x"],
  ["nothing where it is the application's", { token: { header: "" } }, MEDIA],
  ["nothing where it goes on", { forwardAuthorization: true }, MEDIA],
  ["nothing for who wants errors only", { logLevel: "error" }, MEDIA],
];
for (const [name, changes, authorization, headers, target] of QUIET) {
  test(`it says ${name}`, async () => {
    const guest = await loadGate({ ...GOOD, rules, ...changes });
    assert.deepEqual(await dropped(guest, authorization, headers, target), []);
  });
}

test("beside a session that uses it, it says nothing; without one, it does", async () => {
  const beside = { Cookie: cookie(good) };
  const config = { ...GATES.session, stateDir: "" };
  const guest = await loadGate(config, { env: ENVIRONMENT });
  assert.deepEqual(await dropped(guest, MEDIA, beside, "/me"), []);
  assert.equal((await dropped(guest, MEDIA)).length, 1);
});
