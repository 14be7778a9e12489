/**
 * Rules and the application see the same path: whatever a client writes, what an application makes of it is what was
 * decided on, or the request was refused.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { enter } from "../../src/guest/entrypoint.ts";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { type Dice, diceFor } from "../support/dice.ts";
import { loadGate, step } from "../support/gate.ts";
import { bearer, SECRETS } from "./language/random-callers.ts";
import { CLIENTS, ISSUERS } from "./language/vocabulary.ts";
import { decode, encode, UPSTREAMS } from "./upstreams.ts";

const PATHS = 6_000;

/** Each rule decides otherwise than its neighbours, so that to be taken for another path shows. */
const RULES = [
  { name: "health", match: "Path(`/health`)", allow: "public" },
  { name: "admin", match: "PathPrefix(`/api/admin`)", allow: "Role(`owner`)" },
  { name: "users", match: "Path(`/api/users/{id}`)", allow: "Role(`viewer`)" },
  { name: "files", match: "Path(`/files/**/raw`)", allow: "deny" },
  { name: "exact", match: "Path(`/api/`)", allow: "deny" },
  { name: "api", match: "PathPrefix(`/api`)", allow: "Role(`viewer`)" },
  { name: "public", match: "PathPrefix(`/public`)", allow: "public" },
  { name: "umlaut", match: "PathPrefix(`/größe`)", allow: "deny" },
  { name: "percent", match: "PathPrefix(`/100%25`)", allow: "Role(`owner`)" },
  { name: "root", match: "Path(`/`)", allow: "public" },
];

const STARTS = [
  ...["/health", "/api/admin/keys", "/api/users/7", "/files/a/b/raw", "/api/", "/api", "/public/x"],
  ...["/gr\u00c3\u00b6\u00c3\u009fe/1", "/100%25/x", "/", "/public/../api/admin", "/public/a/b/c"],
];

const PIECES = [
  ...[
    "/",
    "//",
    "/.",
    "/./",
    "/..",
    "/../",
    "..",
    ".",
    ";",
    ";x=1",
    ";/",
    "..;/",
    "/..;x/",
    "/.;/",
  ],
  ...[
    "%2F",
    "%2f",
    "%5C",
    "%5c",
    "\\",
    "%2e",
    "%2E%2e",
    "%252e",
    "%252E%252e%252f",
    "%25",
    "%2525",
  ],
  ...["%252F", "%255c", "%253B", "%3B", "%3b..", "%3F", "?", "%23", "%00", "%0d%0a", "%09", "%20"],
  ...["%c0%ae", "%c0%af", "%e0%80%af", "%ef%bc%8f", "%u002f", "%", "%2", "%zz", "*", "/*", "{id}"],
  ...["%C3%B6", "%c3%B6", "%FF", "%ED%A0%80", "~", "+", "%2B", ":", "@", "&", "=", "$", "!", "'"],
];

/** A start with changes: escapes of what needs none, once or twice, and pieces that servers read differently. */
function variant(dice: Dice): string {
  let path = dice.pick(STARTS);
  for (let count = dice.below(4); count > 0; count--) {
    const at = dice.between(1, path.length);
    const rest = path.slice(at + dice.below(2));
    switch (dice.below(4)) {
      case 0:
        path = path.slice(0, at) + dice.pick(PIECES) + rest;
        break;
      case 1:
        path = path.slice(0, at) + dice.pick(PIECES) + path.slice(at);
        break;
      default:
        path = path.replace(/[^%]/g, (it) => {
          if (!dice.chance(8)) return it;
          const hex = it.charCodeAt(0).toString(16).padStart(2, "0");
          return dice.pick([`%${hex}`, `%${hex}`, `%25${hex}`, `%%${hex}`]);
        });
        if (!path.startsWith("/")) path = `/${path}`;
    }
  }
  return path;
}

/** What stands behind the entry point; null: Go or Traefik refuses it. */
function behindEntry(target: string, sanitizePath: boolean): string | null {
  const request = enter({ target, entryPoint: { sanitizePath } });
  return "uri" in request ? request.uri.escapedPath : null;
}

const decisionOf = (result: Result) =>
  `${result.response.status} ${String(step(result, "decision")?.rule)}`;

function ask(guest: Guest, target: string, sanitizePath: boolean): Promise<Result> {
  const headers = { Authorization: bearer({ roles: ["viewer"] }) };
  return guest.handle({ target, headers, entryPoint: { sanitizePath } });
}

const base = {
  issuer: ISSUERS[0],
  clientId: CLIENTS[0],
  signingSecret: SECRETS[0],
  logLevel: "debug",
  audit: "off",
  rules: RULES,
};

describe("canonical paths", () => {
  let guest: Guest;
  let allowing: Guest;

  before(async () => {
    guest = await loadGate(base);
    allowing = await loadGate({ ...base, encodedPath: "allow" });
  });

  test(`${PATHS} spellings: the decision is that of what each application makes of it, or a refusal`, async () => {
    const dice = diceFor("spellings");
    const seen = { forwarded: 0, denied: 0, refused: 0 };
    for (let count = 0; count < PATHS; count++) {
      const target = variant(dice);
      const sanitize = dice.chance(2);
      const entered = behindEntry(target, sanitize);
      if (entered === null) continue;
      const result = await ask(guest, target, sanitize);
      assert.equal(result.trap, null, target);
      if (result.response.status === 400) {
        seen.refused++;
        continue;
      }
      if (result.forwarded) seen.forwarded++;
      else seen.denied++;
      for (const upstream of UPSTREAMS) {
        const means: string = upstream.read(entered);
        const plain = await ask(guest, encode(means), false);
        const said: string = `seed ${dice.seed}: ${target}, ${entered} is ${means} to ${upstream.name}`;
        assert.equal(decisionOf(result), decisionOf(plain), said);
      }
    }
    assert.ok(Math.min(...Object.values(seen)) > PATHS / 20, JSON.stringify(seen));
  });

  test(`${PATHS} spellings: each application reads what is forwarded as the path that rules saw`, async () => {
    const dice = diceFor("forwarded");
    let forwarded = 0;
    for (let count = 0; count < PATHS; count++) {
      const target = variant(dice);
      const result = await ask(guest, target, dice.chance(2));
      if (!result.forwarded) continue;
      forwarded++;
      // A trace is JSON; the path in it has the canonical `%25`.
      const saw = Buffer.from(String(step(result, "path")?.path)).toString("latin1");
      const sent = result.forwarded.target.split("?")[0]!;
      for (const upstream of UPSTREAMS) {
        assert.equal(upstream.read(sent), decode(saw), `seed ${dice.seed}: ${target}, ${sent}`);
      }
    }
    assert.ok(forwarded > PATHS / 10, `${forwarded}`);
  });

  test(`${PATHS} spellings where encoded paths are allowed: no application meets a dot segment`, async () => {
    const dice = diceFor("dots");
    let encoded = 0;
    for (let count = 0; count < PATHS; count++) {
      const target = variant(dice);
      const result = await ask(allowing, target, dice.chance(2));
      if (!result.forwarded) continue;
      const sent = result.forwarded.target.split("?")[0]!;
      if (/%|;/.test(sent)) encoded++;
      for (const upstream of UPSTREAMS) {
        const said = `seed ${dice.seed}: ${target}, forwarded as ${sent}, to ${upstream.name}`;
        assert.ok(!upstream.meetsDots(sent), said);
      }
    }
    assert.ok(encoded > PATHS / 50, `${encoded}`);
  });
});
