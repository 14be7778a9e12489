/** What is precomputed for keys: when, how much, and that results do not depend on it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random } from "./random.ts";
import { ecdsaSigner, edwardsSigner, rsaSigner, type Signer } from "./signers.ts";

const LIMIT = 96 * 1024;
const PAGE = 64 * 1024;

/** Verifies a good and a bad signature, `times` times each. */
function use(
  guest: Guest,
  signer: Signer,
  random: Random,
  times: number,
  key = guest.key(signer.jwk),
) {
  for (let i = 0; i < times; i++) {
    const input = random.bytes(100);
    let signature = signer.sign(input, random);
    while (!signer.verify(input, signature)) signature = signer.sign(input, random);
    assert.equal(key.verify(signer.algorithm, input, signature), true, `use ${i}`);
    signature[signature.length - 1]! ^= 1;
    assert.equal(key.verify(signer.algorithm, input, signature), false, `use ${i}`);
  }
  return key;
}

/** `base`: bytes of the base point's odd multiples, which are there from the first signature on. */
const KINDS: [name: string, make: (random: Random) => Signer, base: number, bytes: number][] = [
  ["RS256", (random) => rsaSigner(random, "RS256", 2048), 0, 2128 + 1600],
  ["PS256", (random) => rsaSigner(random, "PS256", 2048), 0, 2128],
  ["RS384", (random) => rsaSigner(random, "RS384", 2048), 0, 2128],
  ["ES256", (random) => ecdsaSigner(random, "ES256"), 32 * 72, 2 * 257 * 72],
  ["ES384", (random) => ecdsaSigner(random, "ES384"), 32 * 112, 2 * 65 * 112],
  ["ES512", (random) => ecdsaSigner(random, "ES512"), 32 * 152, 2 * 65 * 152],
  ["EdDSA", (random) => edwardsSigner(random), 32 * 108, 2 * 257 * 108],
  ["Ed25519", (random) => edwardsSigner(random, "Ed25519"), 32 * 108, 2 * 257 * 108],
];

for (const [name, make, base, bytes] of KINDS) {
  test(`${name}: no table before a key's fourth use`, () => {
    const guest = new Guest();
    const random = new Random(`table of ${name}`);
    const signer = make(random);
    const key = guest.key(signer.jwk);
    assert.equal(guest.call("tables"), 0, "imported");
    // Each of use()'s rounds is two uses.
    use(guest, signer, random, 1, key);
    assert.equal(guest.call("tables"), base, "two uses");
    const input = random.bytes(10);
    key.verify(name, input, Buffer.alloc(signer.size * 2, 1));
    key.verify(name, input, Buffer.alloc(signer.size, 1));
    use(guest, signer, random, 2, key);
    assert.equal(guest.call("tables"), base + bytes, "in use");
    use(guest, signer, random, 20, key);
    assert.equal(guest.call("tables"), base + bytes, "no more later");
  });
}

test("a guest with one RS256 key stays within two pages", () => {
  const guest = new Guest();
  const random = new Random("pages");
  const signer = rsaSigner(random, "RS256", 2048);
  use(guest, signer, random, 30);
  assert.ok(guest.memory.buffer.byteLength <= 2 * PAGE, `${guest.memory.buffer.byteLength} bytes`);
});

test("more keys in use than there is room for: bounded, and right", () => {
  const guest = new Guest();
  const random = new Random("many keys");
  const makers = [
    () => ecdsaSigner(random, "ES256"),
    () => edwardsSigner(random),
    () => ecdsaSigner(random, "ES384"),
  ];
  const signers = Array.from({ length: 12 }, (_, i) => makers[i % 3]!());
  const keys = signers.map((signer) => guest.key(signer.jwk));
  let most = 0;
  for (let round = 0; round < 30; round++) {
    for (const [i, signer] of signers.entries()) {
      use(guest, signer, random, 1, keys[i]);
      most = Math.max(most, guest.call("tables"));
      assert.ok(guest.call("tables") <= LIMIT);
    }
  }
  assert.ok(most > LIMIT / 2, "the bound was not reached");
  assert.ok(guest.memory.buffer.byteLength < LIMIT + 4 * PAGE);
});
