/**
 * No request whatsoever makes a header that the plugin owns reach the upstream, in any spelling that an upstream
 * could take for it, unless the plugin has set it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import type { Result } from "../../src/guest/guest.ts";
import { type Dice, diceFor } from "../support/dice.ts";
import { loadGate, step } from "../support/gate.ts";
import { attack, folded } from "./forgery.ts";
import { API_KEYS, bearer, KEYS, SECRETS } from "./language/random-callers.ts";
import { CLIENTS, ISSUERS } from "./language/vocabulary.ts";

const CONFIGURATIONS = 60;
const REQUESTS_EACH = 150;
/** Header -> claim. */
const OWNED: [string, string][] = [
  ["X-Forwarded-User", "preferred_username"],
  ["X-Forwarded-Email", "email"],
  ["X-Forwarded-Groups", "@roles"],
  ["Remote-User", "sub"],
  ["x_auth_team", "team.name"],
  ["X-9-Id", "absent"],
  ["REMOTEADDRESS", "address"],
  ["X-Key_Name", "@apiKey"],
];
const CLAIMS: Record<string, unknown> = {
  preferred_username: "alice",
  email: "alice@example.com",
  email_verified: true,
  sub: "00-1",
  roles: ["editor"],
  team: { name: "blue,green" },
};

const UPSTREAM = "Basic YXBwOnNlY3JldA==";
/** What else a configuration says of headers. */
const MODES: Record<string, object> = {
  plain: {},
  forwarding: { forwardAuthorization: true },
  reporting: { reportOnly: true },
  "reporting and forwarding": { reportOnly: true, forwardAuthorization: true },
  upstream: { upstreamAuthorization: UPSTREAM },
};

function configOf(dice: Dice, mode: string) {
  const forwardHeaders = Object.fromEntries(
    dice.shuffled(OWNED).slice(0, dice.between(1, OWNED.length)),
  );
  return {
    issuer: ISSUERS[0],
    clientId: CLIENTS[0],
    signingSecret: SECRETS[0],
    apiKeys: API_KEYS,
    roleHierarchy: { runner: ["viewer"] },
    forwardHeaders,
    ...MODES[mode],
    logLevel: "debug",
    audit: "off",
    rules: [
      { match: "PathPrefix(`/public`)", allow: "public" },
      { match: "Path(`/open`)", allow: "authenticated" },
      { match: "Path(`/shut`)", allow: "deny" },
      { match: "PathPrefix(`/editor`)", allow: "Role(`editor`) || Role(`viewer`)" },
    ],
  };
}

type Values = Record<string, string | undefined>;

/** Credential -> the values that the application gets for it; null: nobody is behind it. */
const CREDENTIALS: { header: string | null; values: Values | null }[] = [
  { header: null, values: null },
  {
    header: bearer(CLAIMS),
    values: { ...(CLAIMS as Values), "@roles": "editor", "team.name": "blue,green" },
  },
  { header: bearer({}), values: {} },
  { header: `${bearer(CLAIMS)}x`, values: null },
  { header: "Basic eDp5", values: null },
  { header: `Bearer ${KEYS[0]!.key}`, values: { "@roles": "runner,viewer", "@apiKey": "ci" } },
  {
    header: `Basic ${Buffer.from(`ci:${KEYS[2]!.key}`).toString("base64")}`,
    values: { "@roles": "viewer", "@apiKey": "ci" },
  },
  { header: `Bearer ${KEYS[3]!.key}`, values: null },
];

/** All that the application may get of the owned headers, by folded name. */
function expected(config: ReturnType<typeof configOf>, mode: string, it: Expected) {
  const headers = new Map<string, string>();
  const set = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) headers.set(folded(name), value);
  };
  if (mode.includes("forwarding")) set("Authorization", it.header);
  if (!it.values) return headers;
  for (const [name, claim] of Object.entries(config.forwardHeaders)) set(name, it.values[claim]);
  if (mode === "upstream") set("Authorization", UPSTREAM);
  return headers;
}

interface Expected {
  header: string | null;
  values: Values | null;
}

const namesAuthorization = ({ headers }: WireRequest) =>
  [...(headers as [string, string][])].some(
    ([name, value]) => /^connection$/i.test(name) && /authorization/i.test(value),
  );

function check(result: Result, owned: string[], headers: Map<string, string>): void {
  const names = new Set([...owned, "Authorization"].map(folded));
  const seen = result.forwarded!.headers.entries().filter(([name]) => names.has(folded(name)));
  assert.deepEqual(seen.map(([name, value]) => [folded(name), value]).sort(), [...headers].sort());
}

test(`${CONFIGURATIONS * REQUESTS_EACH} forged requests: no owned header but those that were set`, async () => {
  const dice = diceFor("hygiene");
  const seen = { anonymous: 0, token: 0, key: 0, upstream: 0, reported: 0, refused: 0 };
  for (let number = 0; number < CONFIGURATIONS; number++) {
    const mode = Object.keys(MODES)[number % Object.keys(MODES).length]!;
    const config = configOf(dice, mode);
    const guest = await loadGate(config);
    const errors = guest.startLogs.filter(({ data }) => data?.severity === "error");
    assert.deepEqual(errors, []);
    const owned = Object.keys(config.forwardHeaders);
    const aimed = mode.includes("forwarding") ? owned : [...owned, "authorization"];
    for (let count = 0; count < REQUESTS_EACH; count++) {
      const credential = dice.pick(CREDENTIALS);
      const wire = attack(dice, aimed, credential.header);
      const result = await guest.handle(wire);
      if (!result.reached) continue;
      assert.equal(result.trap, null);
      const isReported = step(result, "decision")?.decision === "report";
      if (!result.forwarded) seen.refused++;
      else if (isReported) seen.reported++;
      else if (!credential.values) seen.anonymous++;
      else if (mode === "upstream") seen.upstream++;
      else seen[credential.values["@apiKey"] ? "key" : "token"]++;
      if (!result.forwarded) continue;
      try {
        const arrived = { ...credential };
        // One that the client's Connection header names ends at Traefik, and the caller is nobody.
        if (namesAuthorization(wire)) arrived.header = arrived.values = null;
        // What is only reported goes on as nobody's.
        if (isReported) arrived.values = null;
        check(result, owned, expected(config, mode, arrived));
      } catch (error) {
        console.error(
          `seed ${dice.seed}, configuration ${number}`,
          JSON.stringify({ config, wire }),
        );
        throw error;
      }
    }
  }
  assert.ok(Math.min(...Object.values(seen)) > 200, JSON.stringify(seen));
});
