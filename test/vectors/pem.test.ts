/** Keys in PEM and DER: one form only, and what is refused. */
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { test } from "node:test";
import { Guest, type Problem } from "./guest.ts";
import { certificate } from "./certificate.ts";

const guest = new Guest();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();
const derOf = (key: KeyObject) => key.export({ format: "der", type: "spki" });
const armor = (der: Uint8Array, label = "PUBLIC KEY") =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`;

function refused(problem: Problem, key: object | string, why: string) {
  assert.equal(guest.import(key).problem, problem, why);
}

test("PEM: line breaks in all the ways that they arrive", () => {
  const pem = pemOf(rsa.publicKey);
  for (const separator of ["\n", "\r\n", " ", "\\n", "\\r\\n", "\n\n", "\t", " \n "]) {
    refused("None", pem.replaceAll("\n", separator), JSON.stringify(separator));
  }
  refused("None", `\n  ${pem}  \n`, "white space around");
  refused("None", pem.trim(), "no line break at the end");
  refused("None", pemOf(ec.publicKey), "an EC key");
});

test("PEM: what is refused", () => {
  const pem = pemOf(rsa.publicKey);
  const der = derOf(rsa.publicKey);
  refused("Malformed", pem.replace("-----BEGIN", "----BEGIN"), "four dashes");
  refused("Malformed", pem.replace("-----END PUBLIC", "-----END RSA PUBLIC"), "another end");
  refused("Malformed", pem.slice(0, -30), "no end");
  refused("Malformed", pem + pem, "two keys");
  refused("Malformed", `x${pem}`, "something before");
  refused("Malformed", `${pem}x`, "something after");
  refused("Malformed", pem.replace(/\n(.)/, "\n*$1"), "not base64");
  refused("Malformed", pem.replace(/\n(.)/, "\n-$1"), "the other alphabet");
  refused("Malformed", pem.replace(/\n(.)/, "\n=$1"), "padding inside");
  refused("Malformed", pem.replace("\n-----END", "=\n-----END"), "too much padding");
  refused("Malformed", armor(Buffer.alloc(0)), "empty");
  refused("Malformed", "", "nothing");
  refused("Private", rsa.privateKey.export({ format: "pem", type: "pkcs8" }).toString(), "PKCS #8");
  refused("Private", rsa.privateKey.export({ format: "pem", type: "pkcs1" }).toString(), "PKCS #1");
  refused("Private", ec.privateKey.export({ format: "pem", type: "sec1" }).toString(), "SEC 1");
  refused("Unsupported", armor(der, "SOMETHING ELSE"), "another label");
  const pkcs1 = rsa.publicKey.export({ format: "pem", type: "pkcs1" }).toString();
  assert.equal(guest.key(pkcs1).id, guest.key(pem).id, "PKCS #1");
  const ecDer = derOf(ec.publicKey);
  assert.equal(guest.key(armor(ecDer, "EC PUBLIC KEY")).id, guest.key(armor(ecDer)).id);
  refused("Malformed", armor(der, "RSA PUBLIC KEY"), "a whole key under the label of its numbers");
  refused(
    "Malformed",
    pkcs1.replaceAll("RSA PUBLIC", "PUBLIC"),
    "numbers under the label of a key",
  );
});

test("DER: one encoding only", () => {
  for (const key of [rsa.publicKey, ec.publicKey]) {
    const der = derOf(key);
    refused("None", armor(der), "as it is");
    refused("Malformed", armor(Buffer.concat([der, Buffer.of(0)])), "a byte after the end");
    refused("Malformed", armor(Buffer.concat([der, Buffer.of(5, 0)])), "an element after the end");
    refused("Malformed", armor(der.subarray(0, -1)), "cut");
    const indefinite = Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)]);
    refused("Malformed", armor(indefinite), "indefinite length");
  }
  const der = derOf(rsa.publicKey);
  assert.equal(der.subarray(0, 4).toString("hex"), "30820122");
  const longer = Buffer.concat([Buffer.of(0x30, 0x83, 0x00, 0x01, 0x22), der.subarray(4)]);
  refused("Malformed", armor(longer), "a longer form of the length");
  assert.equal(der.subarray(4, 6).toString("hex"), "300d");
  const long = Buffer.concat([
    Buffer.of(0x30, 0x82, 0x01, 0x23, 0x30, 0x81, 0x0d),
    der.subarray(6),
  ]);
  refused("Malformed", armor(long), "a long form of a short length");
  // Every single changed byte of the structure: refused, or another key, never a crash.
  const id = guest.key(armor(der)).id;
  for (let at = 0; at < der.length; at++) {
    for (const bit of [0, 3, 7]) {
      const changed = Buffer.from(der);
      changed[at]! ^= 1 << bit;
      const imported = guest.import(armor(changed));
      if (imported.problem === "None") assert.notEqual(imported.key.id, id, `byte ${at}`);
      else assert.notEqual(imported.problem, "NotJson");
    }
  }
});

test("SPKI: parameters and points", () => {
  const der = derOf(ec.publicKey);
  const point = der.length - 65;
  const compressed = Buffer.concat([der.subarray(0, point), Buffer.of(2), der.subarray(point + 1)]);
  refused("Unsupported", armor(compressed), "another form of a point");
  const off = Buffer.from(der);
  off[off.length - 1]! ^= 1;
  refused("NotOnCurve", armor(off), "off the curve");
  refused("Unsupported", pemOf(generateKeyPairSync("x25519").publicKey), "a key for encryption");
  const k1 = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  refused("Unsupported", pemOf(k1.publicKey), "another curve");
  const explicit = generateKeyPairSync("ec", { namedCurve: "P-256", paramEncoding: "explicit" });
  refused("Malformed", pemOf(explicit.publicKey), "a curve spelled out");
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
  refused("TooWeak", pemOf(small.publicKey), "1024 bits");
});

test("X.509: the certificate's key, and nothing else of it", async () => {
  for (const [pair, algorithm] of [
    [rsa, "RS256"],
    [ec, "ES256"],
  ] as const) {
    const der = await certificate(pair);
    assert.deepEqual(derOf(createPublicKey(armor(der, "CERTIFICATE"))), derOf(pair.publicKey));
    const { problem, key } = guest.import(armor(der, "CERTIFICATE"));
    assert.equal(problem, "None");
    assert.equal(key.id, guest.key(pemOf(pair.publicKey)).id);
    assert.equal(key.allows(algorithm), true);
    refused("Malformed", armor(Buffer.concat([der, Buffer.of(0)]), "CERTIFICATE"), "a byte more");
    refused("Malformed", armor(der.subarray(0, -1), "CERTIFICATE"), "a byte less");
    refused("Malformed", armor(der, "PUBLIC KEY"), "a certificate called a key");
    refused("Malformed", armor(derOf(pair.publicKey), "CERTIFICATE"), "a key called a certificate");
  }
});
