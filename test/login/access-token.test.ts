/** The access token of a sign-in as a source of roles: what it gives, and what is said where it gives nothing. */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import type { FakeProvider } from "../support/fake-provider.ts";
import { ec, strangerRsa } from "../support/keys.ts";
import { events, LoginHost, said } from "../support/login-host.ts";
import { block } from "./configuration.ts";

interface Row {
  name: string;
  does: (provider: FakeProvider) => void;
  /** Whether its roles count. */
  counts: boolean;
  /** Why it is not read, in the log; absent: nothing is said. */
  reason?: string;
}

const access = (name: string, claims: object, reason: string): Row => ({
  ...{ name, reason, counts: false },
  does: (it) => (it.accessToken = { ...claims }),
});
const answer = (name: string, members: object, counts: boolean): Row => ({
  ...{ name, counts },
  does: (it) => {
    it.answer = members as FakeProvider["answer"];
    it.idToken = { at_hash: undefined };
  },
});
const realms = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`realm-${i}-realm`, { roles: ["view", "manage"] }]),
  );

const ROWS: Row[] = [
  { name: "as it should be", does: () => {}, counts: true },
  answer("no token_type", { token_type: undefined }, true),
  answer("token_type with a space", { token_type: "Bearer " }, true),
  answer("token_type of another kind", { token_type: "DPoP" }, false),
  answer("token_type a number", { token_type: 1 }, false),
  answer("token_type null", { token_type: null }, false),
  answer("opaque", { access_token: "2YotnFZFEjr1zCsicMWpAA" }, false),
  answer("encrypted", { access_token: "e30.e30.e30.e30.e30" }, false),
  answer("three parts that are no JWT", { access_token: "a.b.c" }, false),
  {
    name: "the roles of an administrator of 140 realms, 20 kB",
    does: (it) => (it.accessToken = { resource_access: realms(300) }),
    counts: true,
  },
  {
    ...{ name: "signed by a key of another", counts: false, reason: "signature_invalid" },
    does: (it) => (it.accessKey = { ...strangerRsa, kid: it.accessKey.kid }),
  },
  {
    ...{ name: "signed by a key that is not published", counts: false, reason: "key_unknown" },
    does: (it) => (it.accessKey = { ...ec, kid: "of-another-api" }),
  },
  access("of somebody else", { sub: "another" }, "subject_mismatch"),
  access("of nobody", { sub: undefined }, "subject_missing"),
  access("that has expired", { exp: 1 }, "token_expired"),
  access("that says it is an ID token", { typ: "ID" }, "not_an_access_token"),
];

for (const claimsFrom of [undefined, ["id_token"]]) {
  describe(claimsFrom ? "login.claimsFrom: [id_token]" : "by default", () => {
    let host: LoginHost;
    before(async () => {
      host = await LoginHost.start(block(claimsFrom ? { login: { claimsFrom } } : {}));
    });
    beforeEach(() => {
      host.provider.reset();
      host.jar = new CookieJar();
      host.clock.pass(60);
    });

    for (const { name, does, counts, reason } of ROWS) {
      test(name, async () => {
        does(host.provider);
        host.provider.accessToken.realm_access = { roles: ["app-viewer"] };
        const result = await host.signIn("/a");
        const warned = reason && !claimsFrom ? ["access_token_unread"] : [];
        assert.deepEqual(events(result), [...warned, "signed_in"], said(result));
        if (warned.length > 0) assert.match(said(result), new RegExp(`"reason":"${reason}"`));
        const { body } = (await host.visit("/oidc/session")).response;
        const { roles } = JSON.parse(body.toString()) as { roles: string[] };
        assert.deepEqual(roles, counts && !claimsFrom ? ["viewer"] : [], body.toString());
      });
    }

    test("too large: nobody becomes somebody without roles", async () => {
      host.provider.accessToken = { padding: "x".repeat(25_000) };
      const result = await host.signIn("/a");
      const expected = claimsFrom ? "signed_in" : "tokens_refused";
      assert.deepEqual(events(result), [expected], said(result));
      assert.equal(result.response.status, claimsFrom ? 302 : 400);
    });
  });
}
