/** The driver itself, on a suite that is a few lines and a Traefik that is real. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { testKey } from "../support/keys.ts";
import { FakeSuite } from "./fake-suite.ts";
import { MODULES, PLANS } from "./plans.ts";
import type { Outcome } from "./play.ts";
import { runPlans } from "./run.ts";

const name = (module: string) => `oidcc-client-test${module}`;
let suite: FakeSuite;
const lines: string[] = [];
let results: Record<string, Outcome>;

before(async () => {
  suite = await FakeSuite.start({
    [name("")]: { verdict: "PASSED" },
    [name("-client-secret-basic")]: { verdict: "FAILED" },
    [name("-scope-userinfo-claims")]: { verdict: null, idToken: { iss: "https://evil.example" } },
    [name("-invalid-iss")]: { verdict: "PASSED", idToken: { iss: "https://evil.example" } },
    // Refused as well, but for another reason than the module is about.
    [name("-invalid-aud")]: { verdict: "PASSED", idToken: { iss: "https://evil.example" } },
    [name("-nonce-invalid")]: { verdict: "PASSED" },
    [name("-signing-key-rotation-just-before-signing")]: {
      ...{ verdict: "PASSED", rotates: testKey("next") },
    },
    [name("-kid-absent-single-jwks")]: { verdict: null, interrupted: true },
  });
  const { url, certificate: ca } = suite;
  const told = await runPlans({
    ...{ url, ca, plans: ["basic"], tell: (line) => lines.push(line) },
    patience: { ends: 2, log: 3_000 },
  });
  results = Object.fromEntries(told.map((outcome) => [outcome.module, outcome]));
});
after(() => suite.stop());

/** What came of a module: good or not, the suite's verdict, our own. */
const of = (module: string) => {
  const { good, suite: verdict, ours } = results[name(module)]!;
  return [good, verdict, ours];
};

test("a module that passes, with a session of ours", () => {
  assert.deepEqual(of(""), [true, "PASSED", "signed_in"]);
});

test("what the suite fails has failed, and its log says why", () => {
  assert.deepEqual(of("-client-secret-basic"), [false, "FAILED", "signed_in"]);
  assert.deepEqual(results[name("-client-secret-basic")]!.complaints, [
    "FAILURE: Check: not as it should",
  ]);
});

test("one that does not end has not passed", () => {
  const [good, verdict] = of("-scope-userinfo-claims");
  assert.deepEqual([good, verdict], [false, "WAITING"]);
});

test("a negative module passes by its own reason", () => {
  assert.deepEqual(of("-invalid-iss"), [true, "PASSED", "id_token_refused issuer_unknown"]);
});

test("and by no other, whatever the suite says", () => {
  const [good, verdict, ours] = of("-invalid-aud");
  assert.deepEqual([good, verdict], [false, "PASSED"]);
  assert.match(ours as string, /id_token_refused issuer_unknown/);
});

test("nor when nothing is refused at all", () => {
  const [good, verdict, ours] = of("-nonce-invalid");
  assert.deepEqual([good, verdict], [false, "PASSED"]);
  assert.match(ours as string, /signed_in/);
});

test("a key that is new to us at the callback signs in", () => {
  const outcome = of("-signing-key-rotation-just-before-signing");
  assert.deepEqual(outcome, [true, "PASSED", "signed_in"]);
});

test("one that the suite ends by itself has not passed, and says so", () => {
  const outcome = results[name("-kid-absent-single-jwks")]!;
  assert.equal(outcome.good, false);
  assert.match(outcome.complaints[0]!, /^driver: the suite ended it/);
});

test("each module had a Traefik and keys of its own", () => {
  const fetched = suite.asked.filter((it) => it.endsWith("/jwks")).length;
  // One for each that began, and one more for the key that was new.
  assert.equal(fetched, 8);
});

test("the client is what the plan was told of, and a row is told for each module", () => {
  const client = suite.config.client as Record<string, string>;
  assert.match(client.redirect_uri!, /^https:\/\/127\.0\.0\.1:\d+\/oidc\/callback$/);
  assert.equal(lines.filter((line) => /^[✔✖]/u.test(line)).length, Object.keys(results).length);
});

test("every row of the table waits for something", () => {
  for (const [module, { says }] of Object.entries(MODULES)) assert.ok(says.length > 0, module);
  assert.equal(Object.keys(PLANS).length, 6);
});
