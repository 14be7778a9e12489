/**
 * Requests and configurations at the guest's limits, in products of two where there are any: what `npm run loops` counts
 * when nothing milder comes. Each is answered, or refused, without a trap.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { loadGate } from "../support/gate.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

const base = { issuer: ISSUER, clientId: CLIENT, jwks: JSON.stringify(keySet(rsa, ec)) };
/** A tenth of what the module may have: a guest that finds no memory while it starts fails open. */
const PAGES = 410;
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const bearer = async (claims = {}) => ({ Authorization: `Bearer ${await token(claims, ec)}` });

function isAnswered(result: Result, ...statuses: number[]): void {
  assert.equal(result.trap, null);
  assert.ok(result.pages <= PAGES, `${result.pages} pages`);
  const said = JSON.stringify(result.logs.slice(0, 3)).slice(0, 1_000);
  assert.ok(statuses.includes(result.response.status), `${result.response.status} ${said}`);
}

describe("requests", () => {
  test("a path of 4,000 segments, and 512 patterns that may begin at each", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(512, (i) => ({ match: `Path(\`/**/a/a/*b*/${i}\`)`, allow: "deny" })),
    });
    isAnswered(await guest.handle({ target: "/a".repeat(4_000) }), 401, 403);
  });

  test("a path of one segment, and 512 patterns with stars in it", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(512, (i) => ({ match: `Path(\`/*aaaaaaab*${i}\`)`, allow: "deny" })),
    });
    isAnswered(await guest.handle({ target: `/${"a".repeat(8_000)}` }), 401, 403);
  });

  test("32,000 parameters, and 256 rules that ask for one", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(256, (i) => ({ match: `Query(\`p${i}\`, \`1\`)`, allow: "deny" })),
    });
    isAnswered(await guest.handle({ target: `/?${"a&".repeat(32_000)}` }), 401, 403);
  });

  test("8,000 values of one header, and 512 rules that ask for one", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(512, (i) => ({ match: `Header(\`X-A\`, \`${i}\`)`, allow: "deny" })),
    });
    const headers = many(8_000, (): [string, string] => ["X-A", ""]);
    isAnswered(await guest.handle({ target: "/", headers }), 401, 403);
  });

  test("a Connection field of 4,000 elements, and 512 rules for WebSockets", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(512, (i) => ({ match: `WebSocket() && Path(\`/${i}\`)`, allow: "deny" })),
    });
    const headers = { Upgrade: "websocket", Connection: `upgrade${",a".repeat(4_000)}` };
    const entryPoint = { connection: ["a"] };
    isAnswered(await guest.handle({ target: "/", headers, entryPoint }), 401, 403);
  });

  test("a path of 4,000 segments, and 512 patterns that capture each", async () => {
    const guest = await loadGate({
      ...base,
      rules: many(512, (i) => ({
        match: `Path(\`/**/{name}/${i}\`)`,
        allow: "Contains(`tenants`, `{name}`)",
      })),
    });
    isAnswered(await guest.handle({ target: "/a".repeat(4_000) }), 401, 403);
  });

  test("12,000 cookies", async () => {
    const guest = await loadGate({
      ...base,
      publicUrl: "https://app.example.com",
      token: { cookie: "session" },
    });
    const headers = { Host: "app.example.com", Cookie: "a=b; ".repeat(12_000) };
    isAnswered(await guest.handle({ target: "/", headers }), 401);
  });

  test("9,000 names of headers, and 30 that only the plugin may set", async () => {
    const guest = await loadGate({
      ...base,
      forwardHeaders: Object.fromEntries(many(30, (i) => [`X-Own-${i}`, "sub"])),
    });
    const headers = Object.fromEntries(many(9_000, (i) => [`n${i}`, ""]));
    isAnswered(await guest.handle({ target: "/", headers }), 401);
  });

  test("a Connection field of 4,000 names", async () => {
    const guest = await loadGate({ ...base, forwardHeaders: { "X-User": "sub" } });
    const headers = { ...(await bearer()), Upgrade: "websocket", Connection: "upgrade" };
    const entryPoint = { connection: many(4_000, (i) => `c${i}`) };
    headers.Connection = ["upgrade", ...entryPoint.connection].join(",").slice(0, 8_000);
    isAnswered(await guest.handle({ target: "/", headers, entryPoint }), 200, 400);
  });

  test("a token for 1,200 audiences with as many roles, and lists of thousands to compare with", async () => {
    const guest = await loadGate({
      ...base,
      audience: many(4_096, (i) => `other-${i}`)
        .concat()
        .slice(1),
      rolesFrom: ["roles"],
      roles: { viewer: many(4_096, (i) => `role-${i}`) },
      rules: [{ match: "PathPrefix(`/`)", allow: `OneOf(\`roles\`, ${values(2_000)})` }],
    });
    const claims = { aud: many(1_200, (i) => `a${i}`), roles: many(600, (i) => `r${i}`) };
    isAnswered(await guest.handle({ target: "/", headers: await bearer(claims) }), 401, 403);
    const known = { aud: "other-4095", roles: many(1_200, (i) => `r${i}`) };
    isAnswered(await guest.handle({ target: "/", headers: await bearer(known) }), 403);
  });

  const BODIES = {
    "100,000 members": `{${many(100_000, (i) => `"q":${i % 10}`).join(",")}}`,
    "one name of brackets": `{"q1${"[".repeat(1_000_000)}":1}`,
    "names of parts": `{${many(9_000, (i) => `"${"q.1[".repeat(25)}${i}":1`).join(",")}}`,
    "nothing but brackets": "[".repeat(1_000_000),
  };
  for (const [name, body] of Object.entries(BODIES)) {
    test(`a body of 1 MiB: ${name}, and 256 questions about it`, async () => {
      const guest = await loadGate({
        ...base,
        rules: many(256, (i) => ({
          match: `Path(\`/a\`) && BodyJSON(\`q${i}\`, \`1\`)`,
          allow: "public",
        })),
      });
      const headers = { "Content-Type": "application/json" };
      const result = await guest.handle({ method: "POST", target: "/a", headers, body });
      isAnswered(result, 200, 400, 401, 403);
      assert.ok(result.calls.includes("read_body"));
    });
  }
});

/** In an expression: that many texts. */
function values(count: number): string {
  return many(count, (i) => `\`value-${i}\``).join(", ");
}

const CONFIGURATIONS: Record<string, object | string> = {
  "100,000 issuers": { issuers: many(100_000, () => ({})) },
  "16 issuers that set the same 30 headers, of 1,000 letters each": {
    ...base,
    issuers: many(15, (i) => ({
      ...{ issuer: `https://${i}.example`, audience: "a", jwks: base.jwks },
      forwardHeaders: Object.fromEntries(many(30, (j) => [`x${"y".repeat(1_000)}${j}`, "sub"])),
    })),
    forwardHeaders: Object.fromEntries(many(30, (j) => [`X${"y".repeat(1_000)}${j}`, "sub"])),
  },
  "1,000 forwarded headers": {
    ...base,
    forwardHeaders: Object.fromEntries(many(1_000, (i) => [`X-${i}`, `claim-${i}`])),
  },
  "4,000 tenants of one issuer": {
    ...base,
    issuer: "https://sso.example.com/{tenantid}/v2.0",
    jwks: undefined,
    tenants: many(4_000, (i) => `00000000-0000-0000-0000-${String(i).padStart(12, "0")}`),
  },
  "100,000 rules": { ...base, rules: many(100_000, () => ({})) },
  "100,000 API keys": { ...base, apiKeys: many(100_000, () => ({})) },
  "20,000 keys that nobody knows": { ...base, rules: many(500, () => unknown(40)) },
  "256 keys nearly like others in each of 100 rules": {
    ...base,
    rules: many(100, () => unknown(256)),
  },
  "a hierarchy of 256 steps, upside down": {
    ...base,
    roleHierarchy: Object.fromEntries(
      many(256, (i) => [`r${999 - i}`, many(32, (j) => `r${999 - i - j}`)]),
    ),
  },
  "512 rules of 8 paths": {
    ...base,
    rules: many(512, (i) => ({
      match: `Path(${many(8, (j) => `\`/${i}/${j}/**\``).join(", ")})`,
      allow: "deny",
    })),
  },
  "2,700 scopes in each of 3 rules": {
    ...base,
    rules: many(3, (i) => ({
      match: `Path(\`/${i}\`)`,
      allow: `Scope(${many(2_700, (j) => `\`${i}:a-scope-of-${j}\``).join(", ")})`,
    })),
  },
  "1,500 claims in each of 5 rules": {
    ...base,
    rules: many(5, (i) => ({
      match: `Path(\`/${i}\`)`,
      allow: many(1_500, (j) => `OneOf(\`${i}.a.claim-${j}\`, \`${j}\`)`).join(" || "),
    })),
  },
  "an expression of braces": {
    ...base,
    rules: [{ match: "PathPrefix(`/`)", allow: `Equals(\`a\`, \`${"{".repeat(65_000)}\`)` }],
  },
  "a key with 100,000 uses": {
    ...base,
    jwks: JSON.stringify({ keys: [{ ...rsa.jwk, key_ops: many(100_000, (i) => `${i}`) }] }),
  },
  "2 MiB": `{"issuer":"${"a".repeat(2 << 20)}"}`,
  "1 MiB of brackets": "[".repeat(1 << 20),
};

function unknown(count: number): object {
  return Object.fromEntries(many(count, (i) => [`macth${i}`, ""]));
}

describe("configurations", () => {
  for (const [name, config] of Object.entries(CONFIGURATIONS)) {
    test(name, async () => {
      const guest = await loadGate(config);
      isAnswered(await guest.handle({ target: "/" }), 401, 403, 500);
    });
  }
});
