/** Ory Hydra itself, and what docs/providers/hydra.md says of it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { Undo } from "../../stack/machine/undo.ts";
import type { HttpBrowser } from "../support/http-browser.ts";
import { startConsent } from "./consent.ts";
import { programOf, run } from "./program.ts";
import { headersOf, Site, tokenFor } from "./site.ts";
import { metadataOf, type Walk, walk } from "./walk.ts";

const CLAIMS = { email: "alice@example.com", email_verified: true, roles: ["app-viewer"] };
const SCOPE = "openid profile email offline_access";

describe("Ory Hydra", () => {
  const undo = new Undo();
  let site: Site;
  before(async () => {
    site = await Site.at(undo);
    const [port, adminPort] = await freePorts(2);
    const issuer = `http://${loopback}:${port}`;
    const admin = `http://${loopback}:${adminPort}`;
    const pages = await startConsent(() => admin, "alice", CLAIMS, undo);
    await run(
      {
        program: await programOf("ROLEGATE_HYDRA"),
        args: ["serve", "all", "--dev"],
        env: {
          ...{ DSN: "memory", SECRETS_SYSTEM: randomBytes(16).toString("hex") },
          ...{ SERVE_PUBLIC_HOST: loopback, SERVE_PUBLIC_PORT: String(port) },
          ...{ SERVE_ADMIN_HOST: loopback, SERVE_ADMIN_PORT: String(adminPort) },
          ...{ URLS_SELF_ISSUER: issuer, STRATEGIES_ACCESS_TOKEN: "jwt" },
          ...{ URLS_LOGIN: `${pages}/login`, URLS_CONSENT: `${pages}/consent` },
          ...{ URLS_LOGOUT: `${pages}/logout`, SQA_OPT_OUT: "true" },
        },
        cwd: site.folder.path,
        ready: `${issuer}/health/ready`,
      },
      undo,
    );
    const client = { issuer, clientId: "app", clientSecret: randomBytes(24).toString("base64url") };
    const made = await fetch(`${admin}/admin/clients`, {
      method: "POST",
      body: JSON.stringify({
        ...{ client_id: client.clientId, client_secret: client.clientSecret },
        redirect_uris: [`${site.url}/oidc/callback`, `${site.upstream.url}/callback`],
        post_logout_redirect_uris: [`${site.url}/`],
        ...{ grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] },
        ...{ scope: SCOPE, audience: [site.url] },
        backchannel_logout_uri: `${site.url}/oidc/backchannel-logout`,
      }),
    });
    assert.equal(made.status, 201, await made.text());
    await site.start({ ...client, args: ["--provider", "hydra"] });
  });
  after(() => undo.all());

  /** Its redirects have led to the end already. */
  const signIn = (browser: HttpBrowser) => Promise.resolve(browser.page!);
  const about = (): Walk => ({
    ...{ site, signIn },
    headers: { "x-forwarded-user": "alice@example.com", "x-forwarded-groups": "viewer" },
    signedOut(end) {
      // Hydra's end-session endpoint, its operator's page, and back: signed in again by what leads there.
      const addresses = end.before.map(({ url }) => url);
      assert.ok(addresses.some((it) => it.includes("/oauth2/sessions/logout?")));
      assert.ok(addresses.includes(`${site.url}/`), addresses.join("\n"));
    },
  });
  walk(about);
  metadataOf("hydra", about);

  test("the access token is a JWT for the audience that was asked for, with roles below ext", async () => {
    const token = await tokenFor(site, { scope: SCOPE, audience: site.url }, signIn);
    const { status, body } = await site.withToken(token);
    assert.equal(status, 200, body);
    assert.equal((await site.withToken(token, "/admin")).status, 403);
    assert.equal(headersOf({ body })["x-forwarded-groups"], "viewer");
  });

  test("without an audience it is for nobody", async () => {
    const token = await tokenFor(site, { scope: SCOPE }, signIn);
    const { status } = await site.withToken(token);
    assert.equal(status, 401);
  });
});
