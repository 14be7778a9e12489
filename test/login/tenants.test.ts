/**
 * Signing in with several tenants of one provider, as with Entra ID's `organizations`: one metadata document, whose issuer
 * has a place for the tenant, and people who are known by their tenant and their subject together.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import type { Guest } from "../../src/guest/guest.ts";
import {
  PERSONAL,
  TENANT,
  TENANT_KEYS,
  tenantIssuer,
  TENANTS_ISSUER,
  UNLISTED,
} from "../cases/gates.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { ec, rsa, type TestKey } from "../support/keys.ts";
import { Clock, events, HOST, locationOf, LoginHost, said } from "../support/login-host.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../support/tokens.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const OTHER = "22222222-2222-3333-4444-555555555555";
const ALL = "https://login.example.com/organizations/v2.0";
const BASE = new URL(ISSUER).pathname;

/** Its addresses are those of no tenant; its tokens are those of the one that `signsIn` has set. */
class Organizations extends FakeProvider {
  override origin = new URL(ALL).origin;
  /** Of the authority in its addresses. */
  authority = "organizations";

  constructor(seconds: () => number) {
    super(seconds);
    const own = this.upstream;
    this.upstream = async (request: ForwardedRequest): Promise<UpstreamResponse> => {
      const mine = `/${this.authority}/v2.0`;
      const target = request.target.startsWith(mine)
        ? BASE + request.target.slice(mine.length)
        : "/nowhere";
      return own({ ...request, target });
    };
  }

  override document(): Claims {
    const at = (name: string) => `${this.origin}/${this.authority}/v2.0/${name}`;
    return {
      issuer: TENANTS_ISSUER,
      authorization_endpoint: at("authorize"),
      token_endpoint: at("token"),
      end_session_endpoint: at("end"),
      jwks_uri: at("keys"),
      ...this.metadata,
    };
  }

  signsIn(tenant: string, key: TestKey = rsa): void {
    const claims = { iss: tenantIssuer(tenant), tid: tenant };
    Object.assign(this, { idToken: claims, accessToken: claims, idKey: key, accessKey: key });
  }
}

const config = block({
  issuer: TENANTS_ISSUER,
  tenants: [TENANT, OTHER],
  jwks: JSON.stringify(TENANT_KEYS),
  stateDir: STATE,
  forwardHeaders: { "X-User": "preferred_username", "X-Tenant": "tid" },
  session: { maxAge: "2h" },
});
const folder = new StateFolder();
const clock = new Clock();
const provider = new Organizations(() => clock.seconds);
let host: LoginHost;
let gate: Guest;
const shared = { mounts: folder.mounts, clock, provider };

before(async () => {
  host = await LoginHost.start(config, shared);
  gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
});
after(() => folder.remove());
beforeEach(async () => {
  folder.clear();
  Object.assign(provider, { metadata: {}, answer: {}, authority: "organizations" });
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
  host.jar = new CookieJar();
  await gate.handle({ target: "/a", headers: { Host: HOST } });
});

const browse = async (jar = host.jar, at = gate) =>
  at.handle({ target: "/a", headers: { Host: HOST, Cookie: jar.header("/")! } });
async function jarOf(tenant: string): Promise<CookieJar> {
  host.jar = new CookieJar();
  provider.signsIn(tenant);
  const result = await host.signIn();
  assert.ok(events(result).includes("signed_in"), said(result));
  return host.jar;
}

describe("signing in", () => {
  for (const tenant of [TENANT, OTHER]) {
    test(`somebody of ${tenant}, who the log and the application say is of it`, async () => {
      const jar = await jarOf(tenant);
      const { forwarded, logs } = await browse(jar);
      assert.equal(forwarded!.headers.get("X-Tenant"), tenant);
      const audit = logs.find(({ data }) => data?.rolegate === "audit")!.data!;
      assert.equal(audit.issuer, tenantIssuer(tenant));
    });
  }

  const refused: [string, () => void, string][] = [
    ["a tenant that is not listed", () => provider.signsIn(UNLISTED), "issuer_unknown"],
    [
      "a tid that is not listed",
      () => Object.assign(provider.idToken, { tid: UNLISTED }),
      "issuer_unknown",
    ],
    [
      "another tid that is",
      () => Object.assign(provider.idToken, { tid: OTHER }),
      "issuer_unknown",
    ],
    ["no tid", () => Object.assign(provider.idToken, { tid: undefined }), "issuer_unknown"],
    [
      "the place itself",
      () => Object.assign(provider.idToken, { iss: TENANTS_ISSUER }),
      "issuer_unknown",
    ],
    ["the key of another tenant", () => provider.signsIn(TENANT, ec), "signature_invalid"],
  ];
  for (const [name, changes, reason] of refused) {
    test(`nobody by an ID token with ${name}`, async () => {
      provider.signsIn(TENANT);
      changes();
      const result = await host.signIn();
      assert.deepEqual(events(result), ["id_token_refused"]);
      assert.match(said(result), new RegExp(`"reason":"${reason}"`));
      assert.deepEqual(
        host.jar.names().filter((it) => /rolegate$/.test(it)),
        [],
      );
    });
  }

  test("by metadata of another issuer nobody is sent anywhere", async () => {
    for (const issuer of [ALL, tenantIssuer(TENANT), ISSUER]) {
      folder.clear();
      provider.metadata = { issuer };
      const result = await host.visit("/oidc/login");
      assert.deepEqual(events(result), ["metadata_refused"], issuer);
    }
  });

  test("an `iss` of the callback is that of a tenant that is listed", async () => {
    provider.signsIn(TENANT);
    for (const [iss, isIn] of [
      [tenantIssuer(TENANT), true],
      [tenantIssuer(UNLISTED), false],
      [TENANTS_ISSUER, false],
      [ALL, false],
    ] as const) {
      const result = await host.end(await host.begin(), { iss });
      assert.equal(events(result).includes("signed_in"), isIn, iss);
    }
  });

  test("the access token of another tenant gives no roles, though its subject is the same", async () => {
    provider.signsIn(TENANT);
    provider.accessToken = { iss: tenantIssuer(OTHER), tid: OTHER };
    await host.signIn();
    assert.equal((await browse()).response.status, 403);
    provider.accessToken = { iss: tenantIssuer(TENANT), tid: TENANT };
    await host.signIn();
    assert.equal((await browse()).response.status, 200);
  });

  test("where the ID token is no source of claims, the tenant is still its own", async () => {
    const login = { claimsFrom: ["access_token"] };
    const alone = await LoginHost.start(
      { ...config, login: { ...(config.login as object), ...login } },
      shared,
    );
    const at = await loadGate(fileForm({ ...config, login }), {
      mounts: folder.mounts,
      now: () => clock.ms,
    });
    provider.signsIn(TENANT);
    provider.accessToken = { iss: tenantIssuer(TENANT), tid: TENANT };
    await alone.signIn();
    assert.equal((await browse(alone.jar, at)).forwarded!.headers.get("X-Tenant"), TENANT);
  });
});

describe("renewing", () => {
  const due = async (tenant: string) => {
    const jar = await jarOf(tenant);
    clock.pass(250);
    return jar;
  };
  const refresh = () => host.visit("/oidc/refresh?rd=%2Fa");

  test("by a token of the same tenant", async () => {
    await due(TENANT);
    const result = await refresh();
    assert.deepEqual(events(result), ["refreshed"], said(result));
    assert.equal((await browse()).forwarded!.headers.get("X-Tenant"), TENANT);
  });

  test("without an ID token it stays of its tenant", async () => {
    await due(OTHER);
    provider.answer = { id_token: undefined };
    assert.deepEqual(events(await refresh()), ["refreshed"]);
    assert.equal((await browse()).forwarded!.headers.get("X-Tenant"), OTHER);
  });

  test("never by a token of another tenant, though its subject is the same", async () => {
    await due(TENANT);
    provider.signsIn(OTHER);
    const result = await refresh();
    assert.deepEqual(events(result), ["refresh_refused"]);
    assert.match(said(result), /"reason":"subject_mismatch"/);
  });

  test("nor where its tenant is allowed no more, with or without an ID token", async () => {
    for (const answer of [{}, { id_token: undefined }]) {
      const jar = await due(TENANT);
      const less = await LoginHost.start({ ...config, tenants: [OTHER] }, shared);
      less.jar = jar;
      provider.answer = answer;
      const result = await less.visit("/oidc/refresh?rd=%2Fa");
      assert.deepEqual(events(result), ["refresh_refused"], said(result));
      assert.match(said(result), /"reason":"issuer_unknown"/);
      provider.answer = {};
    }
  });

  test("signed claims are none of a tenant that is allowed no more", async () => {
    const login = { ...(config.login as object), userinfo: true };
    const asks = await LoginHost.start({ ...config, login }, shared);
    provider.signsIn(TENANT);
    const address = `${provider.origin}/organizations/v2.0/userinfo`;
    provider.metadata = { userinfo_endpoint: address };
    const first = await asks.signIn();
    const less = await LoginHost.start({ ...config, login, tenants: [OTHER] }, shared);
    less.jar = asks.jar;
    provider.instead.userinfo = async () => ({
      headers: { "Content-Type": "application/jwt" },
      body: await signed(
        { iss: tenantIssuer(TENANT), tid: TENANT, aud: CLIENT, sub: "8d6f3a6e-0001" },
        rsa,
      ),
    });
    const result = await less.visit(locationOf(first)!);
    delete provider.instead.userinfo;
    assert.deepEqual(events(result), ["userinfo_failed"], said(result));
    assert.match(said(result), /"reason":"issuer_unknown"/);
  });

  test("a session of other tenants is out of date at once", async () => {
    const jar = await jarOf(TENANT);
    for (const tenants of [[OTHER], [OTHER, TENANT], [TENANT, OTHER, UNLISTED]]) {
      const other = await loadGate(fileForm({ ...config, tenants }), {
        mounts: folder.mounts,
        now: () => clock.ms,
      });
      assert.equal(reasonOf(await browse(jar, other)), "session_outdated", tenants.join());
    }
  });
});

describe("ending", () => {
  const logoutToken = (tenant: string, changes: Claims = {}) =>
    signed(
      {
        ...{ iss: tenantIssuer(tenant), tid: tenant, aud: CLIENT, sub: "8d6f3a6e-0001" },
        ...{ iat: clock.seconds, exp: clock.seconds + 60, jti: `${tenant}-${clock.ms}` },
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
        ...changes,
      },
      rsa,
      { typ: "logout+jwt" },
    );
  const send = async (text: string) => {
    const result = await host.visit("/oidc/backchannel-logout", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `logout_token=${text}`,
      jar: null,
    });
    return result.response.status;
  };
  const seen = async (jar: CookieJar) => {
    clock.pass(5);
    return reasonOf(await browse(jar));
  };

  test("a sign-out ends the session of its own tenant, and not the other's of the same sid", async () => {
    const other = await jarOf(OTHER);
    const jar = (await jarOf(TENANT)).copy();
    assert.deepEqual(events(await host.visit("/oidc/logout")), ["signed_out"]);
    assert.equal(await seen(jar), "session_revoked");
    assert.equal(await seen(other), "none");
  });

  test("the provider ends a subject of one tenant, and not the same of the other", async () => {
    const other = await jarOf(OTHER);
    const jar = await jarOf(TENANT);
    clock.pass(1);
    assert.equal(await send(await logoutToken(TENANT)), 200);
    assert.equal(await seen(jar), "session_revoked");
    assert.equal(await seen(other), "none");
  });

  test("no logout token counts whose tenant is not listed, or is not its issuer's", async () => {
    assert.equal(await send(await logoutToken(UNLISTED)), 400);
    assert.equal(await send(await logoutToken(TENANT, { tid: OTHER })), 400);
    assert.equal(await send(await logoutToken(TENANT, { tid: undefined })), 400);
    assert.equal(await send(await logoutToken(TENANT, { iss: TENANTS_ISSUER })), 400);
  });

  test("a frame ends the session of the tenant that it names", async () => {
    const other = await jarOf(OTHER);
    const frame = (iss: string) =>
      host.visit(`/oidc/frontchannel-logout?iss=${encodeURIComponent(iss)}&sid=sid-1`);
    host.jar = other.copy();
    assert.deepEqual(events(await frame(tenantIssuer(UNLISTED))), []);
    assert.deepEqual(events(await frame(TENANTS_ISSUER)), []);
    // Of the other tenant: it is not this browser's session, and somebody unknown asks.
    assert.deepEqual(events(await frame(tenantIssuer(TENANT))), ["signed_out_by_frame"]);
    assert.equal(await seen(other), "none");
    const result = await frame(tenantIssuer(OTHER));
    const policy = result.response.headers.get("Content-Security-Policy")!;
    assert.match(policy, /frame-ancestors https:\/\/login\.example\.com$/);
    assert.equal(await seen(other), "session_revoked");
  });
});

describe("where the metadata is", () => {
  test("at common, where personal accounts are allowed", async () => {
    const both = { ...config, tenants: [TENANT, PERSONAL], stateDir: "" };
    const alone = await LoginHost.start(both, { clock, provider });
    provider.authority = "common";
    provider.signsIn(PERSONAL, ec);
    assert.ok(events(await alone.signIn()).includes("signed_in"));
    assert.equal(
      new URL(locationOf(await alone.visit("/oidc/login"))!).pathname,
      "/common/v2.0/authorize",
    );
  });

  test("mode keys fetches the set for all tenants", async () => {
    const { jwks: _, ...rest } = config;
    const fetcher = await loadGate(fileForm({ ...rest, mode: "keys" }), {
      ...{ mounts: folder.mounts, now: () => clock.ms },
      buffering: { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 },
    });
    provider.keys = TENANT_KEYS;
    const tick = () =>
      fetcher.handle({ target: "/oidc/keys", headers: { Host: "127.0.0.1" } }, provider.upstream);
    assert.equal((await tick()).response.status, 302);
    assert.equal((await tick()).response.status, 204);
    const at = await loadGate(fileForm(rest), { mounts: folder.mounts, now: () => clock.ms });
    const shown = async (tenant: string, key: TestKey) => {
      const text = await signed(
        {
          ...{ iss: tenantIssuer(tenant), tid: tenant, aud: CLIENT, sub: "a", typ: "Bearer" },
          ...{ exp: clock.seconds + 60, realm_access: { roles: ["app-viewer"] } },
        },
        key,
      );
      return reasonOf(
        await at.handle({ target: "/a", headers: { Host: HOST, Authorization: `Bearer ${text}` } }),
      );
    };
    assert.equal(await shown(TENANT, rsa), "none");
    assert.equal(await shown(OTHER, rsa), "none");
    assert.equal(await shown(OTHER, ec), "signature_invalid");
    assert.equal(await shown(UNLISTED, rsa), "issuer_unknown");
  });
});
