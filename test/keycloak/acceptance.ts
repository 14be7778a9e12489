/** Which of Keycloak's tokens open what: by realm role, by client role, by kind of token. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { machines, people, peopleClient, strangersClient } from "./realm.ts";
import type { Setting } from "./setting.ts";
import { byClientCredentials, byPassword } from "./tokens.ts";

const paths = ["/view", "/run", "/owner"];

/** Who may GET which of the paths; the rest is 403. */
const mayPeople: Record<keyof typeof people, string[]> = {
  alice: ["/view"],
  bob: ["/view", "/run"],
  carol: ["/view", "/run", "/owner"],
  dora: [],
};
const mayMachines: Record<keyof typeof machines, string[]> = {
  runner: ["/view", "/run"],
  sensor: ["/view"],
  idler: [],
};

export function acceptanceTests(setting: Setting): void {
  const expectAccess = async (token: string, user: string, allowed: string[]) => {
    for (const path of paths) {
      const { status, headers } = await setting.get(path, token);
      assert.equal(status, allowed.includes(path) ? 200 : 403, `${user} on ${path}`);
      if (status === 200) assert.equal(headers["x-forwarded-user"], user);
    }
  };
  const issuer = () => setting.keycloak.issuer;

  for (const [user, allowed] of Object.entries(mayPeople)) {
    test(`password grant: ${user} may ${allowed.join(", ") || "nothing"}`, async () => {
      const { access_token } = await byPassword(issuer(), peopleClient, user);
      await expectAccess(access_token, user, allowed);
    });
  }

  for (const [client, allowed] of Object.entries(mayMachines)) {
    test(`client credentials: ${client} may ${allowed.join(", ") || "nothing"}`, async () => {
      const name = client as keyof typeof machines;
      const { access_token } = await byClientCredentials(issuer(), name);
      await expectAccess(access_token, `service-account-${client}`, allowed);
    });
  }

  test("roles are read where Keycloak puts them: of the realm, and of the client", async () => {
    const alice = decodeJwt((await byPassword(issuer(), peopleClient, "alice")).access_token);
    assert.ok((alice.realm_access as { roles: string[] }).roles.includes("site-viewer"));
    const bob = decodeJwt((await byPassword(issuer(), peopleClient, "bob")).access_token);
    assert.deepEqual((bob.resource_access as { app: unknown }).app, { roles: ["run"] });
    assert.equal(bob.realm_access, undefined);
  });

  test("a token for another audience is refused", async () => {
    const { access_token } = await byPassword(issuer(), strangersClient, "alice");
    assert.ok(![decodeJwt(access_token).aud].flat().includes("app"));
    assert.equal((await setting.get("/view", access_token)).status, 401);
  });

  test("an ID token and a refresh token are refused", async () => {
    const { id_token, refresh_token } = await byPassword(issuer(), peopleClient, "carol");
    assert.ok([decodeJwt(id_token!).aud].flat().includes("app"), "its audience would do");
    assert.equal((await setting.get("/view", id_token!)).status, 401);
    assert.equal((await setting.get("/view", refresh_token!)).status, 401);
  });

  test("a changed byte in the signature is refused", async () => {
    const { access_token } = await byPassword(issuer(), peopleClient, "carol");
    const at = access_token.lastIndexOf(".") + 10;
    const other = access_token[at] === "A" ? "B" : "A";
    const changed = access_token.slice(0, at) + other + access_token.slice(at + 1);
    assert.equal((await setting.get("/view", changed)).status, 401);
    assert.equal((await setting.get("/view", access_token)).status, 200);
  });
}
