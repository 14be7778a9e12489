/** Requests to sign-in that are as large as they may be: a guest keeps the memory that it once took, and anybody can send them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ec, keySet, rsa } from "../support/keys.ts";
import { LoginHost, NAVIGATION, ORIGIN } from "../support/login-host.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

const env = {
  SESSION_SECRET: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  CLIENT_SECRET: "rp-secret-for-tests-only-0123456789",
};
const config = {
  issuer: ISSUER,
  clientId: CLIENT,
  publicUrl: ORIGIN,
  jwks: JSON.stringify(keySet(rsa, ec)),
  session: { secrets: ["env:SESSION_SECRET"] },
  login: { clientSecret: "env:CLIENT_SECRET" },
};

const many = (begin: string, digits: number) =>
  Array.from({ length: 6000 }, (_, i) => `${begin}${String(i).padStart(digits, "0")}=`)
    .join(";")
    .slice(0, 64_000);
/** At most as many pages of 64 KiB. */
const greedy: [string, string, string, number][] = [
  ["cookies that look like attempts", "/oidc/login", many("__Host-rolegate-login-", 12), 12],
  ["cookies that look like ours", "/oidc/logout", many("rolegate.", 4), 8],
  ["parameters", `/oidc/callback?${"a&".repeat(32_000)}`, "x=1", 6],
];
for (const [name, target, cookie, most] of greedy) {
  test(`64 KiB of ${name} take little memory and little answer`, async () => {
    const host = await LoginHost.start(config, { env });
    const { response, pages } = await host.visit(target, {
      jar: null,
      headers: { ...NAVIGATION, Cookie: cookie },
    });
    assert.ok(response.headers.values("Set-Cookie").length <= 40);
    assert.ok(pages <= most, `${pages} pages`);
  });
}

test("a code that no provider gives is not sent to one", async () => {
  const host = await LoginHost.start(config, { env });
  const parameters = await host.begin();
  host.provider.received.length = 0;
  const result = await host.end(parameters, { code: "x".repeat(8193) });
  assert.equal(result.response.status, 400);
  assert.deepEqual(host.provider.asked, []);
});
