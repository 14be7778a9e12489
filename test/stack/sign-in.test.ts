/** The dynamic configuration with sign-in: what must be so, or codes and refresh tokens go where they should not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { internalEntryPoint, signInConfiguration } from "../../stack/sign-in.ts";

interface Http {
  routers: Record<string, { rule: string; middlewares?: string[]; entryPoints?: string[] }>;
  middlewares: Record<string, { plugin?: { rolegate: Record<string, unknown> } }>;
}

const made = signInConfiguration({
  block: { issuer: "https://sso.example.com", clientId: "app" },
  host: "localhost",
  upstreamUrl: "http://127.0.0.1:1",
  providerUrl: "http://127.0.0.1:2",
  internalUrl: "http://127.0.0.1:3",
  interval: "1s",
  patience: "10s",
  tls: null,
});
const { routers, middlewares } = made.http as unknown as Http;

test("the three middlewares differ in their mode only", () => {
  const blocks = ["rolegate", "rolegate-login", "rolegate-keys"].map((name) => {
    const { mode, ...rest } = middlewares[name]!.plugin!.rolegate;
    return { mode, rest };
  });
  assert.deepEqual(
    blocks.map(({ mode }) => mode),
    ["protect", "login", "keys"],
  );
  for (const { rest } of blocks) assert.deepEqual(rest, blocks[0]!.rest);
});

test("what the plugin makes of the request is what is buffered, and nothing sends it twice", () => {
  assert.deepEqual(routers.login!.middlewares, ["rolegate-login", "rolegate-buffering"]);
  assert.doesNotMatch(JSON.stringify(made), /"retry"/);
});

test("keys are fetched on the internal entry point, and nowhere else", () => {
  for (const [name, { entryPoints, middlewares: used = [] }] of Object.entries(routers)) {
    const internal = name === "keys" || name === "tick";
    assert.deepEqual(entryPoints, internal ? [internalEntryPoint] : undefined, name);
    assert.equal(used.includes("rolegate-keys"), name === "keys");
  }
});
