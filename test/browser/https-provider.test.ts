/** A provider over https whose certificate a private authority has signed: trusted by the service's transport, and not. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { authority } from "../../stack/machine/certificate.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { loopback } from "../../stack/machine/ports.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { Stage } from "./stage.ts";
import { received, screenshot, signIn, valuesOf } from "./window.ts";
import { until } from "./until.ts";

const folder = temporaryFolder("authority");
after(() => folder.remove());

/** A file with the certificate of a new authority, which has issued one for `hosts`. */
async function issued(name: string, hosts: string[]) {
  const made = await authority();
  const file = join(folder.path, `${name}.pem`);
  writeFileSync(file, made.certificate);
  return { file, ...(await made.issue(hosts)) };
}
const good = await issued("good", [loopback]);
const other = await issued("other", [loopback]);

const trusting = (change: object) => ({ http: { serversTransports: { provider: change } } });

const stage = new Stage(async () => ({
  provider: await startProvider({ tls: good }),
  dynamic: trusting({ rootCAs: [other.file] }),
  // Where Traefik says what it does not believe.
  logLevel: "DEBUG",
  // There are none to wait for.
  waitForKeys: false,
}));

const cases = {
  "another authority's is trusted": { rootCAs: [other.file] },
  "it is for another host": { rootCAs: [good.file], serverName: "elsewhere.example" },
};
for (const [name, transport] of Object.entries(cases)) {
  test(`a certificate that is not believed, for ${name}: a page with a way to try again, and a line in the log`, async () => {
    await stage.stack.reconfigure({}, trusting(transport));
    const page = await stage.windows.open();
    const { log } = stage.stack.traefik;
    const mark = log.length;
    const answer = await page.goto(stage.url("/api/runs"));
    assert.equal(answer!.status(), 503);
    assert.ok(page.url().startsWith(stage.url("/oidc/login?")), page.url());
    await page.getByRole("heading", { name: "The sign-in service does not answer" }).waitFor();
    await screenshot(page, "provider-not-trusted");
    const link = await page.getByRole("link").first().getAttribute("href");
    assert.match(link!, /^\/oidc\/login\?rd=/);
    // The health check's fetch of keys fails beside it, and says so with an event of its own.
    const line = await log.waitForGuest(({ event }) => event === "discovery_failed", mark);
    assert.equal(line.rolegate, "login");
    // As docs/login.md has it: Traefik's word for a certificate that it does not believe.
    assert.match(String(line.message), /\(status 500\b.*certificate/);
    await log.waitFor(({ text }) => text.includes("x509: "), mark);
    // Nothing was said to whom nobody knows.
    assert.deepEqual(stage.provider.network.asked, []);
    assert.equal(existsSync(stage.stateFile("jwks")), false);
  });
}

test("with the authority in rootCAs the keys come, and somebody signs in", async () => {
  await stage.stack.reconfigure({}, trusting({ rootCAs: [good.file], serverName: loopback }));
  await until("the keys", () => existsSync(stage.stateFile("jwks")));
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/runs"), "bob");
  assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
  assert.ok(stage.provider.issuer.startsWith("https://"));
});
