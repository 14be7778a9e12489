/** `max_age` among the authorization parameters: what was asked for is looked for, OpenID Connect Core §3.1.2.1 and §3.1.3.7, 13. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { events, LoginHost, said } from "../support/login-host.ts";
import { block } from "./configuration.ts";

const rows: [string, number | null, boolean][] = [
  ["just now", 0, true],
  ["within it", 290, true],
  ["longer ago", 400, false],
  ["nobody knows when", null, false],
];

for (const [name, ago, isSignedIn] of rows) {
  test(`the user was asked ${name}`, async () => {
    const host = await LoginHost.start(
      block({ login: { authorizationParams: { max_age: "300" } } }),
    );
    host.provider.idToken = { auth_time: ago === null ? undefined : host.clock.seconds - ago };
    const parameters = await host.begin();
    assert.equal(parameters.get("max_age"), "300");
    const result = await host.end(parameters);
    assert.deepEqual(events(result), [isSignedIn ? "signed_in" : "id_token_refused"]);
    if (!isSignedIn) assert.match(said(result), /"authentication_too_old"/);
    assert.equal(host.jar.get(COOKIE) !== undefined, isSignedIn);
  });
}
