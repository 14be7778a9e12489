/** What a line of the audit says of callers, of the tokens that are refused, and of what the provider calls their roles. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { but } from "../cases/configurations.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { loadGate } from "../support/gate.ts";
import { ec, keySet, rsa, strangerRsa } from "../support/keys.ts";
import { type Claims, ISSUER, signed, claims, tampered, token } from "../support/tokens.ts";

type Line = Record<string, unknown>;

const config = but({
  jwks: JSON.stringify(keySet(rsa, ec)),
  publicKeys: undefined,
  jwksFile: undefined,
  roles: { viewer: ["app-viewer"] },
  rules: [
    { match: "Path(`/open`)", allow: "authenticated" },
    { match: "PathPrefix(`/`)", allow: "Role(`owner`)" },
  ],
  roleHierarchy: { owner: ["viewer"] },
  audit: "all",
});
const gate = (changes: Claims = {}) => loadGate({ ...config, ...changes });

async function lineOf(guest: Guest, bearer: string, target = "/open"): Promise<Line> {
  const headers: [string, string][] = [["Authorization", `Bearer ${bearer}`]];
  const { logs } = await guest.handle({ target, headers });
  const lines = logs.filter(({ data }) => data?.rolegate === "audit");
  assert.equal(lines.length, 1);
  // Neither the token nor its signature, whatever it is refused for.
  const text = JSON.stringify(lines[0]!.data);
  for (const part of bearer.split(".").filter((it) => it.length > 8)) {
    assert.ok(!text.includes(part), text);
  }
  return lines[0]!.data!;
}

describe("what the caller is called", () => {
  const HEADERS = { "X-Forwarded-Email": "email", "X-Auth-User": "email", "X-Role": "@roles" };
  const ROWS: [string, Claims, Claims, unknown][] = [
    ["preferred_username", {}, {}, "alice"],
    [
      "by the claim that the application knows them by",
      { forwardHeaders: HEADERS },
      {},
      "alice@example.com",
    ],
    [
      "an address that is not verified",
      { forwardHeaders: HEADERS },
      { email_verified: false },
      "alice",
    ],
    [
      "an address that the configuration takes",
      { forwardHeaders: HEADERS, emailUnverified: true },
      { email_verified: false },
      "alice@example.com",
    ],
    [
      "a header with the subject names nobody",
      { forwardHeaders: { "X-User": "sub" } },
      {},
      "alice",
    ],
    [
      "a header of that name with several values",
      { forwardHeaders: { "X-Remote-User": "realm_access.roles" } },
      {},
      "alice",
    ],
    [
      "by audit.user",
      { audit: { decisions: "all", user: "employee" } },
      { employee: 4711 },
      "4711",
    ],
    [
      "by audit.user, which the token has not",
      { audit: { decisions: "all", user: "employee" } },
      {},
      "alice",
    ],
    [
      "by audit.user, which is null",
      { audit: { decisions: "all", user: "employee" } },
      { employee: null },
      "alice",
    ],
    [
      "by audit.user, which is empty",
      { audit: { decisions: "all", user: "employee" } },
      { employee: "" },
      "alice",
    ],
    [
      "by audit.user, which is an object",
      { audit: { decisions: "all", user: "employee" } },
      { employee: { a: 1 } },
      "alice",
    ],
    ["nothing", {}, { preferred_username: undefined }, undefined],
    ["as the subject", {}, { preferred_username: "8d6f3a6e-0001" }, undefined],
    ["not wanted", { audit: { decisions: "all", user: "none" } }, {}, undefined],
    ["too long", {}, { preferred_username: `${"ä".repeat(63)}xää` }, `${"ä".repeat(63)}x`],
    [
      "two lines",
      {},
      { preferred_username: 'bob\n{"rolegate":"audit"}' },
      'bob\n{"rolegate":"audit"}',
    ],
  ];
  for (const [name, block, changes, user] of ROWS) {
    test(name, async () => {
      const guest = await gate(block);
      const bearer = await token(changes);
      // Known from the second time on, and another one between.
      for (const it of [bearer, await token({ preferred_username: "bob", sub: "2" }), bearer]) {
        const line = await lineOf(guest, it);
        if (it !== bearer) continue;
        assert.deepEqual([line.subject, line.user], ["8d6f3a6e-0001", user]);
      }
    });
  }
  test("an API key has its name alone", async () => {
    const key = apiKey();
    const guest = await gate({
      apiKeys: [{ name: "ci", sha256: digestOf(key), roles: ["viewer"] }],
    });
    for (const target of ["/open", "/shut", "/open"]) {
      const { subject, user, providerRoles } = await lineOf(guest, key, target);
      assert.deepEqual([subject, user, providerRoles], ["apikey:ci", undefined, undefined]);
    }
  });
});

describe("whose address it was", () => {
  const TOKEN = token();
  const clientOf = async (guest: Guest, peer?: string) => {
    const headers: [string, string][] = [["Authorization", `Bearer ${await TOKEN}`]];
    const { logs, calls } = await guest.handle({
      target: "/open",
      headers,
      ...(peer === undefined ? {} : { remote: peer }),
    });
    const line = logs.find(({ data }) => data?.rolegate === "audit")?.data;
    return { client: line?.client, asked: calls.filter((it) => it === "get_source_addr").length };
  };
  test("without its port, asked for once", async () => {
    const guest = await gate();
    for (const [peer, client] of [
      ["192.0.2.7:4711", "192.0.2.7"],
      ["[2001:db8::7]:80", "2001:db8::7"],
      ["[fe80::1%eth0]:80", "fe80::1"],
    ] as const) {
      assert.deepEqual(await clientOf(guest, peer), { client, asked: 1 });
    }
  });
  test("asked for once also where a rule asks for it", async () => {
    const guest = await gate({
      rules: [{ match: "ClientIP(`192.0.2.0/24`)", allow: "authenticated" }],
    });
    assert.deepEqual(await clientOf(guest, "192.0.2.7:1"), { client: "192.0.2.7", asked: 1 });
  });
  test("not where it is not wanted, and not for what no line is written of", async () => {
    const silent = await gate({ audit: { decisions: "all", client: false } });
    assert.deepEqual(await clientOf(silent), { client: undefined, asked: 0 });
    const quiet = await gate({ audit: "writes" });
    assert.deepEqual(await clientOf(quiet), { client: undefined, asked: 0 });
  });
});

describe("a token that is refused", () => {
  const unknown = "https://other.example.org";
  const EXP = 1_900_000_000;
  const at = "2030-03-17T17:46:40Z";
  const OF = { iss: ISSUER, aud: "app", azp: "app", exp: at };
  const HEAD = { kid: "rsa-1", alg: "RS256", typ: "JWT" };
  const ROWS: [string, () => Promise<string> | string, string, Line, Line | undefined, boolean][] =
    [
      [
        "for others",
        () => token({ exp: EXP, aud: ["account", "b"] }),
        "audience_mismatch",
        { ...HEAD, ...OF, aud: ["account", "b"] },
        { aud: ["app"] },
        true,
      ],
      [
        "for nobody",
        () => token({ exp: EXP, aud: undefined, azp: undefined }),
        "audience_mismatch",
        { ...HEAD, iss: ISSUER, exp: at },
        { aud: ["app"] },
        true,
      ],
      [
        "expired",
        () => token({ exp: 1_000_000_000 }),
        "token_expired",
        { ...HEAD, ...OF, exp: "2001-09-09T01:46:40Z" },
        undefined,
        true,
      ],
      [
        "of another issuer",
        () => token({ exp: EXP, iss: unknown }),
        "issuer_unknown",
        { ...HEAD, ...OF, iss: unknown },
        { iss: [ISSUER] },
        false,
      ],
      [
        "by an unknown key",
        () => token({ exp: EXP }, strangerRsa),
        "key_unknown",
        { ...HEAD, ...OF, kid: "stranger-rsa" },
        { kid: ["rsa-1", "ec-1"] },
        false,
      ],
      [
        "tampered",
        async () => tampered(await token({ exp: EXP })),
        "signature_invalid",
        { ...HEAD, ...OF },
        undefined,
        false,
      ],
      [
        "of another type",
        () => token({ exp: EXP }, rsa, { typ: "dpop+jwt" }),
        "type_not_allowed",
        { ...HEAD, typ: "dpop+jwt" },
        { typ: ["JWT", "at+jwt"] },
        false,
      ],
      [
        "a long one",
        () => token({ exp: EXP, azp: "x".repeat(400), aud: Array(40).fill("y".repeat(300)) }),
        "audience_mismatch",
        { ...HEAD, ...OF, azp: "x".repeat(128), aud: Array(16).fill("y".repeat(128)) },
        { aud: ["app"] },
        true,
      ],
    ];
  for (const [name, make, reason, seen, expected, isGenuine] of ROWS) {
    test(name, async () => {
      const line = await lineOf(await gate(), await make());
      const { iat: _, ...told } = line.token as Line;
      assert.deepEqual([line.reason, told, line.expected], [reason, seen, expected]);
      // Whom it names counts only where the issuer says so.
      const who = isGenuine ? ["8d6f3a6e-0001", "alice"] : [undefined, undefined];
      assert.deepEqual([line.subject, line.user, line.roles], [...who, undefined]);
    });
  }
  test("by an algorithm that the configuration leaves out", async () => {
    const line = await lineOf(await gate({ algorithms: ["ES256"] }), await token());
    assert.deepEqual([line.reason, line.expected], ["algorithm_not_allowed", { alg: ["ES256"] }]);
  });
  test("what is no token, and what no claims are in", async () => {
    const guest = await gate();
    for (const bearer of ["abc", "a.b.c", "....", await signed([] as unknown as Claims, rsa)]) {
      assert.equal("expected" in (await lineOf(guest, bearer)), false);
    }
  });
  test("a line stays one line, and JSON, whatever stands in it", async () => {
    const azp = '"}\n{"rolegate":"audit"\u0000\u2028\u009b';
    const line = await lineOf(await gate(), await token({ aud: azp, azp }));
    assert.equal((line.token as Line).azp, azp);
    const { logs } = await (
      await gate()
    ).handle({
      target: "/open",
      headers: [["Authorization", `Bearer ${await token({ aud: azp, azp })}`]],
    });
    for (const { message } of logs)
      assert.doesNotMatch(message, /[\u0000-\u001f\u007f-\u009f\u2028]/);
  });
});

describe("roles before and after they are mapped, where a rule refuses", () => {
  const NAMES = ["app-viewer", "offline_access", "uma_authorization"];
  const mine = { realm_access: { roles: NAMES } };
  test("of a token, also of a known one", async () => {
    const guest = await gate();
    const bearer = await signed(claims(mine), rsa);
    for (let i = 0; i < 2; i++) {
      const line = await lineOf(guest, bearer, "/shut");
      assert.deepEqual([line.roles, line.providerRoles], [["viewer"], NAMES]);
    }
  });
  test("none of them has a meaning", async () => {
    const line = await lineOf(await gate({ roles: { owner: ["boss"] } }), await token(mine), "/");
    assert.deepEqual([line.roles, line.providerRoles], [[], NAMES]);
  });
  test("not where the request passes, nor where nobody is known", async () => {
    const guest = await gate();
    assert.equal("providerRoles" in (await lineOf(guest, await token(mine))), false);
    assert.equal(
      "providerRoles" in (await lineOf(guest, await token({ ...mine, aud: "x" }))),
      false,
    );
  });
  test("no more of them than a line takes", async () => {
    const roles = Array.from({ length: 300 }, (_, i) => `role-${i}`);
    const line = await lineOf(await gate(), await token({ realm_access: { roles } }), "/shut");
    assert.deepEqual(line.providerRoles, roles.slice(0, 16));
  });
});
