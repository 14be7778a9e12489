/** docs/security.md's rule against service workers: it refuses what browsers ask for one, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { loadGate } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { blocks } from "./blocks.ts";

test("a service worker's script is refused, the same file for a page is not", async () => {
  const { text } = blocks.find(({ text }) => text.includes("no-service-worker"))!;
  const { jwksFile: _, ...block } = parse(text) as Record<string, unknown>;
  const guest = await loadGate({ ...block, jwks: JSON.stringify(keySet(rsa)) });
  const Authorization = `Bearer ${await token({})}`;
  const status = async (headers: Record<string, string>) =>
    (await guest.handle({ target: "/sw.js", headers: { Authorization, ...headers } })).response
      .status;
  assert.equal(await status({ "Service-Worker": "script" }), 403);
  assert.equal(await status({ "service-worker": "script" }), 403);
  assert.equal(await status({}), 200);
});
