/** People sign in through nginx: what `rolegate init` writes, with the changes and the nginx of docs/proxies.md. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { type Received, startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { rolegate } from "../cli/run.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { blockOf, startSignInFront } from "./fronts.ts";

const undo = new Undo();
const lines: string[] = [];
let provider: Provider;
let upstream: Upstream;
let url = "";

/** Puts a block of the page, less its first line, where `place` stands once. */
function changed(text: string, place: RegExp, kind: string, kept = ""): string {
  assert.equal(text.match(new RegExp(place, "gm"))?.length, 1, `${place}\n${text}`);
  return text.replace(place, () => blockOf(kind).replace(/^# .*\n/, "") + kept);
}

before(async () => {
  provider = await startProvider();
  undo.add(() => provider.stop());
  upstream = await startUpstream();
  undo.add(() => upstream.stop());
  const home = temporaryFolder("nginx-sign-in");
  undo.add(() => home.remove());
  const [own, gate, keysPort] = (await freePorts(3)) as [number, number, number];
  url = `http://localhost:${own}`;
  provider.clients.serve(url);
  const made = await rolegate(
    [
      ...["init", "--yes", "--issuer", provider.issuer, "--client-id", provider.clients.id],
      ...["--public-url", url, "--service", upstream.url, "--keys-port", String(keysPort)],
    ],
    { cwd: home.path },
  );
  assert.equal(made.code, 0, made.stderr);
  const file = (name: string) => join(home.path, name);
  const statics = readFileSync(file("traefik.yml"), "utf8");
  const web = changed(statics, /^ {2}web:\n.*\n/m, "in traefik.yml, instead of web");
  writeFileSync(file("traefik.yml"), web.replace("8082", String(gate)));
  const dynamic = readFileSync(file("dynamic.yml"), "utf8");
  const router = "in dynamic.yml, instead of the router app";
  const routed = changed(dynamic, /^ {4}app: \{ rule.*\n/m, router);
  const middlewares = "in dynamic.yml, below middlewares";
  const login = "    rolegate-login:\n";
  writeFileSync(
    file("dynamic.yml"),
    changed(routed, new RegExp(`^${login}`, "m"), middlewares, login),
  );
  mkdirSync(file("state"), { recursive: true });
  const child = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
    cwd: home.path,
    env: { PATH: process.env.PATH ?? "", CLIENT_SECRET: provider.clients.secret },
    onLine: (line) => lines.push(line),
  });
  undo.add(() => child.stop());
  const keys = file(join("state", stateFile("jwks", provider.issuer)));
  for (const end = Date.now() + 60_000; !existsSync(keys); await sleep(100)) {
    assert.ok(child.running() && Date.now() < end, lines.join("\n"));
  }
  await startSignInFront(own, upstream.port, gate, undo);
});
after(() => undo.all());

test("a script is refused, a page goes to the provider and comes back as bob's", async () => {
  const browser = new HttpBrowser({ address: loopback });
  try {
    const script = await browser.fetch(`${url}/reports`, { from: null });
    assert.equal(script.status, 401, lines.join("\n"));
    assert.equal(upstream.received.length, 0);
    const page = await browser.go(`${url}/reports?year=2026`, { from: null });
    assert.ok(
      page.url.startsWith(provider.issuer),
      `${page.status} ${page.url}\n${lines.join("\n")}`,
    );
    const back = await browser.submit({ user: "bob" });
    assert.equal(back.status, 200, `${back.url}\n${back.body}\n${lines.join("\n")}`);
    assert.equal(back.url, `${url}/reports?year=2026`);
    const { headers } = JSON.parse(back.body) as Received;
    const user = headers.filter(([name]) => name.toLowerCase() === "x-forwarded-user");
    assert.deepEqual(
      user.map(([, value]) => value),
      ["bob"],
    );
    const again = await browser.fetch(`${url}/reports`);
    assert.equal(again.status, 200);
  } finally {
    browser.close();
  }
});

test("what nginx asks, nobody else can ask through it", async () => {
  upstream.received.length = 0;
  const spoofed: Record<string, string> = { "X-Forwarded-User": "bob" };
  for (const headers of [{}, spoofed]) {
    const { status } = await fetch(`${url}/rolegate`, { headers });
    assert.ok(status === 404 || status === 401, `${status}`);
  }
  assert.equal(upstream.received.length, 0);
});
