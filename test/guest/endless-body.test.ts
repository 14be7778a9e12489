/** A body that never ends and never comes: Go's readers may bring nothing and no end, and a guest that asks on holds all of Traefik. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Exchange } from "../../src/guest/exchange.ts";
import { GATES } from "../cases/gates.ts";
import { LoginHost, ORIGIN } from "../support/login-host.ts";
import { loadGate } from "../support/gate.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

const { readRequestBody, readResponseBody } = Exchange.prototype;
/** Far more than a guest asks; an endless loop would be no test that fails. */
const PATIENCE = 10_000;

afterEach(() => Object.assign(Exchange.prototype, { readRequestBody, readResponseBody }));

function nothingComes(): () => number {
  let reads = 0;
  const read = () => {
    if (++reads > PATIENCE) throw new Error("it asks for ever");
    return { count: 0, end: false };
  };
  Object.assign(Exchange.prototype, { readRequestBody: read, readResponseBody: read });
  return () => reads;
}

test("of a request that a rule looks into: it is refused", async () => {
  const guest = await loadGate({
    ...GATES.open,
    rules: [{ match: "Path(`/a`) && BodyJSON(`a`, `1`)", allow: "public" }],
  });
  const reads = nothingComes();
  const result = await guest.handle({
    ...{ method: "POST", target: "/a", body: "{}" },
    headers: { "Content-Type": "application/json" },
  });
  assert.equal(result.trap, null);
  assert.equal(result.response.status, 413);
  assert.ok(reads() > 1);
});

test("of the provider's answer: the sign-in fails", async () => {
  const host = await LoginHost.start(
    {
      issuer: ISSUER,
      clientId: CLIENT,
      publicUrl: ORIGIN,
      jwks: JSON.stringify(keySet(rsa, ec)),
      session: { secrets: ["env:SESSION_SECRET"] },
      login: { clientSecret: "env:CLIENT_SECRET" },
    },
    {
      env: {
        SESSION_SECRET: "00112233445566778899aabbccddeeff".repeat(2),
        CLIENT_SECRET: "a-secret-of-thirty-two-characters",
      },
    },
  );
  const parameters = await host.begin();
  const reads = nothingComes();
  const { response } = await host.end(parameters);
  assert.equal(response.status, 503);
  assert.ok(reads() > 1);
});
