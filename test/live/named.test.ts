/**
 * A provider whose address the environment names: ROLEGATE_LIVE_ISSUER, ROLEGATE_LIVE_CLIENT_ID,
 * ROLEGATE_LIVE_CLIENT_SECRET, ROLEGATE_LIVE_URL (the application's address as the provider has it, on localhost),
 * ROLEGATE_LIVE_FORM (fields of the provider's pages, `username=alice&password=…`), and if it is one of the pages of
 * docs/providers, ROLEGATE_LIVE_PROVIDER. Where none is named it is the development provider, so that this runs as well.
 */
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { Undo } from "../../stack/machine/undo.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import { type Client, Site } from "./site.ts";
import { walk } from "./walk.ts";

const { env } = process;
const issuer = env.ROLEGATE_LIVE_ISSUER;

/** Pages of a provider that are filled in, one after the other. */
const MOST_PAGES = 6;

describe(issuer ?? "the development provider, in the place of one that is named", () => {
  const undo = new Undo();
  let site: Site;
  let fields: Record<string, string>;

  async function clientOf(): Promise<Client> {
    if (issuer !== undefined) {
      const given = (name: string) => {
        const value = env[`ROLEGATE_LIVE_${name}`];
        assert.ok(value, `ROLEGATE_LIVE_${name} is not set`);
        return value;
      };
      fields = Object.fromEntries(new URLSearchParams(given("FORM")));
      return { issuer, clientId: given("CLIENT_ID"), clientSecret: given("CLIENT_SECRET") };
    }
    const provider = await startProvider();
    undo.add(() => provider.stop());
    provider.clients.serve(site.url);
    fields = { user: "alice" };
    const { id: clientId, secret: clientSecret } = provider.clients;
    return { issuer: provider.issuer, clientId, clientSecret };
  }

  before(async () => {
    site = await Site.at(undo, env.ROLEGATE_LIVE_URL);
    const client = await clientOf();
    const provider = env.ROLEGATE_LIVE_PROVIDER;
    const args = provider ? ["--provider", provider] : ["--preset", "signed-in"];
    await site.start({ ...client, args });
  });
  after(() => undo.all());

  async function signIn(browser: HttpBrowser): Promise<Visit> {
    for (let page = 0; page < MOST_PAGES; page++) {
      if (browser.page!.url.startsWith(`${site.url}/api/`)) break;
      await browser.submit(fields);
    }
    return browser.page!;
  }
  walk(() => ({ site, signIn, headers: {}, isOwner: true }));

  test("a token that it did not sign is refused", async () => {
    const { status } = await site.withToken("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.");
    assert.equal(status, 401);
  });
});
