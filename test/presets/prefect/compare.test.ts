/** The comparison with a running server: what it finds, and that it does not pass over what it cannot read. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../../stack/machine/cleanup.ts";
import { root } from "../../../tools/root.ts";
import { compare } from "../../../src/presets/prefect/compare.ts";
import { prefectDocument } from "../../../src/presets/prefect/document.ts";
import { defaults, version } from "../../../src/presets/prefect/preset.ts";
import { routes } from "./routes.ts";

/** What the server is made to have. */
let paths: Record<string, Record<string, object>>;
let status = 200;
let server: Server;
let url: string;
const folder = temporaryFolder("compare");

before(async () => {
  server = createServer((request, response) => {
    response.statusCode = status;
    const isVersion = request.url!.endsWith("/admin/version");
    response.end(JSON.stringify(isVersion ? version : { paths }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});
after(() => {
  server.close();
  folder.remove();
});

const preset = join(root, "presets/prefect.yml");
const without = /^(\/api\/(docs|redoc|openapi|static|metrics)|\/(docs|redoc|openapi|ui|v2|\*))/;

/** As Prefect describes itself: without the base. */
function described(): typeof paths {
  const made: typeof paths = {};
  for (const { method, path } of routes) {
    if (method === "WS" || without.test(path)) continue;
    (made[path.slice("/api".length)] ??= {})[method.toLowerCase()] = {};
  }
  return made;
}

test("all of Prefect's routes are in the preset", async () => {
  paths = described();
  const { lines, unknown } = await compare(url, {}, preset);
  assert.deepEqual(
    lines.filter((line) => /in no rule|another route/.test(line)),
    [],
  );
  assert.equal(unknown, 0);
});

test("a new route is named, and so is one that a pattern takes for another", async () => {
  paths = { ...described(), "/secrets/{id}": { get: {} }, "/flows/export": { get: {} } };
  const { lines, unknown } = await compare(url, {}, preset);
  assert.equal(unknown, 2);
  assert.ok(lines.includes("in no rule: GET /api/secrets/{id}"), lines.join("\n"));
  const taken = "taken for another route, by the rule see_flows: GET /api/flows/export";
  assert.ok(lines.includes(taken), lines.join("\n"));
});

test("a route that a rule of one's own is for counts as known", async () => {
  paths = { ...described(), "/secrets/{id}": { get: {} } };
  const file = join(folder.path, "mine.yml");
  const mine =
    "rules:\n  - {name: mine, match: 'Path(`/api/secrets/{id}`)', allow: Role(`owner`)}\n";
  writeFileSync(file, prefectDocument(defaults).replace("rules:\n", mine));
  assert.equal((await compare(url, {}, file)).unknown, 0);
});

test("another base than the file's: every route is in no rule", async () => {
  paths = described();
  const { unknown } = await compare(`${url.replace("/api", "")}/other/api`, {}, preset);
  assert.ok(unknown > 150, `${unknown}`);
});

test("no server, no description, a server that asks to sign in, a file without rules: an error each", async () => {
  paths = {};
  await assert.rejects(compare(url, {}, preset), /is no OpenAPI description/);
  status = 401;
  await assert.rejects(compare(url, {}, preset), /answered 401: a protected server needs --header/);
  status = 200;
  const file = join(folder.path, "none.yml");
  writeFileSync(file, "rules: []\n");
  paths = described();
  await assert.rejects(compare(url, {}, file), /has no rules/);
});
