/** docs/login.md's set-up, as it stands there: its files in a folder, its Traefik, and somebody who signs in. Only ports and the provider are ours. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { startProvider, type Provider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { merge, type Tree } from "../../stack/traefik/config.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { blocks } from "./blocks.ts";

const home = temporaryFolder("sign-in-docs");
const stops: (() => unknown)[] = [];
const lines: string[] = [];
let provider: Provider;
let browser: HttpBrowser;
let url = "";

const file = (kind: string) => blocks.find((it) => it.kind === kind)!.text;

/** Each of them stands in the text. */
function replaced(text: string, pairs: Record<string, string>): string {
  return Object.entries(pairs).reduce((all, [from, to]) => {
    assert.ok(all.includes(from), `${from} is not there`);
    return all.replaceAll(from, to);
  }, text);
}

before(async () => {
  const upstream = await startUpstream();
  stops.push(() => upstream.stop());
  provider = await startProvider();
  stops.push(() => provider.stop());
  const [port, internal] = await freePorts(2);
  url = `https://app.example.com:${port}`;
  provider.clients.serve(url);
  const plugin = join(home.path, "plugins-local", "src", "rolegate");
  mkdirSync(plugin, { recursive: true });
  mkdirSync(join(home.path, "state"));
  for (const name of [".traefik.yml", "plugin.wasm"]) cpSync(join(root, name), join(plugin, name));
  const signIn = replaced(file("sign-in-static.yml"), {
    ":443": `127.0.0.1:${port}`,
    "127.0.0.1:8088": `127.0.0.1:${internal}`,
  });
  const { entryPoints: _, ...readme } = parse(file("traefik.yml")) as Tree;
  writeFileSync(join(home.path, "traefik.yml"), stringify(merge(readme, parse(signIn) as Tree)));
  writeFileSync(
    join(home.path, "dynamic.yml"),
    replaced(file("sign-in.yml"), {
      "https://sso.example.com/realms/main": provider.issuer,
      "https://sso.example.com": provider.issuer,
      "https://app.example.com": url,
      "clientId: app": `clientId: ${provider.clients.idOf("basic")}`,
      "http://127.0.0.1:4200": upstream.url,
      "127.0.0.1:8088": `127.0.0.1:${internal}`,
      "interval: 5s": "interval: 1s",
    }),
  );
  const child = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
    cwd: home.path,
    env: {
      PATH: process.env["PATH"] ?? "",
      SESSION_SECRET: randomBytes(32).toString("hex"),
      CLIENT_SECRET: provider.clients.secret,
    },
    onLine: (line) => lines.push(line),
  });
  stops.push(() => child.stop());
  browser = new HttpBrowser({ address: "127.0.0.1" });
  stops.push(() => browser.close());
  for (let attempt = 0; !lines.some((line) => line.includes("usable")); attempt++) {
    assert.ok(attempt < 200, `no keys came: ${lines.join("\n")}`);
    // The guest looks for keys when somebody asks.
    await browser.fetch(`${url}/none`, { from: null }).catch(() => null);
    await sleep(100);
  }
});

after(async () => {
  for (const stop of stops.reverse()) await stop();
  home.remove();
});

test("people sign in, come back to what they asked for, and out", async () => {
  await browser.go(`${url}/flows?tag=etl`, { from: null });
  const page = await browser.submit({ user: "alice" });
  assert.equal(page.url, `${url}/flows?tag=etl`);
  assert.equal(page.status, 200);
  assert.match(page.body, /\["X-Forwarded-User", "alice"\]/);
  const cookies = browser.cookies(url).map(({ key }) => key);
  assert.ok(cookies.includes("__Host-rolegate"), cookies.join());
  assert.equal((await browser.go(`${url}/admin`)).status, 403);
  const out = await browser.go(`${url}/oidc/logout`);
  assert.ok(out.url.startsWith(provider.issuer), out.url);
  assert.deepEqual(
    browser.cookies(url).map(({ key }) => key),
    [],
  );
});

test("nothing in the log is wrong", () => {
  const found = lines.filter((line) => /rolegate.{0,4}:.{0,4}config/.test(line));
  assert.deepEqual(found, []);
});
