/** How the client proves who it is (RFC 6749 §2.3, RFC 7523 §2.2): by each way that is configured, and by no other. */
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { jwtVerify } from "jose";
import { events, LoginHost } from "../support/login-host.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import { block, CLIENT_SECRET } from "./configuration.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }) as string;

/** What the token endpoint gets at sign-in, and the host. */
async function proofOf(login: Record<string, unknown>) {
  const host = await LoginHost.start(block({ login: { clientSecret: undefined, ...login } }));
  assert.deepEqual(events(await host.signIn()), ["signed_in"]);
  const request = host.provider.received.at(-1)!;
  const form = Object.fromEntries(new URLSearchParams(request.body.toString()));
  return { host, form, authorization: request.headers.get("Authorization") };
}

describe("the client proves who it is", () => {
  test("basic: id and secret encoded as in a form first", async () => {
    const { form, authorization } = await proofOf({ clientSecret: CLIENT_SECRET });
    const pair = `${CLIENT}:${encodeURIComponent(CLIENT_SECRET).replaceAll("'", "%27")}`;
    assert.equal(authorization, `Basic ${Buffer.from(pair).toString("base64")}`);
    assert.equal(form.client_secret, undefined);
  });

  test("post", async () => {
    const { form, authorization } = await proofOf({
      clientAuth: "post",
      clientSecret: CLIENT_SECRET,
    });
    assert.equal(authorization, undefined);
    assert.deepEqual([form.client_id, form.client_secret], [CLIENT, CLIENT_SECRET]);
  });

  test("none: PKCE alone", async () => {
    const { form, authorization } = await proofOf({ clientAuth: "none" });
    assert.equal(authorization, undefined);
    assert.deepEqual([form.client_id, form.client_secret], [CLIENT, undefined]);
    assert.match(form.code_verifier!, /^[\w-]{43}$/);
  });

  test("private_key_jwt: an assertion for the issuer, for a minute, never twice the same", async () => {
    const { host, form, authorization } = await proofOf({
      ...{ clientAuth: "private_key_jwt", clientKey: PEM, clientKeyId: "key-1" },
    });
    assert.equal(authorization, undefined);
    assert.equal(form.client_secret, undefined);
    assert.equal(
      form.client_assertion_type,
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    const verify = (assertion: string) =>
      jwtVerify(assertion, createPublicKey(privateKey), {
        ...{ issuer: CLIENT, subject: CLIENT, audience: ISSUER, algorithms: ["ES256"] },
        currentDate: new Date(host.clock.ms),
      });
    const { payload, protectedHeader } = await verify(form.client_assertion!);
    assert.equal(protectedHeader.kid, "key-1");
    assert.equal(payload.aud, ISSUER);
    assert.deepEqual([payload.iat, payload.exp], [host.clock.seconds, host.clock.seconds + 60]);
    await host.signIn();
    const body = new URLSearchParams(host.provider.received.at(-1)!.body.toString());
    const again = await verify(body.get("client_assertion")!);
    assert.notEqual(again.payload.jti, payload.jti);
  });

  test("a refresh is proved as the sign-in was", async () => {
    const { host } = await proofOf({ clientAuth: "post", clientSecret: CLIENT_SECRET });
    host.clock.pass(240);
    assert.deepEqual(events(await host.visit("/oidc/refresh?rd=%2F")), ["refreshed"]);
    const form = new URLSearchParams(host.provider.received.at(-1)!.body.toString());
    assert.equal(form.get("client_secret"), CLIENT_SECRET);
  });
});
