/** docs/key-schedule.md: its vectors are the guest's, and those of other code; its tables are the sources'. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PURPOSES } from "../../../src/session/keys.ts";
import { SessionGuest } from "./guest.ts";
import * as given from "./schedule.ts";

const page = readFileSync("docs/key-schedule.md", "utf8");
const documented = given.documented();

test("the vectors are those of other code", () => {
  assert.deepEqual(documented, given.vectors());
});

test("the vectors are the guest's", () => {
  const guest = new SessionGuest();
  const ring = guest.ring([given.SECRET], given.SCOPE)!;
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  for (const purpose of PURPOSES) {
    const { encryption, nonce, generator, id } = documented.keys[purpose]!;
    assert.deepEqual(ring.keys(0, purpose).map(hex), [encryption, nonce, generator, id]);
  }
  const { sealed, nonce } = documented.seal;
  assert.equal(ring.seal(given.SEALED, given.NOW, given.TEXT), sealed);
  assert.deepEqual(ring.open(given.SEALED, sealed), given.TEXT);
  assert.equal(hex(Buffer.from(sealed, "base64url").subarray(1, 25)), nonce);
  assert.equal(hex(ring.mark("lock", given.TOKEN)), documented.mark.mark);
  const { first, second, peer, label } = documented.values;
  const generator = ring.generator("attempt");
  const next = () => hex(generator.next(label, given.NOW, peer, given.REQUEST));
  assert.deepEqual([next(), next()], [first, second]);
  const seed = Buffer.from(documented.derived.seed, "hex");
  assert.equal(guest.bytes("nonce", seed).toString(), documented.derived.nonce);
  const verifier = guest.bytes("verifier", seed).toString();
  assert.equal(verifier, documented.derived.verifier);
  assert.equal(guest.bytes("challenge", verifier).toString(), documented.derived.challenge);
});

test("the page has every purpose", () => {
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((it) => it[1]!);
  assert.deepEqual(named, [...PURPOSES]);
});
