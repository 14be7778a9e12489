/** One guest over many requests: its memory, its cache, its host calls, and what a trap leaves behind. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loads } from "../../bench/loads.ts";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { startGuest } from "../../src/guest/load.ts";
import { GATES } from "../cases/gates.ts";
import { loadGate, pluginWasm, reasonOf, request, step } from "../support/gate.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, seconds, tampered, token } from "../support/tokens.ts";

/** A realistic gate: three identity headers, two keys, as many rules. */
const withRules = (count: number) => ({
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa, ec)),
  roles: { viewer: ["app-viewer"], runner: ["app-runner"] },
  rules: [
    ...Array.from({ length: count - 1 }, (_, i) => ({
      match: `PathPrefix(\`/area${i}\`) && Method(\`GET\`, \`POST\`)`,
      allow: "Role(`runner`)",
    })),
    { match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
  ],
  forwardHeaders: {
    "X-Forwarded-User": "preferred_username",
    "X-Forwarded-Email": "email",
    "X-Forwarded-Groups": "@roles",
  },
});
const realistic = withRules(20);
const filler = (length: number) => ({ filler: "x".repeat(length) });
/** Of about 1.2 kB, no two alike. */
const distinct = (i: number, key = rsa) => token({ ...filler(350), jti: `token-${i}` }, key);

async function manyRequests(guest: Guest, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { response } = await request(guest, await distinct(i));
    assert.equal(response.status, 200);
  }
}

describe("memory", () => {
  test("1,000 distinct tokens need two pages, and no more after the first", async () => {
    const guest = await loadGate(realistic);
    await manyRequests(guest, 50);
    const { pages } = guest;
    assert.ok(pages <= 2, `${pages} pages`);
    await manyRequests(guest, 950);
    assert.equal(guest.pages, pages);
  });

  // Each request in flight holds a guest, and no two share any of it.
  for (const [rules, most] of [
    [20, 13],
    [50, 19],
  ] as const) {
    test(`with ${rules} rules a guest in flight takes at most ${most} pages of 4 KiB`, async () => {
      const guest = await loadGate(withRules(rules));
      const known = await distinct(1);
      for (let i = 0; i < 2; i++) {
        assert.equal((await request(guest, known)).response.status, 200);
      }
      assert.ok(guest.touched <= most, `${guest.touched} pages`);
      assert.ok(guest.pages <= 2, `${guest.pages} pages of 64 KiB`);
    });
  }

  test("with the benchmarks' requests, too, which are what RESULTS.md has figures of", async () => {
    const most: Record<string, number> = { token: 13, session: 14, "API key": 13, anonymous: 13 };
    for (const { name, config, calls } of loads(false)) {
      const guest = startGuest({ wasm: pluginWasm, config });
      for (const call of [...(await calls(pluginWasm)), ...(await calls(pluginWasm))]) {
        assert.equal((await guest.handle(call)).response.status, 200);
      }
      assert.ok(guest.touched <= most[name]!, `${name}: ${guest.touched} pages`);
    }
  });

  test("a long secret takes no more than its length", async () => {
    const signingSecret = "Ab1-cd2_Ef3".repeat(500);
    const guest = await loadGate({ issuer: ISSUER, clientId: CLIENT, signingSecret });
    assert.equal(guest.check().errors, 0);
    assert.ok(guest.pages <= 2, `${guest.pages} pages`);
  });

  test("thousands of cookies of one name take no more than one", async () => {
    for (const cookie of ["session=; ", "session=a; "]) {
      const guest = await loadGate(GATES.cookie);
      const headers = { Host: "app.example.com", Cookie: cookie.repeat(5_500) };
      await guest.handle({ target: "/public/a", headers });
      assert.ok(guest.pages <= 4, `${guest.pages} pages`);
    }
  });

  test("the largest requests take no more the thirtieth time than the first", async () => {
    const guest = await loadGate({ ...GATES.main });
    const large = {
      target: `/api/${"%C3%A9".repeat(8_000)}?${"a".repeat(10_000)}`,
      headers: {
        Authorization: `Bearer ${"a".repeat(60_000)}`,
        "X-Request-Id": "i".repeat(60_000),
      },
    };
    const rich = await token(filler(11_000));
    let pages = 0;
    for (let i = 0; i < 30; i++) {
      await guest.handle(large);
      await request(guest, rich);
      // A key's table is made at its fourth use.
      if (i === 4) pages = guest.pages;
    }
    assert.equal(guest.pages, pages);
    assert.ok(pages <= 20, `${pages} pages`);
  });
});

describe("the cache of verified tokens", () => {
  const gate = GATES.main;

  test("a token is verified once, then found by its exact bytes", async () => {
    const guest = await loadGate(gate);
    const good = await token();
    const first = await request(guest, good);
    const second = await request(guest, good);
    assert.equal(step(first, "token")?.cached, false);
    assert.equal(step(second, "token")?.cached, true);
    // An id is made for each.
    const sent = (it: Result) =>
      [...it.forwarded!.headers.entries()].filter(([name]) => name !== "X-Request-Id");
    assert.deepEqual(sent(second), sent(first));
    const {
      request: ______,
      cached: _,
      algorithm: __,
      kid: ___,
      key: ____,
      ...verified
    } = step(first, "token")!;
    const { request: _______, cached: _____, ...known } = step(second, "token")!;
    assert.deepEqual(known, verified);
  });

  test("a token that differs in one character is not the one that is known", async () => {
    const guest = await loadGate(gate);
    const good = await token();
    await request(guest, good);
    assert.equal(reasonOf(await request(guest, tampered(good))), "signature_invalid");
    for (const at of [0, 10, good.length >> 1, good.length - 1]) {
      const changed = good.slice(0, at) + (good[at] === "x" ? "y" : "x") + good.slice(at + 1);
      assert.equal((await request(guest, changed)).response.status, 401);
    }
    assert.equal((await request(guest, good)).response.status, 200);
  });

  test("never past its expiry", async () => {
    let now = Date.now();
    const guest = await loadGate(gate, { now: () => now });
    const short = await token({ exp: seconds(5) });
    assert.equal((await request(guest, short)).response.status, 200);
    // Five seconds and the clock skew of 30.
    now += 34_000;
    assert.equal((await request(guest, short)).response.status, 200);
    now += 2_000;
    assert.equal(reasonOf(await request(guest, short)), "token_expired");
  });

  test("callers are not mixed up, whoever came before", async () => {
    const guest = await loadGate(gate);
    const people = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => ({
        name: `user-${i}`,
        token: await token({ preferred_username: `user-${i}`, email: `${i}@example.com` }),
      })),
    );
    for (let round = 0; round < 5; round++) {
      for (const [i, { name, token }] of people.entries()) {
        const { forwarded } = await request(guest, token);
        assert.equal(forwarded?.headers.get("X-Forwarded-User"), name);
        assert.equal(forwarded?.headers.get("X-Forwarded-Email"), `${i}@example.com`);
      }
    }
  });
});

test("a known token takes at most 12 host calls", async () => {
  const guest = await loadGate(realistic);
  const good = await distinct(1);
  await request(guest, good);
  const { calls, forwarded } = await guest.handle({
    target: "/api/things?page=2",
    headers: {
      Authorization: `Bearer ${good}`,
      Accept: "application/json",
      "Accept-Encoding": "gzip",
      "User-Agent": "test",
      Cookie: "a=1",
    },
  });
  assert.ok(forwarded?.headers.has("X-Forwarded-Email"));
  assert.ok(calls.length <= 12, calls.join(" "));
});

describe("a trap in the middle of a request", () => {
  /** Every host function that the decision of this request calls, each failing in turn. */
  for (const failing of [
    "get_method",
    "get_uri",
    "get_header_names",
    "get_header_values",
    "set_header_value",
    "remove_header",
    "set_uri",
    "log",
  ]) {
    test(`in ${failing}: 500, and the next requests are as if it had not been`, async () => {
      let fails = false;
      const guest = await loadGate(GATES.main, {
        onCall(name) {
          if (fails && name === failing) throw new Error("the test lets it fail");
        },
      });
      const good = await token();
      await request(guest, good);
      fails = true;
      const trapped = await request(guest, good);
      fails = false;
      assert.ok(trapped.trap, `${failing} was not called`);
      assert.equal(trapped.response.status, 500);
      assert.equal(trapped.forwarded, null);

      const first = await request(guest, good);
      const second = await request(guest, good);
      const recovered = (logs: typeof first.logs) =>
        logs.filter(({ data }) => data?.rolegate === "recovered").length;
      assert.deepEqual([recovered(first.logs), recovered(second.logs)], [1, 0]);
      assert.equal(step(first, "token")?.cached, false, "the cache was not thrown away");
      assert.equal(step(second, "token")?.cached, true);
      assert.equal(first.response.status, 200);
      assert.equal(first.forwarded?.headers.get("X-Forwarded-User"), "alice");
      assert.equal((await request(guest)).response.status, 401);
    });
  }
});

describe("a response that breaks off", () => {
  const dies = () => ({ headers: { "Content-Length": "100" }, body: "half", dies: true });

  test("stays broken for the client", async () => {
    const guest = await loadGate(realistic);
    const headers = { Authorization: `Bearer ${await token()}` };
    const { response, trap } = await guest.handle({ target: "/a", headers }, dies);
    assert.ok(trap);
    assert.equal(response.complete, false);
  });

  test("and the guest is none the worse for it", async () => {
    const guest = await loadGate(GATES.main);
    const good = await token();
    await guest.handle({ target: "/public" }, dies);
    const { response, logs } = await request(guest, good);
    assert.equal(response.status, 200);
    assert.ok(!logs.some(({ data }) => data?.rolegate === "recovered"));
  });
});
