/** Deterministic ECDSA on P-256: RFC 6979's own examples, arithmetic at its edges, and Node's verification. */
import assert from "node:assert/strict";
import { createECDH, createHash, createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random, inverse, toBigInt, toBytes } from "./random.ts";

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const guest = new Guest();
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest();

/** RFC 6979 appendix A.2.5, with SHA-256. */
const EXAMPLE = {
  d: "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
  x: "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
  y: "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
  sample:
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716" +
    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
  test:
    "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367" +
    "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
};

test("RFC 6979 A.2.5: the public key, and the signatures of both messages", () => {
  const d = Buffer.from(EXAMPLE.d, "hex");
  const point = guest.bytes("publicOf", d).toString("hex").toUpperCase();
  assert.equal(point, EXAMPLE.x + EXAMPLE.y);
  for (const message of ["sample", "test"] as const) {
    const signature = guest.bytes("signDigest", d, sha256(message)).toString("hex");
    assert.equal(signature.toUpperCase(), EXAMPLE[message]);
  }
});

function publicKey(d: Buffer) {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const jwk = { kty: "EC", crv: "P-256", x: x.toString("base64url"), y: y.toString("base64url") };
  return { point: point.subarray(1), key: createPublicKey({ key: jwk, format: "jwk" }) };
}

/** Numbers whose windows are all zeros, all ones, or whose multiples meet the table's own points. */
const EDGES = [1n, 2n, 3n, 15n, 16n, 17n, 2n ** 128n, 2n ** 255n, 2n ** 255n - 1n];
EDGES.push(N - 1n, N - 2n, N - 15n, N - 16n, N - 17n, (N + 1n) / 2n, (N - 1n) / 2n);

test("keys at the edges of the range: public keys as Node's, signatures that Node accepts", () => {
  for (const edge of EDGES) {
    const d = toBytes(edge, 32);
    const { point, key } = publicKey(d);
    assert.deepEqual(guest.bytes("publicOf", d), point, edge.toString(16));
    const message = Buffer.from(`message for ${edge}`);
    const signature = guest.bytes("signDigest", d, sha256(message));
    assert.ok(verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature));
  }
});

test("300 random keys and messages: Node accepts each signature, and none of another message", () => {
  const random = new Random("signing");
  for (let i = 0; i < 300; i++) {
    const value = random.chance(3) ? random.carries(256) % N : random.natural(N);
    const d = toBytes(value === 0n ? 1n : value, 32);
    const message = random.bytes(random.below(200));
    const { point, key } = publicKey(d);
    assert.deepEqual(guest.bytes("publicOf", d), point);
    const signature = guest.bytes("signDigest", d, sha256(message));
    const accepts = (text: Buffer) =>
      verify("sha256", text, { key, dsaEncoding: "ieee-p1363" }, signature);
    assert.ok(accepts(message), `${d.toString("hex")} ${message.toString("hex")}`);
    assert.ok(!accepts(Buffer.concat([message, Buffer.of(0)])));
  }
});

test("digests at and above the order sign as what they are modulo it", () => {
  const d = Buffer.from(EXAMPLE.d, "hex");
  for (const e of [0n, 1n, N - 1n, N, N + 1n, 2n ** 256n - 1n]) {
    const signature = guest.bytes("signDigest", d, toBytes(e, 32));
    const [r, s] = [toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32))];
    // What holds of every signature: k = (e + r d) / s, and r is x of k G.
    const k = ((e + r * toBigInt(d)) * inverse(s, N)) % N;
    const x = toBigInt(publicKey(toBytes(k, 32)).point.subarray(0, 32));
    assert.equal(x % N, r, e.toString(16));
    const reduced = guest.bytes("signDigest", d, toBytes(e % N, 32));
    assert.deepEqual(signature, reduced);
  }
});

test("keys outside of [1, n - 1], or of another length, are refused", () => {
  const digest = sha256("");
  for (const d of [0n, N, N + 1n, 2n ** 256n - 1n]) {
    assert.equal(guest.bytesOrNull("signDigest", toBytes(d, 32), digest), null, d.toString(16));
  }
  for (const length of [0, 31, 33]) {
    assert.equal(guest.bytesOrNull("signDigest", Buffer.alloc(length, 1), digest), null);
  }
});

test("arithmetic on secrets modulo p and n agrees with big integers", () => {
  const random = new Random("secret arithmetic");
  const little = (value: bigint) => toBytes(value, 32).reverse();
  const R = 2n ** 256n;
  for (const m of [P, N]) {
    const near = [0n, 1n, 2n, m - 1n, m - 2n, (m - 1n) / 2n, R - m, R - m - 1n];
    const pick = () =>
      random.chance(3)
        ? random.pick(near)
        : random.chance(2)
          ? random.carries(256) % m
          : random.natural(m);
    for (let i = 0; i < 1500; i++) {
      const [a, b] = [pick(), pick()];
      const result = guest.bytes("secretArithmetic", little(a), little(b), little(m));
      const at = (index: number) =>
        toBigInt(Buffer.from(result.subarray(32 * index, 32 * index + 32)).reverse());
      const place = `${a.toString(16)} ${b.toString(16)}`;
      assert.equal(at(0), (a + b) % m, place);
      assert.equal(at(1), (a - b + m) % m, place);
      assert.equal(at(2), (a * b * inverse(R, m)) % m, place);
      assert.equal(at(3), a === 0n ? 0n : inverse(a, m), place);
      assert.equal(result[160], a === 0n ? 0 : 1, place);
    }
    for (const a of [m, m + 1n, R - 1n]) {
      const result = guest.bytes("secretArithmetic", little(a), little(0n), little(m));
      assert.equal(toBigInt(Buffer.from(result.subarray(128, 160)).reverse()), a - m);
      assert.equal(result[160], 0, "not in range");
    }
  }
});
