/**
 * Whatever comes, nothing traps, and nothing gets through that must not. Seeded: ROLEGATE_SEED repeats a run, and a
 * failure prints its seed and input.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { pairs } from "../../src/guest/header.ts";
import { BAD_KEYS } from "../cases/bad-keys.ts";
import { BAD_RULES } from "../cases/bad-rules.ts";
import { BAD_SETTINGS } from "../cases/bad-settings.ts";
import { wireOf } from "../cases/case.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { GATES, type GateName } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { loadGate } from "../support/gate.ts";
import { ec, rsa } from "../support/keys.ts";
import { mutate, seeded } from "../support/mutate.ts";
import { claims, raw, signer, token } from "../support/tokens.ts";

const CONFIGURATIONS = 1_000;
const TOKENS = 1_500;
const REQUESTS = 2_000;

/** Runs with what is needed to repeat a failure. */
async function trial(seed: string, input: unknown, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(`ROLEGATE_SEED="${seed}"\n${JSON.stringify(input)}`);
    throw error;
  }
}

const noTrap = ({ trap }: Result) => assert.equal(trap, null);

describe("fuzz", () => {
  test(`${CONFIGURATIONS} broken configurations: a guest always starts, and lets nothing through by mistake`, async () => {
    const random = seeded("configurations");
    const texts = [
      ...Object.values(GOOD_CONFIGURATIONS),
      // What only reports lets everybody through.
      ...Object.values({ ...GATES, report: GATES.main }),
      ...[...BAD_SETTINGS, ...BAD_KEYS, ...BAD_RULES].map(({ config }) => config),
    ]
      .map((config) => JSON.stringify(config))
      .filter((text) => text.length < 5_000 && !text.includes('"reportOnly":'));
    for (let i = 0; i < CONFIGURATIONS; i++) {
      const text = mutate(random, random.pick(texts));
      await trial(random.seed, text, async () => {
        const guest = await loadGate(Buffer.from(text, "latin1"));
        const { errors } = guest.check();
        const result = await guest.handle({ target: "/nowhere" });
        noTrap(result);
        assert.equal(result.forwarded, null, "nobody passed");
        if (errors > 0) assert.equal(result.response.status, 500);
      });
    }
  });

  test(`${TOKENS} changed tokens: none passes`, async () => {
    const random = seeded("tokens");
    const guest = await loadGate(GATES.main);
    const good = [await token(), await token({}, ec), await token({ roles: ["a", "b"] })];
    for (let i = 0; i < TOKENS; i++) {
      const original = random.pick(good);
      const changed = mutate(random, original);
      // White space around a header's value is no part of it.
      if (good.includes(changed.trim())) continue;
      await trial(random.seed, changed, async () => {
        const headers = { Authorization: `Bearer ${changed}` };
        const result = await guest.handle({ target: "/me", headers });
        noTrap(result);
        assert.equal(result.forwarded, null, "it passed");
      });
      if (i % 100 === 0) {
        const headers = { Authorization: `Bearer ${original}` };
        assert.equal((await guest.handle({ target: "/me", headers })).response.status, 200);
      }
    }
  });

  test(`${TOKENS} well-signed tokens with changed JSON: no trap`, async () => {
    const random = seeded("payloads");
    const guest = await loadGate(GATES.main);
    for (let i = 0; i < TOKENS; i++) {
      const key = random.pick([rsa, ec]);
      const header = JSON.stringify({ alg: key.algorithm, kid: key.kid, typ: "JWT" });
      const payload = JSON.stringify(
        claims({ groups: ["a"], nbf: 1, nested: { a: [1, { b: 2 }] } }),
      );
      const parts = random.chance(4)
        ? [mutate(random, header), payload]
        : [header, mutate(random, payload)];
      await trial(random.seed, parts, async () => {
        const [first, second] = parts.map((part) => Buffer.from(part, "latin1"));
        const headers = { Authorization: `Bearer ${raw(first!, second!, signer(key))}` };
        const result = await guest.handle({ target: "/me", headers });
        noTrap(result);
        assert.ok([200, 401, 403].includes(result.response.status), String(result.response.status));
      });
    }
  });

  test(`${REQUESTS} changed requests: no trap, and no header of ours from outside`, async () => {
    const random = seeded("requests");
    const guests = new Map<GateName, Guest>();
    for (const name of ["main", "cookie", "header", "open"] as const) {
      guests.set(name, await loadGate(GATES[name]));
    }
    const cases = CASES.filter(({ gate }) => guests.has(gate));
    const owned = /^x[^a-z0-9]forwarded[^a-z0-9](user|email|groups)$/i;
    let reached = 0;
    for (let i = 0; i < REQUESTS; i++) {
      const it = random.pick(cases);
      const wire = wireOf(it, `fuzz-${i}`);
      const list = pairs(wire.headers ?? []).map(([name, value]): [string, string] => [
        random.chance(6) ? mutate(random, name) : name,
        random.chance(4) ? mutate(random, value) : value,
      ]);
      if (random.chance(3)) list.push([mutate(random, "X_Forwarded_User"), "root"]);
      const changed = {
        method: random.chance(5) ? mutate(random, wire.method!) : wire.method!,
        target: random.chance(2) ? mutate(random, wire.target) : wire.target,
        headers: list,
      };
      await trial(random.seed, [it.gate, changed], async () => {
        const result = await guests.get(it.gate)!.handle(changed);
        if (!result.reached) return;
        reached++;
        noTrap(result);
        if (!result.forwarded || it.gate === "open") return;
        const headers = result.forwarded.headers;
        const ours = headers.names().filter((name) => owned.test(name));
        const known = ["X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Groups"];
        assert.deepEqual(
          ours.filter((name) => !known.includes(name)),
          [],
        );
        assert.notEqual(headers.get("X-Forwarded-User"), "root");
        if (it.gate !== "header") assert.equal(headers.get("Authorization"), undefined);
      });
    }
    assert.ok(reached > REQUESTS / 3, `only ${reached} reached the guest`);
  });
});
