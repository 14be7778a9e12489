/** A provider behind the same Traefik: on a path of the application's host, or on a host of its own. What is the provider's is not gated, and all else is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freePorts } from "../../stack/machine/ports.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import type { SignInOptions } from "../../stack/sign-in-stack.ts";
import { Stage, trail } from "./stage.ts";
import { fetchIn, received, screenshot, signIn, valuesOf } from "./window.ts";

interface Place {
  host: string;
  tls: boolean;
  /** The provider's address for browsers, without its port. */
  issuer: (port: number) => string;
  /** Of the router to the provider; null: it has none. */
  rule: string | null;
  /** The login router's service leads to the entry point, as browsers do, and not straight to the provider. */
  around: boolean;
}

const onPath: Place = {
  host: "localhost",
  tls: false,
  issuer: (port) => `http://localhost:${port}/idp`,
  rule: "Host(`localhost`) && PathPrefix(`/idp/`)",
  around: true,
};

const onHost: Place = {
  host: "app.rolegate.localhost",
  tls: true,
  issuer: (port) => `https://id.rolegate.localhost:${port}`,
  rule: "Host(`id.rolegate.localhost`)",
  around: false,
};

async function behind({ host, tls, issuer, rule, around }: Place): Promise<SignInOptions> {
  const [port] = (await freePorts(1)) as [number];
  const provider = await startProvider({ issuer: issuer(port) });
  const server = (url: string) => ({ loadBalancer: { servers: [{ url }] } });
  const own = tls ? { tls: {} } : {};
  const dynamic = {
    http: {
      routers: rule ? { idp: { rule, entryPoints: ["web"], service: "idp", ...own } } : {},
      services: {
        idp: server(provider.url),
        ...(around ? { provider: server(`http://localhost:${port}`) } : {}),
      },
    },
  };
  return { host, tls, port, provider, dynamic };
}

for (const [name, place] of Object.entries({
  "on a path of the application's host, reached through the entry point": onPath,
  "on a host of its own": onHost,
})) {
  describe(`a provider ${name}`, () => {
    const stage = new Stage(() => behind(place));

    test("somebody signs in, is refreshed, and signs out", async () => {
      const page = await stage.windows.open();
      await signIn(page, stage.url("/api/runs?a=1"), "bob");
      assert.equal(page.url(), stage.url("/api/runs?a=1"));
      assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
      await stage.expire(page);
      assert.equal((await fetchIn(page, "/api/runs")).status, 200);
      assert.equal(stage.refreshes(), 1);
      await page.goto(stage.url("/oidc/logout"));
      assert.ok(page.url().startsWith(`${stage.provider.issuer}/session/end`), page.url());
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(/\/interaction\//);
      // Nothing of the provider's came to the application.
      const { received: all } = stage.stack.upstream;
      assert.ok(all.length > 0 && all.every(({ url }) => /^\/(api\/runs|$)/.test(url)));
    });

    test("the provider answers for itself, and nothing else is let through for its sake", async () => {
      const browser = stage.browser();
      const { issuer } = stage.provider;
      const ask = (url: string, method = "GET") => browser.fetch(url, { method, from: null });
      const metadata = await ask(`${issuer}/.well-known/openid-configuration`);
      assert.equal(metadata.status, 200, trail(metadata));
      assert.equal((JSON.parse(metadata.body) as { issuer: string }).issuer, issuer);
      assert.equal((await ask(`${issuer}/jwks`)).status, 200);
      const token = await ask(`${issuer}/token`, "POST");
      assert.equal(token.status, 400, trail(token));
      assert.match(token.body, /invalid_request/);
      for (const path of ["/api/runs", "/idpx", "/IDP/jwks", "/jwks", "/idp"]) {
        const visit = await ask(stage.url(path));
        assert.ok([401, 403].includes(visit.status), `${path}\n${trail(visit)}`);
        assert.match(visit.body, /"requestId"/, path);
      }
      assert.deepEqual(stage.stack.upstream.received, []);
    });
  });
}

describe("a provider whose own pages are gated by mistake", () => {
  const stage = new Stage(() => behind({ ...onPath, rule: null, around: false }));

  test("a page says so, and nobody goes round and round", async () => {
    const page = await stage.windows.open();
    const { log } = stage.stack.traefik;
    const answer = await page.goto(stage.url("/api/runs"));
    assert.equal(answer!.status(), 500);
    await page.getByRole("heading", { name: "Configuration error" }).waitFor();
    await screenshot(page, "provider-gated");
    const line = await log.waitForGuest(({ event }) => event === "provider_gated");
    assert.match(String(line.message), /a router of its own, without the middleware/);
  });
});
