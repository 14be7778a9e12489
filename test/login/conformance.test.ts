/** Every row of the table: the provider misbehaves, and there is no session; or it does not, and there is one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, beforeEach, describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, locationOf, LoginHost, said } from "../support/login-host.ts";
import { block } from "./configuration.ts";
import { CONFORMANCE, type Row } from "./conformance-table.ts";

let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  // A new minute, so that no sign-in is one too many.
  host.clock.pass(60);
});

async function play(row: Row): Promise<void> {
  const { provider, clock } = host;
  row.does(provider, clock);
  const begun = await host.visit("/oidc/login?rd=%2Fa");
  let result = begun;
  const location = locationOf(begun);
  if (location) {
    const parameters = new URL(location).searchParams;
    provider.nonce = parameters.get("nonce")!;
    provider.signedIn = clock.seconds;
    row.does(provider, clock);
    result = await host.end(parameters, row.query ?? {});
  }
  const { status, body } = result.response;
  assert.deepEqual(events(result), [row.before ?? [], row.event].flat(), said(result));
  const line = result.logs.find(({ data }) => data?.rolegate === "login");
  assert.equal(line?.data?.reason, row.reason, said(result));
  if (row.says) assert.match(said(result), row.says);
  const session = host.jar.get(COOKIE);
  if (row.event === "signed_in") {
    assert.equal(status, 302, body.toString());
    assert.equal(locationOf(result), "/a");
    return assert.ok(session);
  }
  assert.equal(session, undefined, "there is a session");
  assert.equal(host.jar.get("__Secure-rolegate-refresh"), undefined);
  assert.equal(status, row.status ?? 400, body.toString());
  assert.match(result.response.headers.get("Content-Type")!, /^text\/html/);
  assert.equal(result.response.headers.get("Cache-Control"), "no-store");
  assert.doesNotMatch(body.toString(), /eyJ|evil\.example/);
}

for (const [part, rows] of Object.entries(CONFORMANCE)) {
  describe(part, () => {
    for (const row of rows) test(row.name, () => play(row));
  });
}

test("docs/conformance.md has every row, as it is", () => {
  const text = readFileSync("docs/conformance.md", "utf8");
  const written = [...text.matchAll(/^## (.*)\n\n((?:\|.*\n)+)/gm)].map(([, part, table]) => [
    part,
    table!.trim().split("\n").slice(2),
  ]);
  const made = Object.entries(CONFORMANCE).map(([part, rows]) => [part, rows.map(lineOf)]);
  for (const [part, lines] of made) {
    assert.deepEqual(written.find(([name]) => name === part)?.[1], lines, `## ${part as string}`);
  }
});

function lineOf({ name, specification, event, before, reason, status = 400 }: Row): string {
  const why = reason ? `, \`${reason}\`` : "";
  const warning = before ? `, \`${before}\`${why}` : "";
  const result = event === "signed_in" ? `signed in${warning}` : `${status}, \`${event}\`${why}`;
  return `| ${name} | ${specification} | ${result} |`;
}
