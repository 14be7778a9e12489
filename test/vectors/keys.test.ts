/** What key import refuses, and which algorithms a key allows. */
import assert from "node:assert/strict";
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { test } from "node:test";
import { Guest, PROBLEMS, type Problem } from "./guest.ts";

const guest = new Guest();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsaJwk = rsa.publicKey.export({ format: "jwk" });
const ecJwk = ec.publicKey.export({ format: "jwk" });
const pemOf = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const bytesOf = (text: string | undefined) => Buffer.from(text ?? "", "base64url");

const ALGORITHMS = ["RS", "PS", "ES", "HS"].flatMap((family) =>
  ["256", "384", "512"].map((bits) => family + bits),
);
ALGORITHMS.push("EdDSA", "Ed25519", "none");

function refused(problem: Problem, key: object | string, why: string) {
  assert.equal(guest.import(key).problem, problem, why);
}

test("every problem says what it is and what to do", () => {
  for (const [code, name] of PROBLEMS.entries()) {
    const text = guest.text("describe", code);
    assert.ok(text.length > 15, name);
  }
});

/** Without its last byte: another number, whatever the bytes are. */
const short = (text?: string) => base64url(bytesOf(text).subarray(0, -1));

test("JWK: RSA numbers", () => {
  const changed = (change: JsonWebKey) => ({ ...rsaJwk, ...change });
  const n = bytesOf(rsaJwk.n);
  const even = Buffer.from(n);
  even[even.length - 1]! &= 0xfe;
  refused("None", rsaJwk, "as it is");
  for (const e of ["Aw", "BQ", "_____w"]) refused("None", changed({ e }), `e = ${e}`);
  for (const e of ["AA", "AAAA", "AQ", "Ag", "AQAC", "AQAAAAE"])
    refused("BadExponent", changed({ e }), `e ${e}`);
  // 65537 and a multiple of 2³²: more than a word holds, of which the last one is an exponent as any.
  for (const high of [1n, 2n, 2n ** 16n, 2n ** 24n - 1n, 2n ** 64n]) {
    const digits = (high * 2n ** 32n + 65537n).toString(16);
    const e = base64url(
      Buffer.from(digits.padStart(digits.length + (digits.length & 1), "0"), "hex"),
    );
    refused("BadExponent", changed({ e }), `e ${e}`);
  }
  for (const e of ["", "AQ AB", "A", "AR", "AR==", "=", "==AQAB", "AQ=AB", "AQAB==="]) {
    refused("Malformed", changed({ e }), `e is "${e}"`);
  }
  for (const e of ["AAEAAQ", "AAABAAE=", "AQAB=", "AQAB=="])
    refused("None", changed({ e }), `e is "${e}"`);
  const plain = guest.key(rsaJwk).id;
  for (const [name, text] of [
    ["a leading zero", base64url(Buffer.concat([Buffer.of(0), n]))],
    ["leading zeros", base64url(Buffer.concat([Buffer.alloc(9), n]))],
    ["plain base64", n.toString("base64")],
    ["padding", `${rsaJwk.n}==`],
    ["plain base64 with a leading zero", Buffer.concat([Buffer.of(0), n]).toString("base64")],
  ] as const) {
    assert.equal(guest.key(changed({ n: text })).id, plain, name);
  }
  refused("Malformed", changed({ n: base64url(even) }), "even modulus");
  refused("Malformed", { kty: "RSA", n: rsaJwk.n }, "no e");
  refused("Malformed", { ...rsaJwk, n: 5 }, "n is a number");
  refused("Malformed", { kty: "RSA", e: "AQAB" }, "no n");
  const ofBits = (bits: number) => {
    const bytes = Buffer.alloc((bits + 7) >> 3, 0xa5);
    bytes[0] = 1 << ((bits - 1) & 7);
    return changed({ n: base64url(bytes) });
  };
  for (const bits of [1024, 2040, 2047]) refused("TooWeak", ofBits(bits), `${bits} bits`);
  for (const bits of [2048, 2049, 8191, 8192]) refused("None", ofBits(bits), `${bits} bits`);
  for (const bits of [8193, 16384]) refused("TooLarge", ofBits(bits), `${bits} bits`);
});

test("JWK: EC points", () => {
  const changed = (change: JsonWebKey) => ({ ...ecJwk, ...change });
  const y = bytesOf(ecJwk.y);
  y[31]! ^= 1;
  refused("None", ecJwk, "as it is");
  refused("NotOnCurve", changed({ y: base64url(y) }), "y changed");
  refused("NotOnCurve", changed({ x: ecJwk.y!, y: ecJwk.x! }), "swapped");
  const zero = base64url(Buffer.alloc(32));
  refused("NotOnCurve", changed({ x: zero, y: zero }), "zero");
  // x + p: the same point modulo p, in a second spelling.
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const five = {
    x: 5n,
    y: 0x459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbccn,
  };
  const hex = (value: bigint) =>
    base64url(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
  refused("None", changed({ x: hex(five.x), y: hex(five.y) }), "the point with x = 5");
  refused("NotOnCurve", changed({ x: hex(five.x + p), y: hex(five.y) }), "x not below p");
  refused("NotOnCurve", changed({ x: short(ecJwk.x) }), "x too short");
  refused("NotOnCurve", changed({ y: short(ecJwk.y) }), "y too short");
  refused("Malformed", changed({ x: `AQ${ecJwk.x}` }), "x too long");
  const whole = guest.key(ecJwk).id;
  for (const zeros of [1, 2, 40]) {
    const long = (text?: string) => base64url(Buffer.concat([Buffer.alloc(zeros), bytesOf(text)]));
    assert.equal(guest.key(changed({ x: long(ecJwk.x), y: long(ecJwk.y) })).id, whole, `${zeros}`);
  }
  // A coordinate that begins with a zero, written without it.
  const fiveBytes = Buffer.from(five.x.toString(16).padStart(2, "0"), "hex");
  refused("None", changed({ x: base64url(fiveBytes), y: hex(five.y) }), "x = 5 in one byte");
  refused("Malformed", changed({ y: base64url(Buffer.alloc(33, 1)) }), "y too long");
  refused("Malformed", changed({ y: "" }), "y empty");
  refused("Unsupported", changed({ crv: "secp256k1" }), "unknown curve");
  refused("Unsupported", changed({ crv: "p-256" }), "names are case-sensitive");
  refused("Malformed", { kty: "EC", x: ecJwk.x, y: ecJwk.y }, "no crv");
  refused("Malformed", { kty: "EC", crv: "P-256", x: ecJwk.x }, "no y");
});

test("JWK: points of the other curves", () => {
  for (const [namedCurve, crv, size] of [
    ["P-384", "P-384", 48],
    ["P-521", "P-521", 66],
  ] as const) {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve });
    const jwk = publicKey.export({ format: "jwk" });
    refused("None", jwk, crv);
    refused("None", pemOf(publicKey), `${crv} in PEM`);
    assert.equal(guest.key(jwk).id, guest.key(pemOf(publicKey)).id);
    const y = bytesOf(jwk.y);
    assert.equal(y.length, size);
    y[size - 1]! ^= 1;
    refused("NotOnCurve", { ...jwk, y: base64url(y) }, "y changed");
    refused("NotOnCurve", { ...jwk, x: short(jwk.x) }, "x too short");
    refused("NotOnCurve", { ...jwk, y: short(jwk.y) }, "y too short");
    refused("NotOnCurve", { ...ecJwk, crv }, "coordinates of another curve's length");
    refused("Malformed", { ...jwk, crv: "P-256" }, "the same the other way round");
  }
  refused("Unsupported", { ...ecJwk, crv: "Ed25519" }, "an OKP curve in an EC key");
});

/** Little-endian bytes of a y, with the sign of x on top. */
const encoded = (y: bigint, sign = 0) => {
  const bytes = Buffer.from(y.toString(16).padStart(64, "0"), "hex").reverse();
  bytes[31]! |= sign << 7;
  return bytes;
};

test("JWK: Ed25519 keys", () => {
  const okp = (x: Uint8Array) => ({ kty: "OKP", crv: "Ed25519", x: base64url(x) });
  const { publicKey } = generateKeyPairSync("ed25519");
  const jwk = publicKey.export({ format: "jwk" });
  refused("None", jwk, "as it is");
  assert.equal(guest.key(jwk).id, guest.key(pemOf(publicKey)).id);
  for (const name of ["EdDSA", "Ed25519"]) assert.equal(guest.key(jwk).allows(name), true);
  // A key that names one of them has the other one refused; another curve's name is none.
  assert.equal(guest.key({ ...jwk, alg: "Ed25519" }).allows("Ed25519"), true);
  assert.equal(guest.key({ ...jwk, alg: "Ed25519" }).allows("EdDSA"), false);
  assert.equal(guest.key({ ...jwk, alg: "EdDSA" }).allows("Ed25519"), false);
  for (const name of ["Ed448", "ed25519", "eddsa"]) {
    assert.equal(guest.key(jwk).allows(name), false, name);
  }
  assert.equal(guest.key(jwk).allows("ES256"), false);
  refused("Malformed", okp(bytesOf(jwk.x).subarray(1)), "too short");
  refused("Malformed", okp(Buffer.concat([bytesOf(jwk.x), Buffer.of(0)])), "too long");
  refused("Malformed", { kty: "OKP", crv: "Ed25519" }, "no x");
  refused("Unsupported", { ...jwk, crv: "X25519" }, "a key for encryption");
  refused("Unsupported", { ...jwk, crv: "Ed448" }, "another curve");
  const p = 2n ** 255n - 19n;
  // The eight points of small order (RFC 7748 §6.1 and libsodium's list), and their second spellings.
  const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
  for (const y of [0n, 1n, p - 1n, order8, p - order8]) {
    for (const sign of [0, 1]) {
      if (sign && (y === 1n || y === p - 1n)) continue;
      refused("NotOnCurve", okp(encoded(y, sign)), `small order, y = ${y}`);
    }
  }
  for (const y of [p, p + 1n, p + 3n, 2n ** 255n - 1n]) {
    refused("NotOnCurve", okp(encoded(y)), `y = ${y} is not below p`);
  }
  refused("NotOnCurve", okp(encoded(1n, 1)), "-0");
  refused("NotOnCurve", okp(encoded(p - 1n, 1)), "-0 again");
  refused("NotOnCurve", okp(encoded(2n)), "no point has y = 2");
  refused("None", okp(encoded(3n)), "a point has y = 3");
});

test("JWK: a key that is none is not made of what a good one has left in memory", () => {
  const other = new Guest();
  const edwards = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const bad: [JsonWebKey, JsonWebKey, Problem][] = [
    [edwards, { x: base64url(encoded(2n)) }, "NotOnCurve"],
    [edwards, { x: base64url(encoded(2n, 1)) }, "NotOnCurve"],
    [edwards, { x: base64url(Buffer.alloc(32, 0xff)) }, "NotOnCurve"],
    [edwards, { x: base64url(encoded(1n)) }, "NotOnCurve"],
    [edwards, { x: "" }, "Malformed"],
    [rsaJwk, { n: "" }, "Malformed"],
    [rsaJwk, { e: "" }, "Malformed"],
    [ecJwk, { x: "" }, "Malformed"],
    [ecJwk, { y: "" }, "Malformed"],
  ];
  for (const [good, change, problem] of [...bad, ...bad.reverse()]) {
    other.clearKeys();
    other.key(good);
    other.clearKeys();
    assert.equal(other.import({ ...good, ...change }).problem, problem, JSON.stringify(change));
  }
});

test("secrets: long enough for the hash, and for HMAC only", () => {
  const allowed = (bytes: number) => {
    const key = guest.secret(Buffer.alloc(bytes, 7))!;
    return ["HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA", "Ed25519", "none"].filter(
      (name) => key.allows(name),
    );
  };
  assert.deepEqual(allowed(0), []);
  assert.deepEqual(allowed(31), []);
  assert.deepEqual(allowed(32), ["HS256"]);
  assert.deepEqual(allowed(47), ["HS256"]);
  assert.deepEqual(allowed(48), ["HS256", "HS384"]);
  assert.deepEqual(allowed(64), ["HS256", "HS384", "HS512"]);
});

test("JWK: private, symmetric and unknown keys", () => {
  for (const pair of [rsa, ec]) {
    refused("Private", pair.privateKey.export({ format: "jwk" }), "a private key");
  }
  for (const name of ["d", "p", "q", "dp", "dq", "qi", "oth"]) {
    refused("Private", { ...rsaJwk, [name]: "AQAB" }, name);
    for (const value of ["", 0, false, {}, []]) {
      refused("Private", { ...rsaJwk, [name]: value }, `${name}, whatever its value`);
    }
    refused("None", { ...rsaJwk, [name]: null }, `${name}, which is null: there is none`);
  }
  refused("Symmetric", { kty: "oct", k: "AAAA" }, "a secret");
  refused("Symmetric", { kty: "oct" }, "a secret that is left out");
  refused("Symmetric", { ...rsaJwk, kty: "oct" }, "an RSA key that is called a secret");
  refused("Symmetric", { ...rsaJwk, k: "AAAA" }, "a secret in an RSA key");
  refused("None", { ...rsaJwk, k: null }, "no secret");
  refused("Unsupported", { ...rsaJwk, kty: "rsa" }, "names are case-sensitive");
  refused("Unsupported", { kty: "AKP", alg: "ML-DSA-44", pub: "AAAA" }, "unknown type");
  refused("Malformed", { n: rsaJwk.n, e: rsaJwk.e }, "no kty");
  refused("Malformed", { ...rsaJwk, kty: 1 }, "kty is a number");
});

test("JWK: what a key is for", () => {
  const allowed = (change: object, base: object = rsaJwk) => {
    const { problem, key } = guest.import({ ...base, ...change });
    assert.equal(problem, "None");
    return ["RS256", "ES256"].filter((algorithm) => key.allows(algorithm));
  };
  const everything = (key: object) => {
    const imported = guest.key(key);
    return ALGORITHMS.filter((algorithm) => imported.allows(algorithm));
  };
  assert.deepEqual(everything(rsaJwk), ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
  assert.deepEqual(everything({ ...rsaJwk, alg: "PS384" }), ["PS384"]);
  for (const [namedCurve, algorithm] of [
    ["P-256", "ES256"],
    ["P-384", "ES384"],
    ["P-521", "ES512"],
  ] as const) {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve });
    assert.deepEqual(everything(publicKey.export({ format: "jwk" })), [algorithm]);
  }
  assert.deepEqual(allowed({}), ["RS256"]);
  assert.deepEqual(allowed({}, ecJwk), ["ES256"]);
  assert.deepEqual(allowed({ alg: "RS256", use: "sig", key_ops: ["verify"] }), ["RS256"]);
  assert.deepEqual(allowed({ key_ops: ["sign", "verify"] }), ["RS256"]);
  for (const change of [
    { alg: "ES256" },
    { alg: "RS512" },
    { alg: "rs256" },
    { alg: "none" },
    { alg: "" },
    { alg: "RSA-OAEP" },
    { use: "enc" },
    { use: "" },
    { use: "SIG" },
    { key_ops: [] },
    { key_ops: ["sign"] },
    { key_ops: ["verify "] },
    { key_ops: ["encrypt"] },
    { use: "enc", key_ops: ["verify"] },
    { use: "sig", key_ops: ["encrypt"] },
  ]) {
    assert.deepEqual(allowed(change), [], JSON.stringify(change));
  }
  for (const change of [
    { alg: 256 },
    { use: ["sig"] },
    { key_ops: "verify" },
    { key_ops: ["verify", "verify"] },
    { key_ops: [1] },
    { kid: 7 },
  ]) {
    refused("Malformed", { ...rsaJwk, ...change }, JSON.stringify(change));
  }
  for (const name of ["kid", "alg", "use", "key_ops"]) {
    assert.deepEqual(allowed({ [name]: null }), ["RS256"], `${name} is null`);
  }
  const key = guest.key(rsaJwk);
  for (const name of ["none", "", "RS255", "RS256 ", "rs256", "RS2566", "HS256", "ES256"]) {
    assert.equal(key.allows(name), false, name);
  }
});

test("JWK: the key's name", () => {
  assert.equal(guest.key({ ...rsaJwk, kid: "my key" }).id, "my key");
  assert.match(guest.key(rsaJwk).id, /^[\w-]{43}$/);
  for (const kid of ["", null])
    assert.equal(guest.key({ ...rsaJwk, kid }).id, guest.key(rsaJwk).id);
  assert.equal(guest.key(rsaJwk).id, guest.key(pemOf(rsa.publicKey)).id);
  assert.equal(guest.key(ecJwk).id, guest.key(pemOf(ec.publicKey)).id);
});

test("JWK: a key of the library of CVE-2017-15361", () => {
  // Its moduli are k M + (65537^a mod M), M the product of the first primes: Nemec et al. 2017.
  const primes = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
  ];
  const rest = [89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
  const M = [...primes, ...rest].reduce((product, prime) => product * BigInt(prime), 2n);
  let residue = 1n;
  for (let i = 0; i < 12345; i++) residue = (residue * 65537n) % M;
  const n = ((1n << 2047n) / M + 1n) * M + residue;
  const jwk = (value: bigint) => ({
    ...rsaJwk,
    n: base64url(Buffer.from(value.toString(16).padStart(512, "0"), "hex")),
  });
  refused("Breakable", jwk(n), "a power of 65537 modulo all small primes");
  refused("None", jwk(n + 2n), "another number");
});
