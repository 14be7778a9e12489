/** The state folder is on a disk that takes its time for each call. Everything takes longer, and nothing else is different. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { assertNoneFailed, inWords, Load } from "./load.ts";
import { onSlowDisk } from "./programs.ts";
import {
  assertIs,
  assertNobodySignedOut,
  callsOf,
  cookiesOf,
  path,
  signInMany,
} from "./signed-in.ts";

/** Of each call that opens, looks, renames or removes. Milliseconds. */
const DELAY = 25;
const TABS = 20;
const stage = new Stage(async () => ({ binary: await onSlowDisk(DELAY) }));

test(`each call takes ${DELAY} ms longer: people sign in, work, refresh and sign out`, async (context) => {
  const people = await signInMany(stage, 4);
  const load = new Load(await callsOf(stage, people), { clients: 4, pause: 10 });
  const many = await stage.signIn("bob", path);
  await stage.expire(many);
  stage.provider.network.reset();
  stage.provider.network.delay = 200;
  const visits = await Promise.all(
    Array.from({ length: TABS }, (_, index) => many.fetch(`${path}?tab=${index}`)),
  );
  for (const visit of visits) assertIs("bob", visit);
  assert.equal(stage.refreshes(), 1);
  stage.provider.network.reset();
  const Cookie = await cookiesOf(stage, many);
  await many.fetch("/oidc/logout");
  await until("signed out", async () => {
    const { status } = await fetch(stage.url(path), { headers: { Cookie } });
    return status === 401;
  });
  const outcome = await load.stop();
  context.diagnostic(`slow disk: ${inWords(outcome)}`);
  assertNoneFailed(outcome);
  await assertNobodySignedOut(stage, people);
});
