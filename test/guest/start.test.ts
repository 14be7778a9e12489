/** The version in the log: from the first guest of a middleware, and from no other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { root } from "../../tools/root.ts";
import { loadGate } from "../support/gate.ts";
import { rsa } from "../support/keys.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
};
const config = {
  issuer: "https://sso.example.com",
  jwks: { keys: [rsa.jwk] },
  audience: "app",
  rules: [{ match: "Path(`/me`)", allow: "public" }],
};
const starts = ({ startLogs }: Guest) => startLogs.filter(({ data }) => data?.rolegate === "start");
const line = { level: "info", message: `{"rolegate":"start","version":"${version}"}` };
const shown = (guest: Guest) => starts(guest).map(({ level, message }) => ({ level, message }));

test("the first guest of a middleware says it, those after it do not", async () => {
  for (let middleware = 0; middleware < 2; middleware++) {
    const shared = { features: 0 };
    const guests: Guest[] = [];
    for (let i = 0; i < 4; i++) guests.push(await loadGate(config, { shared }));
    assert.deepEqual(guests.map(shown), [[line], [], [], []]);
  }
});

test("a wrong configuration has a version, too", async () => {
  for (const wrong of [undefined, "", {}, { ...config, rules: 7 }]) {
    assert.deepEqual(shown(await loadGate(wrong)), [line]);
  }
});

test("it is said at info level, and not where only warnings are wanted", async () => {
  for (const [logLevel, count] of Object.entries({ debug: 1, info: 1, warn: 0, error: 0 })) {
    const guest = await loadGate({ ...config, logLevel });
    assert.equal(starts(guest).length, count, logLevel);
  }
});

test("requests are decided as before, and none of them says it again", async () => {
  const guest = await loadGate(config);
  for (let i = 0; i < 3; i++) {
    const { response, logs } = await guest.handle({ target: "/me" });
    assert.equal(response.status, 200);
    assert.deepEqual(
      logs.filter(({ data }) => data?.rolegate === "start"),
      [],
    );
  }
});
