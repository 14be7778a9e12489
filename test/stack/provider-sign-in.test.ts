/** Signing in at the development provider: code with PKCE, refresh, logout in both directions, by plain requests. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, beforeEach, test } from "node:test";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { loopback } from "../../stack/machine/ports.ts";
import { clientAuthentications } from "../../stack/provider/clients.ts";
import { tokenHash } from "../../stack/provider/signing.ts";
import { startProvider, type Provider } from "../../stack/provider/provider.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { publicUrl, RelyingParty, type Attempt } from "./relying-party.ts";

let provider: Provider;
let browser: HttpBrowser;
before(async () => {
  provider = await startProvider();
  provider.clients.serve(publicUrl);
});
after(() => provider.stop());
beforeEach(() => {
  browser = new HttpBrowser();
  provider.network.reset();
});

/** Nothing listens where the application would be: the last redirect is looked at, and not followed. */
async function back(attempt: Attempt, fields?: Record<string, string>): Promise<URLSearchParams> {
  let visit = await browser.go(attempt.url, { follow: false, from: null });
  for (let hops = 0; ; hops++) {
    assert.ok(hops < 10, "no way back");
    if (visit.status === 200) {
      assert.ok(fields, "a page was shown");
      const { url } = visit;
      visit = await browser.go(url, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
        follow: false,
      });
      continue;
    }
    const to = new URL(visit.headers.location!, visit.url);
    if (to.origin === publicUrl) {
      assert.equal(to.pathname, "/oidc/callback");
      return to.searchParams;
    }
    visit = await browser.go(to.href, { follow: false });
  }
}

async function signIn(party: RelyingParty, user: string) {
  const attempt = party.start();
  const parameters = await back(attempt, { user });
  const { status, body } = await party.exchange(parameters.get("code")!, attempt);
  return { attempt, parameters, status, body };
}

for (const authentication of clientAuthentications) {
  test(`client authentication ${authentication}: tokens with roles, and rotation`, async () => {
    const party = new RelyingParty(provider, authentication);
    const { attempt, parameters, status, body } = await signIn(party, "bob");
    assert.equal(parameters.get("state"), attempt.state);
    assert.equal(parameters.get("iss"), provider.issuer);
    assert.equal(status, 200, JSON.stringify(body));
    const id = await party.idToken(body.id_token);
    assert.equal(id.nonce, attempt.nonce);
    assert.equal(id.sub, "bob");
    assert.deepEqual(id.roles, ["app-runner"]);
    assert.equal(typeof id.sid, "string");
    assert.ok(Math.abs(Number(id.auth_time) - Date.now() / 1000) < 30);
    assert.equal(id.at_hash, tokenHash(String(body.access_token)));
    const access = decodeJwt(String(body.access_token));
    assert.deepEqual([access.sub, access.aud], ["bob", provider.clientId]);
    assert.deepEqual(access.roles, ["app-runner"]);

    const second = await party.refresh(body.refresh_token);
    assert.equal(second.status, 200, JSON.stringify(second.body));
    assert.notEqual(second.body.refresh_token, body.refresh_token);
    const renewed = await party.idToken(second.body.id_token);
    assert.deepEqual([renewed.sub, renewed.sid, renewed.auth_time], [id.sub, id.sid, id.auth_time]);
  });
}

test("a refresh token that is used twice ends the grant", async () => {
  const party = new RelyingParty(provider);
  const { body } = await signIn(party, "bob");
  const second = await party.refresh(body.refresh_token);
  assert.equal((await party.refresh(body.refresh_token)).body.error, "invalid_grant");
  assert.equal((await party.refresh(second.body.refresh_token)).body.error, "invalid_grant");
});

test("a code is good once, for its verifier, and its second use ends the grant", async () => {
  const party = new RelyingParty(provider);
  const { attempt, parameters, body } = await signIn(party, "bob");
  const code = parameters.get("code")!;
  assert.equal((await party.exchange(code, attempt)).body.error, "invalid_grant");
  assert.equal((await party.refresh(body.refresh_token)).body.error, "invalid_grant");
  const other = party.start();
  const fresh = await back(other);
  const stolen = await party.exchange(fresh.get("code")!, attempt);
  assert.equal(stolen.body.error, "invalid_grant");
});

test("who is signed in gets no page; `prompt=none` without that is login_required", async () => {
  const party = new RelyingParty(provider);
  await signIn(party, "alice");
  const attempt = party.start({ prompt: "none" });
  const { body } = await party.exchange((await back(attempt)).get("code")!, attempt);
  assert.equal((await party.idToken(body.id_token)).sub, "alice");
  browser = new HttpBrowser();
  const refused = await back(party.start({ prompt: "none" }));
  assert.deepEqual([refused.get("error"), refused.get("iss")], ["login_required", provider.issuer]);
});

test("going back from the page is access_denied; PKCE is required", async () => {
  const party = new RelyingParty(provider);
  const refused = await back(party.start(), { cancel: "1" });
  assert.equal(refused.get("error"), "access_denied");
  const bare = await back(party.start({ code_challenge: "", code_challenge_method: "" }));
  assert.equal(bare.get("error"), "invalid_request");
});

test("ten sign-ins at once in one browser, finished in any order", async () => {
  const party = new RelyingParty(provider);
  const attempts = Array.from({ length: 10 }, () => party.start());
  const pages = [];
  for (const { url } of attempts) pages.push(await browser.go(url, { from: null }));
  for (const { url } of pages.reverse()) {
    browser.page = null;
    const sent = await browser.go(url, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "user=bob",
      follow: false,
      from: url,
    });
    assert.equal(sent.status, 303);
    const to = await browser.go(new URL(sent.headers.location!, url).href, { follow: false });
    assert.equal(new URL(to.headers.location!).origin, publicUrl);
  }
});

test("roles change from the next refresh on; who is removed gets nothing more", async () => {
  const party = new RelyingParty(provider);
  provider.people.add({ name: "dora", fullName: "Dora Dietz", roles: ["app-viewer"] });
  const { body } = await signIn(party, "dora");
  provider.people.setRoles("dora", ["app-owner"]);
  const second = await party.refresh(body.refresh_token);
  assert.deepEqual((await party.idToken(second.body.id_token)).roles, ["app-owner"]);
  assert.deepEqual(decodeJwt(String(second.body.access_token)).roles, ["app-owner"]);
  provider.people.remove("dora");
  assert.equal((await party.refresh(second.body.refresh_token)).body.error, "invalid_grant");
});

test("userinfo answers to a JWT access token, and to nothing else", async () => {
  const party = new RelyingParty(provider);
  const { body } = await signIn(party, "carol");
  const ask = (token: unknown) =>
    fetch(`${provider.issuer}/me`, { headers: { Authorization: `Bearer ${token}` } });
  const claims = (await (await ask(body.access_token)).json()) as Record<string, unknown>;
  assert.deepEqual([claims.sub, claims.roles], ["carol", ["app-owner"]]);
  for (const token of [body.id_token, body.refresh_token, "none"]) {
    assert.equal((await ask(token)).status, 401);
  }
});

/** An application that hears of logouts. */
async function listen(status: number) {
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === "/oidc/backchannel-logout") {
      tokens.push(new URLSearchParams(await text(request)).get("logout_token")!);
    }
    response.statusCode = status;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const url = `http://${loopback}:${(server.address() as AddressInfo).port}`;
  return { url, tokens, close: () => server.close() };
}

for (const [how, status] of [
  ["ended by an administrator", 200],
  ["ended by the person", 204],
  ["ended by an administrator", 400],
] as const) {
  test(`a session ${how} is told to the application, which answers ${status}`, async () => {
    const application = await listen(status);
    const own = await startProvider();
    try {
      own.clients.serve(application.url);
      own.clients.serve(publicUrl);
      const party = new RelyingParty(own);
      const { body } = await signIn(party, "bob");
      const { sid } = await party.idToken(body.id_token);
      if (how === "ended by the person") {
        const logout = new URL(`${own.issuer}/session/end`);
        logout.searchParams.set("id_token_hint", String(body.id_token));
        logout.searchParams.set("post_logout_redirect_uri", `${application.url}/`);
        await browser.go(logout.href);
        const gone = await browser.submit({ logout: "yes" });
        assert.equal(gone.url, `${application.url}/`);
      } else {
        const [told] = await own.endSessions("bob");
        assert.deepEqual([told!.sid, told!.error === null], [sid, status === 200]);
      }
      const keys = createLocalJWKSet(own.keys());
      const { payload, protectedHeader } = await jwtVerify(application.tokens[0]!, keys, {
        issuer: own.issuer,
        audience: own.clientId,
      });
      assert.equal(protectedHeader.typ, "logout+jwt");
      assert.deepEqual([payload.sub, payload.sid, payload.nonce], ["bob", sid, undefined]);
      const event = "http://schemas.openid.net/event/backchannel-logout";
      assert.deepEqual(payload.events, { [event]: {} });
      assert.equal(typeof payload.jti, "string");
      assert.equal((await party.refresh(body.refresh_token)).body.error, "invalid_grant");
      const again = party.start({ prompt: "none" });
      assert.equal((await back(again)).get("error"), "login_required");
    } finally {
      await own.stop();
      application.close();
    }
  });
}

test("somebody else's address is no way back, and no way out", async () => {
  const party = new RelyingParty(provider);
  const elsewhere = "https://attacker.example/";
  const start = party.start({ redirect_uri: `${elsewhere}oidc/callback` });
  const visit = await browser.go(start.url, { from: null });
  assert.equal(visit.status, 400);
  const out = await browser.go(
    `${provider.issuer}/session/end?client_id=app&post_logout_redirect_uri=${elsewhere}`,
  );
  assert.equal(out.status, 400);
});
