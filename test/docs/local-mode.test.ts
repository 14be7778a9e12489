/** The README's local mode, as it stands there: its files in a folder, its Traefik, its rules. Only ports are ours. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { root } from "../../tools/root.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { blocks } from "./blocks.ts";

const home = temporaryFolder("local-mode");
const stops: (() => Promise<unknown>)[] = [];
const lines: string[] = [];
let url = "";

function file(kind: string): string {
  return blocks.find((it) => it.place.startsWith("README.md") && it.kind === kind)!.text;
}

function replaceOnce(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `${from} stands once`);
  return text.replace(from, to);
}

before(async () => {
  const upstream = await startUpstream();
  stops.push(() => upstream.stop());
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const plugin = join(home.path, "plugins-local", "src", "rolegate");
  mkdirSync(plugin, { recursive: true });
  mkdirSync(join(home.path, "state"));
  for (const name of [".traefik.yml", "plugin.wasm"]) cpSync(join(root, name), join(plugin, name));
  writeFileSync(join(home.path, "state", "jwks.json"), JSON.stringify({ keys: [rsa.jwk] }));
  writeFileSync(
    join(home.path, "traefik.yml"),
    replaceOnce(file("traefik.yml"), '":8080"', `"127.0.0.1:${port}"`),
  );
  writeFileSync(
    join(home.path, "dynamic.yml"),
    replaceOnce(file("dynamic.yml"), "http://127.0.0.1:4200", upstream.url),
  );
  const child = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
    cwd: home.path,
    env: { PATH: process.env["PATH"] ?? "" },
    onLine: (line) => lines.push(line),
  });
  stops.push(() => child.stop());
  for (let attempt = 0; (await get("/health").catch(() => 0)) !== 200; attempt++) {
    assert.ok(attempt < 100, `Traefik did not come up: ${lines.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

after(async () => {
  for (const stop of stops.reverse()) await stop();
  home.remove();
});

async function get(path: string, roles?: string[], method = "GET"): Promise<number> {
  const headers: Record<string, string> = { Host: "app.example.com" };
  if (roles) headers["Authorization"] = `Bearer ${await token({ realm_access: { roles } })}`;
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode!));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("its rules decide as the README says", async () => {
  assert.equal(await get("/health"), 200);
  assert.equal(await get("/api/runs"), 401);
  assert.equal(await get("/api/runs", ["viewer"]), 200);
  assert.equal(await get("/api/runs", ["viewer"], "POST"), 403);
  assert.equal(await get("/api/runs", ["runner"], "POST"), 200);
  assert.equal(await get("/admin", ["runner"]), 403);
  assert.equal(await get("/admin", ["owner"]), 200);
  assert.equal(await get("/elsewhere", ["owner"]), 403);
});

test("the audit stands in the log", () => {
  assert.ok(lines.some((line) => line.includes("rolegate") && line.includes("rule_not_satisfied")));
});
