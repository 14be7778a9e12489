/** Private keys of client authentication: what Node and OpenSSL write is read, everything else is told apart. */
import assert from "node:assert/strict";
import { type KeyObject, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { test } from "node:test";
import { Guest } from "./guest.ts";

/** In the order of PrivateKeyProblem in assembly/jose/private-key.ts. */
const PROBLEMS = [
  "None",
  "Malformed",
  "Unsupported",
  "Encrypted",
  "Public",
  "OutOfRange",
  "Mismatch",
  "OtherUse",
] as const;

const guest = new Guest();
const problem = (key: string | object) =>
  PROBLEMS[guest.call("privateKey", [typeof key === "string" ? key : JSON.stringify(key)])];
const p256 = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const { privateKey } = p256();
const jwk = privateKey.export({ format: "jwk" });
const pem = (key: KeyObject, type: "pkcs8" | "sec1") =>
  key.export({ type, format: "pem" }) as string;
const der = (key: KeyObject, type: "pkcs8" | "sec1") => key.export({ type, format: "der" });
const wrap = (document: Buffer, label: string) =>
  `-----BEGIN ${label}-----\n${document.toString("base64")}\n-----END ${label}-----\n`;

function signsAs(key: KeyObject): void {
  const input = Buffer.from("header.payload");
  const signature = guest.bytes("sign", input);
  const options = { key: createPublicKey(key), dsaEncoding: "ieee-p1363" as const };
  assert.ok(verify("sha256", input, options, signature));
}

test("a JWK, PKCS#8 and SEC 1, with line breaks as labels have them", () => {
  const texts = [
    JSON.stringify(jwk),
    `\n ${JSON.stringify({ ...jwk, alg: "ES256", use: "sig", key_ops: ["sign"] })}\n`,
    pem(privateKey, "pkcs8"),
    pem(privateKey, "sec1"),
    pem(privateKey, "pkcs8").replaceAll("\n", "\\n"),
    pem(privateKey, "sec1").replaceAll("\n", " "),
  ];
  for (const text of texts) {
    assert.equal(problem(text), "None", text);
    signsAs(privateKey);
  }
});

test("its name is `kid`, or the thumbprint, which does not depend on the form", () => {
  const thumbprint = guest.key({ kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y }).id;
  for (const key of [jwk, pem(privateKey, "pkcs8"), pem(privateKey, "sec1")]) {
    problem(key);
    assert.equal(guest.bytes("privateKeyId").toString(), thumbprint);
  }
  problem({ ...jwk, kid: "the client's" });
  assert.equal(guest.bytes("privateKeyId").toString(), "the client's");
});

test("keys without their public half, as some programs write them", () => {
  // ECPrivateKey of version, d and nothing else, in PKCS#8 that names the curve.
  const bare = Buffer.concat([
    Buffer.from("30250201010420", "hex"),
    Buffer.from(jwk.d!, "base64url"),
  ]);
  const head = "3041020100301306072a8648ce3d020106082a8648ce3d0301070427";
  assert.equal(
    problem(wrap(Buffer.concat([Buffer.from(head, "hex"), bare]), "PRIVATE KEY")),
    "None",
  );
  signsAs(privateKey);
  // Without a curve anywhere it is nobody's.
  assert.equal(problem(wrap(bare, "EC PRIVATE KEY")), "Unsupported");
});

test("other kinds of keys", () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const k256 = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ed = generateKeyPairSync("ed25519").privateKey;
  for (const key of [p384, k256, rsa, ed]) {
    assert.equal(problem(pem(key, "pkcs8")), "Unsupported", key.asymmetricKeyDetails?.namedCurve);
    assert.equal(problem(key.export({ format: "jwk" })), "Unsupported");
  }
  for (const key of [p384, k256]) assert.equal(problem(pem(key, "sec1")), "Unsupported");
  assert.equal(problem({ kty: "oct", k: "AAAA" }), "Unsupported");
  assert.equal(problem(rsa.export({ type: "pkcs1", format: "pem" }) as string), "Unsupported");
});

test("encrypted and public keys are called what they are", () => {
  const cipher = { cipher: "aes-256-cbc", passphrase: "secret" };
  const encrypted = privateKey.export({ type: "pkcs8", format: "pem", ...cipher }) as string;
  assert.equal(problem(encrypted), "Encrypted");
  const { d: _, ...open } = jwk;
  assert.equal(problem(open), "Public");
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "pem" }) as string;
  assert.equal(problem(spki), "Public");
});

test("a curve that is named twice is one curve", () => {
  // SEC 1's own curve in PKCS#8 that names secp256k1, and the other way round.
  const sec1 = der(privateKey, "sec1");
  const info = (oid: string) => {
    const algorithm = Buffer.from(`06072a8648ce3d0201${oid}`, "hex");
    const parts = [Buffer.from([2, 1, 0, 0x30, algorithm.length]), algorithm];
    const body = Buffer.concat([...parts, Buffer.from([4, sec1.length]), sec1]);
    return wrap(Buffer.concat([Buffer.from([0x30, 0x81, body.length]), body]), "PRIVATE KEY");
  };
  assert.equal(problem(info("06082a8648ce3d030107")), "None");
  assert.equal(problem(info("06052b8104000a")), "Unsupported", "secp256k1 outside, P-256 inside");
  assert.equal(problem(info("06052b81040022")), "Malformed", "P-384 outside, P-256 inside");
});

test("the public half must be the private one's", () => {
  const other = p256().privateKey;
  const { x, y } = other.export({ format: "jwk" });
  assert.equal(problem({ ...jwk, x, y }), "Mismatch");
  for (const type of ["pkcs8", "sec1"] as const) {
    const document = der(privateKey, type);
    const mine = Buffer.from(jwk.y!, "base64url");
    const changed = Buffer.from(document);
    Buffer.from(y!, "base64url").copy(changed, document.indexOf(mine));
    const label = type === "sec1" ? "EC PRIVATE KEY" : "PRIVATE KEY";
    assert.equal(problem(wrap(document, label)), "None");
    assert.equal(problem(wrap(changed, label)), "Mismatch");
  }
});

test("numbers outside of the range", () => {
  const n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  for (const hex of ["00".repeat(32), n, "ff".repeat(32), "01", "00" + "01".repeat(32)]) {
    const d = Buffer.from(hex, "hex").toString("base64url");
    assert.equal(problem({ ...jwk, d }), "OutOfRange", hex);
  }
});

test("a JWK that is for something else, or not well formed", () => {
  for (const other of [
    { alg: "ES384" },
    { alg: "ECDH-ES" },
    { use: "enc" },
    { key_ops: ["verify"] },
    { key_ops: "sign" },
    { alg: 1 },
  ]) {
    assert.equal(problem({ ...jwk, ...other }), "OtherUse", JSON.stringify(other));
  }
  for (const other of [{ kid: 1 }, { d: `${jwk.d}=` }, { x: "!" }, { kty: 1 }, { y: undefined }]) {
    assert.equal(problem({ ...jwk, ...other }), "Malformed", JSON.stringify(other));
  }
  for (const text of ["", "{", "null", "[]", "-----BEGIN PRIVATE KEY-----"]) {
    assert.equal(problem(text), "Malformed", text);
  }
});

test("a document that was cut, lengthened or changed in one bit is never taken for another key", () => {
  for (const type of ["pkcs8", "sec1"] as const) {
    const document = der(privateKey, type);
    const label = type === "sec1" ? "EC PRIVATE KEY" : "PRIVATE KEY";
    for (let length = 0; length < document.length; length++) {
      assert.equal(problem(wrap(document.subarray(0, length), label)), "Malformed");
    }
    assert.equal(problem(wrap(Buffer.concat([document, Buffer.of(0)]), label)), "Malformed");
    for (let bit = 0; bit < document.length * 8; bit++) {
      const changed = Buffer.from(document);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      // The one bit that does not matter: version 0 or 1 of PKCS#8.
      if (problem(wrap(changed, label)) === "None") {
        assert.equal(type, "pkcs8");
        assert.equal(bit >> 3, document.indexOf(Buffer.of(2, 1, 0)) + 2);
      }
    }
  }
});

test("every problem says what to do", () => {
  for (let i = 0; i < PROBLEMS.length; i++) {
    assert.ok(guest.text("describePrivate", i).length > 10, PROBLEMS[i]);
  }
});
