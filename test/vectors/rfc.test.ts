/** Worked examples of the RFCs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import data from "./data/rfc.json";

const guest = new Guest();

for (const { source, algorithm, jwk, token } of data.tokens) {
  test(`${source}: ${algorithm}`, () => {
    const at = token.lastIndexOf(".");
    const signature = Buffer.from(token.slice(at + 1), "base64url");
    const key = guest.key(jwk);
    assert.equal(key.verify(algorithm, token.slice(0, at), signature), true);
    signature[signature.length - 1]! ^= 1;
    assert.equal(key.verify(algorithm, token.slice(0, at), signature), false);
  });
}

for (const { source, jwk, thumbprint } of data.thumbprints) {
  test(`${source}: thumbprint`, () => {
    assert.equal(guest.key(jwk).id, thumbprint);
  });
}
