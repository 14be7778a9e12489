/** What the provider and the application get of each other, and of the browser: nothing that is not for them. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { Stage, trail } from "./stage.ts";

const stage = new Stage();
const canary = "canary-7f3a";

/** Everywhere a browser can put something. */
const headers = {
  Cookie: `${canary}=${canary}`,
  Authorization: `Basic ${canary}`,
  Referer: `http://localhost/${canary}`,
  Origin: null,
  "X-Forwarded-Host": canary,
  "X-Forwarded-Prefix": `/${canary}`,
  Forwarded: `host=${canary}`,
  "X-Original-Url": `/${canary}`,
  "X-Canary": canary,
  "User-Agent": canary,
  "Accept-Language": canary,
  "Accept-Encoding": "gzip, br",
};

/** What came to the provider through Traefik, and not from a browser. */
const throughTraefik = () =>
  stage.provider.network.asked.filter(({ endpoint }) =>
    ["discovery", "token", "keys", "userinfo"].includes(endpoint ?? ""),
  );

test("nothing of the browser's request reaches the provider through Traefik", async () => {
  rmSync(stage.stateFile("discovery"), { force: true });
  const browser = stage.browser();
  const started = await browser.go(stage.url(`/oidc/login?rd=/api/runs?${canary}=1`), {
    from: null,
    headers,
    follow: false,
  });
  await browser.go(started.headers.location!, { from: null });
  await browser.jar.setCookie(`${canary}=${canary}`, stage.url("/"));
  const visit = await browser.submit({ user: "bob" });
  assert.equal(visit.status, 200, trail(visit));
  await stage.expire(browser);
  await browser.go(stage.url("/api/runs"), { headers: { "X-Canary": canary } });
  const asked = throughTraefik();
  const tokens = asked.filter(({ endpoint }) => endpoint === "token");
  assert.ok(tokens.length >= 2, "a code and a refresh token");
  assert.ok(asked.some(({ endpoint }) => endpoint === "discovery"));
  for (const { endpoint, url, headers: sent, body } of asked) {
    const text = JSON.stringify([url, sent, body]);
    assert.ok(!text.includes(canary), `${endpoint}: ${text}`);
    assert.doesNotMatch(text, /rolegate-(login|refresh)|"cookie"|"referer"|"origin"/i);
    const names = sent.map(([name]) => name.toLowerCase());
    assert.deepEqual(
      names.filter((name) => /^(x-forwarded-(?!for$)|forwarded|sec-|x-real)/.test(name)),
      [],
      String(endpoint),
    );
  }
});

test("a body that the browser sends goes nowhere", async () => {
  for (const path of ["/oidc/login", "/oidc/refresh", "/oidc/callback", "/oidc/session"]) {
    const visit = await stage.browser().go(stage.url(path), {
      method: "POST",
      body: canary.repeat(100),
      headers: { "Content-Type": "text/plain" },
      follow: false,
    });
    assert.ok(visit.status >= 400, `${path}\n${trail(visit)}`);
  }
  assert.ok(!JSON.stringify(stage.provider.network.asked).includes(canary));
});

/** The provider's own paths, and Keycloak's, under the plugin's. */
const paths = [
  ...["auth", "token", "me", "jwks", "session/end", "token/revocation", "reg", "interaction/x"],
  ...[".well-known/openid-configuration", "realms/main", "realms/main/account", "admin"],
  ...["realms/main/protocol/openid-connect/token", "resources/x.js", "js/keycloak.js", "metrics"],
  ...["callback/", "callback/x", "callback%2F", "login/", "./token", "../token", "%74oken"],
  ...["keys", "tick", "login;x", "callback;x=1", "..%2Ftoken", "%2e%2e/token", "//token"],
];

test("nothing of the provider shows under the application's address", async () => {
  stage.provider.network.reset();
  for (const path of paths) {
    for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
      const visit = await stage.browser().go(stage.url(`/oidc/${path}`), { method, follow: false });
      assert.ok(
        [302, 400, 401, 403, 404, 405, 503].includes(visit.status),
        `${method} ${path} ${trail(visit)}`,
      );
      assert.doesNotMatch(visit.body, /authorization_endpoint|"keys"|issuer/, path);
    }
  }
  const reached = throughTraefik().filter(
    ({ url, headers: sent }) =>
      !(url === "/.well-known/openid-configuration" || url === "/jwks") ||
      sent.some(([name]) => name.toLowerCase() === "user-agent" && !name.includes("Go-http")),
  );
  assert.deepEqual(
    reached.map(({ method, url }) => `${method} ${url}`),
    [],
  );
});

test("answers under /oidc are not stored, framed or guessed, and give no referrer away", async () => {
  const browser = await stage.signIn("bob");
  for (const path of ["login", "callback", "refresh", "session", "nothing", "login?rd=/x"]) {
    const { headers: got, status } = await browser.go(stage.url(`/oidc/${path}`), {
      follow: false,
    });
    assert.equal(got["cache-control"], "no-store", `${path} ${status}`);
    assert.equal(got["referrer-policy"], "no-referrer", path);
    assert.equal(got["x-content-type-options"], "nosniff", path);
    for (const name of ["server", "x-powered-by", "access-control-allow-origin"]) {
      assert.equal(got[name], undefined, `${path} ${name}`);
    }
  }
});
