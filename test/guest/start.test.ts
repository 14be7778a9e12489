/** What the first guest of a middleware says in the log, and those after it do not: the version, and warnings. */
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

/** What each of several guests of one middleware says of its configuration. */
async function findings(wrong: object): Promise<unknown[][]> {
  const shared = { features: 0 };
  const found: unknown[][] = [];
  for (let i = 0; i < 3; i++) {
    const { startLogs } = await loadGate(wrong, { shared });
    const lines = startLogs.flatMap(({ data }) => (data?.rolegate === "config" ? [data] : []));
    found.push(lines.map(({ path, code }) => `${String(path)} ${String(code)}`));
  }
  return found;
}

/** A mistake of each kind that is only a warning. */
const WARNED: Record<string, [more: object, said: string]> = {
  "a rule that never decides": [
    {
      rules: [
        { match: "PathPrefix(`/a`)", allow: "deny" },
        { match: "Path(`/a/b`)", allow: "deny" },
      ],
    },
    "rules unreachable",
  ],
  "a role that nobody has": [
    { roles: { a: ["b"] }, rules: [{ match: "Path(`/a`)", allow: "Role(`c`)" }] },
    "rules unknown_role",
  ],
  "a claim path as JSONPath": [{ rolesFrom: ["$.roles"] }, "rolesFrom odd_claim_path"],
  "a secret as text": [
    { upstreamAuthorization: "Bearer dW5ndWVzc2FibGUtYW5kLXJhbmRvbQ" },
    "upstreamAuthorization literal_secret",
  ],
};

for (const [name, [more, said]] of Object.entries(WARNED)) {
  test(`${name}: a warning of the first guest`, async () => {
    assert.deepEqual(await findings({ ...config, ...more }), [[said], [], []]);
  });
}

test("an error is said by each guest, and each refuses", async () => {
  const wrong = { ...config, rules: 7 };
  const said = ["rules wrong_type"];
  assert.deepEqual(await findings(wrong), [said, said, said]);
  const shared = { features: 0 };
  for (let i = 0; i < 2; i++) {
    const guest = await loadGate(wrong, { shared });
    assert.equal((await guest.handle({ target: "/me" })).response.status, 500);
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
