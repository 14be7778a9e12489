/**
 * Where oauth2-proxy signs people in already: Traefik asks it first (ForwardAuth), and Rolegate enforces roles by the
 * access token that it passes on. That token is verified like any other; headers that only say who somebody is are not.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { followKeys } from "../../stack/provider/jwks-file.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { type Received, startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { blocks } from "../docs/blocks.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { send } from "../support/wire.ts";
import { oauth2Proxy } from "./build.ts";

const undo: (() => unknown)[] = [];
let provider: Provider;
let upstream: Upstream;
let traefik: Traefik;
let url: string;

const tokenHeader = "X-Auth-Request-Access-Token";

/** The page's block, for this machine: names, ports, and the path of the callback that the provider's client has. */
function blockOf(kind: string, proxyPort: number): string {
  const block = blocks.find((it) => it.place.startsWith("docs/proxies.md:") && it.kind === kind)!;
  return block.text
    .replaceAll("https://sso.example.com/realms/main", provider.issuer)
    .replaceAll("https://app.example.com", url)
    .replaceAll("app.example.com", "localhost")
    .replaceAll("/oauth2/", "/oidc/")
    .replaceAll("127.0.0.1:4180", `${loopback}:${proxyPort}`)
    .replaceAll("http://127.0.0.1:4200", upstream.url);
}

async function startProxy(port: number): Promise<Child> {
  const folder = temporaryFolder("oauth2-proxy");
  undo.push(() => folder.remove());
  symlinkSync(await oauth2Proxy(), join(folder.path, "oauth2-proxy"));
  const lines: string[] = [];
  const script = blockOf("oauth2-proxy", port)
    .replace("--client-id=app", `--client-id=${provider.clients.idOf("post")}`)
    .replace(
      "--skip-provider-button",
      "--skip-provider-button --proxy-prefix=/oidc --cookie-secure=false",
    )
    .replace(/^oauth2-proxy/m, "exec oauth2-proxy");
  const child = await startChild("sh", ["-c", script], {
    cwd: folder.path,
    env: {
      PATH: `${folder.path}:${process.env.PATH ?? ""}`,
      CLIENT_SECRET: provider.clients.secret,
      COOKIE_SECRET: randomBytes(16).toString("hex"),
    },
    onLine: (line) => lines.push(line),
  });
  for (const end = Date.now() + 20_000; ; await new Promise((go) => setTimeout(go, 100))) {
    const answer = await fetch(`http://${loopback}:${port}/ping`).catch(() => null);
    if (answer?.ok) return child;
    if (Date.now() > end || !child.running()) throw new Error(lines.join("\n"));
  }
}

/** Also a router without the first of the two middlewares, as somebody might forget it. */
function configuration(proxyPort: number): Tree {
  const tree = parse(blockOf("oauth2-proxy.yml", proxyPort)) as {
    http: { routers: Tree; middlewares: { rolegate: { plugin: { rolegate: Tree } } } };
  };
  tree.http.middlewares.rolegate.plugin.rolegate.clientId = provider.clientId;
  tree.http.routers.bare = {
    rule: "Host(`bare.example`)",
    middlewares: ["rolegate"],
    service: "app",
  };
  return tree as unknown as Tree;
}

before(async () => {
  const state = temporaryFolder("state");
  undo.push(() => state.remove());
  provider = await startProvider();
  undo.push(() => provider.stop());
  undo.push(followKeys(provider, join(state.path, "jwks.json")));
  upstream = await startUpstream();
  undo.push(() => upstream.stop());
  const [port = 0, proxyPort = 0] = await freePorts(2);
  url = `http://localhost:${port}`;
  provider.clients.serve(url);
  const proxy = await startProxy(proxyPort);
  undo.push(() => proxy.stop());
  traefik = await startTraefik({
    entryPoints: { web: port },
    mounts: { "/state": state.path },
    dynamic: configuration(proxyPort),
  });
  undo.push(() => traefik.stop());
});
after(async () => {
  for (let last = undo.pop(); last; last = undo.pop()) await last();
});

async function signedIn(user: string): Promise<HttpBrowser> {
  const browser = new HttpBrowser({ address: loopback });
  undo.push(() => browser.close());
  await browser.go(`${url}/api/runs`, { from: null });
  const { status, body } = await browser.submit({ user });
  assert.equal(status, 200, body);
  return browser;
}

test("oauth2-proxy signs a viewer in, and Rolegate lets a viewer read, and no more", async () => {
  const browser = await signedIn("alice");
  const read = await browser.fetch(`${url}/api/runs`);
  assert.equal(read.status, 200, read.body);
  const { headers } = JSON.parse(read.body) as Received;
  const value = (name: string) =>
    headers.find(([it]) => it.toLowerCase() === name.toLowerCase())?.[1];
  assert.equal(value("X-Forwarded-User"), "alice");
  assert.equal(value(tokenHeader), undefined, "the token is not the application's");
  const denied = await browser.fetch(`${url}/api/runs`, { method: "POST", body: "{}" });
  assert.equal(denied.status, 403, denied.body);
});

test("an owner may", async () => {
  const browser = await signedIn("carol");
  const { status } = await browser.fetch(`${url}/api/runs`, { method: "POST", body: "{}" });
  assert.equal(status, 200);
});

test("without a session the first of the two does not let anything through", async () => {
  const headers = { [tokenHeader]: await provider.token("carol") };
  const { status } = await fetch(`${url}/api/runs`, {
    method: "POST",
    redirect: "manual",
    headers,
  });
  assert.equal(status, 302);
});

test("a header that says who somebody is opens nothing, whichever way it comes", async () => {
  const claims = { "X-Auth-Request-User": "carol", "X-Auth-Request-Groups": "app-owner" };
  const ask = async (headers: Record<string, string>) => {
    const target = "/api/runs";
    return (
      await send(traefik.ports.web!, { target, headers: { Host: "bare.example", ...headers } })
    ).status;
  };
  assert.equal(await ask({}), 401);
  assert.equal(await ask(claims), 401);
  assert.equal(await ask({ ...claims, [tokenHeader]: "carol" }), 401);
  assert.equal(await ask({ [tokenHeader]: await provider.token("carol") }), 200, "a token does");
});
