/**
 * Where oauth2-proxy signs people in already: Traefik asks it first (ForwardAuth), and Rolegate enforces roles by the
 * access token that it passes on. That token is verified like any other; headers that only say who somebody is are not.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { followKeys } from "../../stack/provider/jwks-file.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { type Received, startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { defaults, hierarchy, rulesOf } from "../../src/presets/prefect/preset.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { send } from "../support/wire.ts";
import { oauth2Proxy } from "./build.ts";

const undo: (() => unknown)[] = [];
let provider: Provider;
let upstream: Upstream;
let traefik: Traefik;
let url: string;

/** Where oauth2-proxy's own pages are; the provider's client has a callback there. */
const prefix = "/oidc";
const tokenHeader = "X-Auth-Request-Access-Token";

async function startProxy(port: number): Promise<Child> {
  const lines: string[] = [];
  const options = {
    "http-address": `${loopback}:${port}`,
    provider: "oidc",
    "oidc-issuer-url": provider.issuer,
    "client-id": provider.clients.idOf("post"),
    "client-secret": provider.clients.secret,
    "redirect-url": `${url}${prefix}/callback`,
    "proxy-prefix": prefix,
    "cookie-secret": randomBytes(16).toString("hex"),
    "cookie-secure": "false",
    "email-domain": "*",
    "code-challenge-method": "S256",
    "skip-provider-button": "true",
    // It answers Traefik's question itself, with the token in a header.
    "reverse-proxy": "true",
    upstream: "static://202",
    "set-xauthrequest": "true",
    "pass-access-token": "true",
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = await startChild(await oauth2Proxy(), args, {
    cwd: "/",
    env: {},
    onLine: (line) => lines.push(line),
  });
  for (const end = Date.now() + 20_000; ; await new Promise((go) => setTimeout(go, 100))) {
    const answer = await fetch(`http://${loopback}:${port}/ping`).catch(() => null);
    if (answer?.ok) return child;
    if (Date.now() > end || !child.running()) throw new Error(lines.join("\n"));
  }
}

function configuration(proxy: string): object {
  const roles = {
    viewer: ["app-viewer"],
    runner: ["app-runner"],
    worker: ["app-worker"],
    developer: ["app-developer"],
    owner: ["app-owner"],
  };
  const gate = {
    issuer: provider.issuer,
    clientId: provider.clientId,
    jwksFile: "/state/jwks.json",
    token: { header: tokenHeader },
    rolesFrom: ["roles"],
    roles,
    roleHierarchy: hierarchy,
    rules: rulesOf(defaults).map(({ name, match, allow }) => ({
      name,
      match: match.join("\n"),
      allow,
    })),
    forwardHeaders: { "X-Forwarded-User": "preferred_username" },
  };
  return {
    http: {
      routers: {
        app: { rule: "PathPrefix(`/`)", middlewares: ["sign-in", "gate"], service: "app" },
        "sign-in": { rule: `PathPrefix(\`${prefix}/\`)`, service: "proxy" },
        // As somebody might forget the first of the two.
        bare: { rule: "Host(`bare.example`)", middlewares: ["gate"], service: "app" },
      },
      middlewares: {
        "sign-in": {
          forwardAuth: {
            address: `${proxy}/`,
            trustForwardHeader: true,
            authResponseHeaders: [tokenHeader, "X-Auth-Request-User"],
          },
        },
        gate: { plugin: { rolegate: gate } },
      },
      services: {
        app: { loadBalancer: { servers: [{ url: upstream.url }] } },
        proxy: { loadBalancer: { servers: [{ url: proxy }] } },
      },
    },
  };
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
    dynamic: configuration(`http://${loopback}:${proxyPort}`) as Record<string, unknown>,
  });
  undo.push(() => traefik.stop());
});
after(async () => {
  for (let last = undo.pop(); last; last = undo.pop()) await last();
});

async function signedIn(user: string): Promise<HttpBrowser> {
  const browser = new HttpBrowser({ address: loopback });
  undo.push(() => browser.close());
  await browser.go(`${url}/api/admin/version`, { from: null });
  const { status, body } = await browser.submit({ user });
  assert.equal(status, 200, body);
  return browser;
}

test("oauth2-proxy signs a viewer in, and Rolegate lets a viewer read, and no more", async () => {
  const browser = await signedIn("alice");
  const read = await browser.fetch(`${url}/api/flows/filter`, { method: "POST", body: "{}" });
  assert.equal(read.status, 200, read.body);
  const { headers } = JSON.parse(read.body) as Received;
  const value = (name: string) =>
    headers.find(([it]) => it.toLowerCase() === name.toLowerCase())?.[1];
  assert.equal(value("X-Forwarded-User"), "alice");
  assert.equal(value(tokenHeader), undefined, "the token is not the application's");
  const denied = await browser.fetch(`${url}/api/variables/`, { method: "POST", body: "{}" });
  assert.equal(denied.status, 403, denied.body);
});

test("an owner may", async () => {
  const browser = await signedIn("carol");
  const { status } = await browser.fetch(`${url}/api/variables/`, { method: "POST", body: "{}" });
  assert.equal(status, 200);
});

test("without a session the first of the two does not let anything through", async () => {
  const headers = { [tokenHeader]: await provider.token("carol") };
  const { status } = await fetch(`${url}/api/flows/filter`, {
    method: "POST",
    redirect: "manual",
    headers,
  });
  assert.equal(status, 302);
});

test("a header that says who somebody is opens nothing, whichever way it comes", async () => {
  const claims = { "X-Auth-Request-User": "carol", "X-Auth-Request-Groups": "app-owner" };
  const ask = async (headers: Record<string, string>) => {
    const target = "/api/admin/version";
    return (
      await send(traefik.ports.web!, { target, headers: { Host: "bare.example", ...headers } })
    ).status;
  };
  assert.equal(await ask({}), 401);
  assert.equal(await ask(claims), 401);
  assert.equal(await ask({ ...claims, [tokenHeader]: "carol" }), 401);
  assert.equal(await ask({ [tokenHeader]: await provider.token("carol") }), 200, "a token does");
});
