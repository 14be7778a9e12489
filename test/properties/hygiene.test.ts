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
import { bearer, SECRETS } from "./language/random-callers.ts";
import { CLIENTS, ISSUERS } from "./language/vocabulary.ts";

const CONFIGURATIONS = 60;
const REQUESTS_EACH = 150;
/** Stands in each value that a client gives to a header that could be taken for an owned one. */
const FORGED = "forged";
/** RFC 9110 §5.6.2: whatever a field name may hold besides letters and digits. */
const MARKS = [..."!#$%&'*+-.^_`|~"];

/** Header -> claim. */
const OWNED: [string, string][] = [
  ["X-Forwarded-User", "preferred_username"],
  ["X-Forwarded-Email", "email"],
  ["X-Forwarded-Groups", "@roles"],
  ["Remote-User", "sub"],
  ["x_auth_team", "team.name"],
  ["X-9-Id", "absent"],
  ["REMOTEADDRESS", "address"],
];
const CLAIMS: Record<string, unknown> = {
  preferred_username: "alice",
  email: "alice@example.com",
  email_verified: true,
  sub: "00-1",
  roles: ["editor"],
  team: { name: "blue,green" },
};

const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "-");

/** A name in any case, with any marks in the place of its own. */
function alias(dice: Dice, name: string): string {
  const mark = dice.pick(MARKS);
  return name.replace(/[^]/g, (it) => {
    if (!/[A-Za-z0-9]/.test(it)) return dice.pick([it, mark, mark, dice.pick(MARKS)]);
    return dice.chance(2) ? it.toUpperCase() : it.toLowerCase();
  });
}

function attack(dice: Dice, owned: readonly string[], authorization: string | null): WireRequest {
  const headers: [string, string][] = [];
  for (let count = dice.between(1, 6); count > 0; count--) {
    const name = dice.pick(owned);
    const spelling = dice.chance(4) ? name : alias(dice, name);
    const near = dice.pick(["", "", "", "", "", "-", "x", `-${name}`]);
    headers.push([spelling + near, dice.pick([FORGED, `${FORGED}, admin`, `"${FORGED}`])]);
    if (dice.chance(4)) headers.push([spelling, `${FORGED} again`]);
    if (dice.chance(6)) headers.push([spelling, ""]);
  }
  for (let count = dice.below(3); count > 0; count--) {
    const named = [dice.pick(owned), alias(dice, dice.pick(owned)), "keep-alive", "Authorization"];
    headers.push([dice.pick(["Connection", "connection"]), dice.pick([named.join(","), ...named])]);
  }
  if (authorization !== null) headers.push(["Authorization", authorization]);
  if (dice.chance(6)) headers.push(["Connection", "Upgrade"], ["Upgrade", "websocket"]);
  if (dice.chance(6)) headers.push(["Cookie", `X-Forwarded-User=${FORGED}; session=${FORGED}`]);
  return {
    method: dice.pick(["GET", "POST", "OPTIONS", "HEAD", "DELETE"]),
    target: dice.pick(["/public/a", "/open", "/shut", "/editor/x", "/none", "/%70ublic/a", "*"]),
    headers: dice.shuffled(headers),
    entryPoint: {
      sanitizePath: dice.chance(2),
      // Names that the owner of the entry point keeps from Traefik's own removal.
      connection: dice.chance(3) ? [dice.pick(owned), alias(dice, dice.pick(owned))] : [],
    },
  };
}

function configOf(dice: Dice) {
  const forwardHeaders = Object.fromEntries(
    dice.shuffled(OWNED).slice(0, dice.between(1, OWNED.length)),
  );
  return {
    issuer: ISSUERS[0],
    clientId: CLIENTS[0],
    signingSecret: SECRETS[0],
    forwardHeaders,
    forwardAuthorization: dice.chance(3),
    logLevel: "debug",
    audit: "off",
    rules: [
      { match: "PathPrefix(`/public`)", allow: "public" },
      { match: "Path(`/open`)", allow: "authenticated" },
      { match: "Path(`/shut`)", allow: "deny" },
      { match: "PathPrefix(`/editor`)", allow: "Role(`editor`)" },
    ],
  };
}

/** What the plugin sets for the caller, by the header's folded name. */
function identity(forwardHeaders: Record<string, string>, known: boolean): Map<string, string> {
  const values: Record<string, string | undefined> = {
    ...(CLAIMS as Record<string, string>),
    "@roles": "editor",
    "team.name": "blue,green",
  };
  const set = Object.entries(forwardHeaders).flatMap(([name, claim]) => {
    const value = values[claim];
    return known && value !== undefined ? [[folded(name), value] as const] : [];
  });
  return new Map(set);
}

function check(result: Result, forwardHeaders: Record<string, string>): void {
  assert.equal(result.trap, null);
  if (!result.forwarded) return;
  const verified = step(result, "token")?.reason === "none";
  const expected = identity(forwardHeaders, verified);
  const owned = new Set(Object.keys(forwardHeaders).map(folded));
  const seen = result.forwarded.headers.entries().filter(([name]) => owned.has(folded(name)));
  assert.deepEqual(new Map(seen.map(([name, value]) => [folded(name), value])), expected);
  assert.equal(seen.length, expected.size, "a header stands twice");
}

test(`${CONFIGURATIONS * REQUESTS_EACH} forged requests: no owned header but those that were set`, async () => {
  const dice = diceFor("hygiene");
  const seen = { forwarded: 0, withIdentity: 0, refused: 0 };
  for (let number = 0; number < CONFIGURATIONS; number++) {
    const config = configOf(dice);
    const guest = await loadGate(config);
    assert.deepEqual(
      guest.startLogs
        .filter(({ data }) => data?.severity === "error")
        .map(({ message }) => message),
      [],
    );
    const good = bearer(CLAIMS);
    const owned = Object.keys(config.forwardHeaders);
    for (let count = 0; count < REQUESTS_EACH; count++) {
      const authorization = dice.pick([null, good, good, `${good}x`, "Basic eDp5", bearer({})]);
      const wire = attack(dice, owned, authorization);
      const result = await guest.handle(wire);
      if (!result.reached) continue;
      try {
        // A caller whose token has none of the claims gets none of the headers.
        const forwardHeaders = config.forwardHeaders;
        if (authorization === good || !result.forwarded) check(result, forwardHeaders);
        else {
          const list = result.forwarded.headers.entries();
          const left = list.filter(([name]) => owned.map(folded).includes(folded(name)));
          assert.deepEqual(left, []);
        }
      } catch (error) {
        console.error(
          `seed ${dice.seed}, configuration ${number}`,
          JSON.stringify({ config, wire }),
        );
        throw error;
      }
      if (!result.forwarded) seen.refused++;
      else if (authorization === good) seen.withIdentity++;
      else seen.forwarded++;
    }
  }
  assert.ok(Math.min(...Object.values(seen)) > 500, JSON.stringify(seen));
});
