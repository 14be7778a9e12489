/** Sign-in that a third party asks for (OpenID Connect Core §4): by our issuer's name, and to our own pages only. */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, locationOf, LoginHost, said } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { block } from "./configuration.ts";

/** A link on somebody else's page. */
const CROSS_SITE = {
  "Sec-Fetch-Dest": "document",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-Site": "cross-site",
};
const iss = `iss=${encodeURIComponent(ISSUER)}`;
let host: LoginHost;

before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  host.clock.pass(60);
});

const ask = (query: string) => host.visit(`/oidc/login?${query}`, { headers: CROSS_SITE });
const begin = async (query: string) => new URL(locationOf(await ask(query))!).searchParams;
async function endOf(query: string): Promise<string | undefined> {
  const parameters = await begin(query);
  host.provider.nonce = parameters.get("nonce")!;
  return locationOf(await host.end(parameters));
}

test("the sign-in begins, and ends at the page that was named", async () => {
  assert.equal(await endOf(`${iss}&target_link_uri=https%3A%2F%2Fapp.example.com%2Fa%3Fb`), "/a?b");
  host.clock.pass(60);
  assert.equal(await endOf(`${iss}&target_link_uri=%2Fa`), "/a");
  host.clock.pass(60);
  assert.equal(await endOf(iss), "/");
});

for (const to of [
  ...["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
  ...["https://app.example.com.evil.example/", "/oidc/logout", "http://app.example.com/"],
]) {
  test(`it does not end at ${to}`, async () => {
    assert.equal(await endOf(`${iss}&target_link_uri=${encodeURIComponent(to)}`), "/");
  });
}

test("rd does not count beside iss", async () => {
  assert.equal(await endOf(`${iss}&rd=%2Fb&target_link_uri=%2Fa`), "/a");
  host.clock.pass(60);
  assert.equal(await endOf(`${iss}&rd=%2Fb`), "/");
});

describe("nothing begins for another issuer", () => {
  for (const [name, query] of Object.entries({
    "another provider's": "iss=https%3A%2F%2Fevil.example",
    "with a slash more": `${iss}%2F`,
    "in capitals": `iss=${encodeURIComponent(ISSUER.toUpperCase())}`,
    empty: "iss=",
    "without a value": "iss",
    "twice, ours first": `${iss}&iss=https%3A%2F%2Fevil.example`,
    "twice the same": `${iss}&${iss}`,
    "with a broken escape": `${iss}%zz`,
  })) {
    test(name, async () => {
      const result = await ask(`${query}&target_link_uri=%2Fa`);
      assert.equal(result.response.status, 400);
      assert.equal(locationOf(result), undefined);
      assert.deepEqual(events(result), ["issuer_mismatch"], said(result));
      assert.deepEqual(host.provider.asked, []);
      assert.deepEqual(host.jar.names(), []);
    });
  }
});

describe("login_hint", () => {
  test("is passed on, as one parameter's value", async () => {
    const parameters = await begin(`${iss}&login_hint=${encodeURIComponent("a&scope=admin é")}`);
    assert.equal(parameters.get("login_hint"), "a&scope=admin é");
    assert.deepEqual(parameters.getAll("scope"), ["openid profile email"]);
  });

  test("not without iss, not twice, and not beyond 256 bytes", async () => {
    for (const query of [
      "rd=%2Fa&login_hint=alice",
      `${iss}&login_hint=alice&login_hint=bob`,
      `${iss}&login_hint=${"a".repeat(257)}`,
    ]) {
      assert.equal((await begin(query)).get("login_hint"), null, query);
    }
    assert.equal(
      (await begin(`${iss}&login_hint=${"a".repeat(256)}`)).get("login_hint")?.length,
      256,
    );
  });

  test("not where the configuration has one", async () => {
    const other = await LoginHost.start(
      block({ login: { authorizationParams: { login_hint: "somebody" } } }),
    );
    const location = locationOf(await other.visit(`/oidc/login?${iss}&login_hint=alice`))!;
    assert.deepEqual(new URL(location).searchParams.getAll("login_hint"), ["somebody"]);
  });
});

test("the code of another browser's sign-in is worth nothing in the one that was sent", async () => {
  const attacker = new CookieJar();
  const parameters = await host.begin("/", { jar: attacker });
  await ask(`${iss}&target_link_uri=%2Fa`);
  const result = await host.end(parameters);
  assert.ok(!host.jar.names().includes("__Host-rolegate"));
  assert.match(locationOf(result) ?? "", /^\/oidc\/login\?/);
});
