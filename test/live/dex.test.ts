/** Dex itself, and what docs/providers/dex.md says of it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { Undo } from "../../stack/machine/undo.ts";
import type { HttpBrowser } from "../support/http-browser.ts";
import { programOf, run } from "./program.ts";
import { Site, tokenFor } from "./site.ts";
import { metadataOf, walk } from "./walk.ts";

/** Dex's own connector for tests: it signs the same person in without asking. */
const PERSON = { email: "kilgore@kilgore.trout", group: "authors" };

describe("Dex", () => {
  const undo = new Undo();
  let site: Site;
  before(async () => {
    site = await Site.at(undo);
    const [port] = await freePorts(1);
    const issuer = `http://${loopback}:${port}/dex`;
    const client = { issuer, clientId: "app", clientSecret: randomBytes(24).toString("base64url") };
    const redirectURIs = [`${site.url}/oidc/callback`, `${site.upstream.url}/callback`];
    const config = {
      ...{ issuer, storage: { type: "memory" }, web: { http: `${loopback}:${port}` } },
      oauth2: { skipApprovalScreen: true },
      staticClients: [{ id: "app", name: "App", secret: client.clientSecret, redirectURIs }],
      connectors: [{ type: "mockCallback", id: "mock", name: "Example" }],
    };
    writeFileSync(site.path("dex.yml"), stringify(config));
    await run(
      {
        program: await programOf("ROLEGATE_DEX"),
        args: ["serve", "dex.yml"],
        cwd: site.folder.path,
        ready: `${issuer}/.well-known/openid-configuration`,
      },
      undo,
    );
    const edit = (text: string) => text.replace("[app-viewers]", `[${PERSON.group}]`);
    await site.start({ ...client, args: ["--provider", "dex"], edit });
  });
  after(() => undo.all());

  /** Its redirects have led to the end already. */
  const signIn = (browser: HttpBrowser) => Promise.resolve(browser.page!);
  const about = () => ({ site, signIn, headers: { "x-forwarded-email": PERSON.email } });
  walk(about);
  metadataOf("dex", about);

  test("this connector gives no preferred_username, so the application gets no user by it", async () => {
    const token = await tokenFor(site, { scope: "openid profile" }, signIn);
    const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as object;
    assert.deepEqual(
      Object.keys(claims).filter((it) => it.endsWith("name")),
      ["name"],
    );
  });

  test("the access token is written as an ID token is: refused, unless those are accepted", async () => {
    const token = await tokenFor(
      site,
      { scope: "openid profile email groups", nonce: "n" },
      signIn,
    );
    const refused = await site.withToken(token);
    assert.equal(refused.status, 401, refused.body);
    site.edit((text) =>
      text.replace(/^( +)clientId: app\n/m, "$&$1validation: { acceptIdTokens: true }\n"),
    );
    let accepted = refused;
    for (const end = Date.now() + 20_000; accepted.status !== 200; await sleep(100)) {
      assert.ok(Date.now() < end, site.log());
      accepted = await site.withToken(token);
    }
    assert.equal((await site.withToken(token, "/admin")).status, 403, "by its groups");
  });
});
