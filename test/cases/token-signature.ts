/** Signatures and the keys that verify them: only the issuer's own, only by the algorithm that the key is for. */
import { createHmac } from "node:crypto";
import { ec, rsa, strangerEc, strangerRsa, testKey } from "../support/keys.ts";
import {
  BAD_ES256,
  claims,
  hmacToken,
  raw,
  signer,
  tampered,
  token,
  withHeader,
} from "../support/tokens.ts";
import { type Case, invalid, passes } from "./case.ts";
import { edwards, type GateName, otherOnly, otherRsa, OTHER_ISSUER, SECRET } from "./gates.ts";

const strangerEdwards = testKey("stranger-edwards", "Ed25519");
const other = { iss: OTHER_ISSUER, aud: "api://app", sub: "someone" };
const esHeader = { alg: "ES256", kid: ec.kid, typ: "JWT" };

type Row = [string, GateName, string, Case["expect"]];
const row = (name: string, value: string, expect: Case["expect"]): Row => [
  name,
  "odd-types",
  value,
  expect,
];

const rows: Row[] = [
  ["RS256", "main", await token(), passes({ rule: "me" })],
  ["ES256", "main", await token({}, ec), passes({ rule: "me" })],
  ["RS256 without kid", "main", await token({}, rsa, { kid: undefined }), passes()],
  ["ES256 without kid", "main", await token({}, ec, { kid: undefined }), passes()],
  ["typ at+jwt", "main", await token({}, rsa, { typ: "at+jwt" }), passes()],
  ["typ application/at+jwt", "main", await token({}, rsa, { typ: "application/at+jwt" }), passes()],
  ["typ jwt", "main", await token({}, rsa, { typ: "jwt" }), passes()],
  ["typ absent", "main", await token({}, rsa, { typ: undefined }), passes()],
  ["only at+jwt", "types", await token({}, rsa, { typ: "at+jwt" }), passes()],
  ["only at+jwt: JWT", "types", await token(), invalid("type_not_allowed")],
  [
    "only at+jwt: absent",
    "types",
    await token({}, rsa, { typ: undefined }),
    invalid("type_not_allowed"),
  ],
  ...(await Promise.all(
    ["true", "null", "1", "[]", "{}"].flatMap((typ) => [
      token({}, rsa, { typ }).then((it) => row(`typ ${typ} as a text`, it, passes())),
      token({}, rsa, { typ: JSON.parse(typ) }).then((it) =>
        row(`typ ${typ}, which is no text`, it, invalid("type_not_allowed")),
      ),
    ]),
  )),
  ["keys in PEM, RS256", "pem", await token({}, rsa, { kid: undefined }), passes()],
  ["keys in PEM, ES256", "pem", await token({}, ec, { kid: undefined }), passes()],
  [
    "a key without kid",
    "bare",
    await token({}, testKey("bare", "ES256"), { kid: undefined }),
    passes(),
  ],
  ["keys out of a file", "file", await token(), passes()],
  ["Ed25519", "edwards", await token({}, edwards), passes()],
  ["EdDSA", "edwards", await token({}, edwards, { alg: "EdDSA" }), passes()],
  [
    "Ed25519 in lower case",
    "edwards",
    withHeader({ alg: "ed25519" }, edwards),
    invalid("algorithm_unsupported"),
  ],
  ["Ed448", "edwards", withHeader({ alg: "Ed448" }, edwards), invalid("algorithm_unsupported")],
  ["Ed25519, changed", "edwards", tampered(await token({}, edwards)), invalid("signature_invalid")],
  [
    "Ed25519 of a stranger",
    "edwards",
    await token({}, strangerEdwards),
    invalid("signature_invalid"),
  ],
  ["Ed25519 with a key for it", "edwards-in-a-set", await token({}, edwards), passes()],
  [
    "EdDSA with a key for Ed25519",
    "edwards-in-a-set",
    await token({}, edwards, { alg: "EdDSA" }),
    invalid("key_mismatch"),
  ],
  ["algorithms: Ed25519 and no other", "only-ed25519", await token({}, edwards), passes()],
  [
    "algorithms: EdDSA when only Ed25519 is listed",
    "only-ed25519",
    await token({}, edwards, { alg: "EdDSA" }),
    invalid("algorithm_not_allowed"),
  ],
  ["algorithms: one that is listed", "only-es256", await token({}, ec), passes()],
  ["algorithms: one that is not", "only-es256", await token(), invalid("algorithm_not_allowed")],
  [
    "too many keys for a token that names none",
    "many",
    await token({}, testKey("many-1", "ES256"), { kid: undefined }),
    invalid("key_ambiguous"),
  ],
  ["many keys, and one named", "many", await token({}, testKey("many-4", "ES256")), passes()],
  ["one character changed", "main", tampered(await token()), invalid("signature_invalid")],
  [
    "one character of an ES256 signature changed",
    "main",
    tampered(await token({}, ec)),
    invalid("signature_invalid"),
  ],
  [
    "a stranger's RSA key under our kid",
    "main",
    await token({}, strangerRsa, { kid: rsa.kid }),
    invalid("signature_invalid"),
  ],
  [
    "a stranger's EC key under our kid",
    "main",
    await token({}, strangerEc, { kid: ec.kid }),
    invalid("signature_invalid"),
  ],
  [
    "an RSA signature with the EC key's kid",
    "main",
    withHeader({ kid: ec.kid }),
    invalid("key_mismatch"),
  ],
  ["RS256 named ES256", "main", withHeader({ alg: "ES256" }), invalid("key_mismatch")],
  [
    "an empty RSA signature",
    "main",
    raw({ alg: "RS256", kid: rsa.kid }, claims(), () => Buffer.alloc(0)),
    invalid("signature_invalid"),
  ],
  [
    "an RSA signature with a zero before it",
    "main",
    withSignature((input) => Buffer.concat([Buffer.alloc(1), signer(rsa)(input)])),
    invalid("signature_invalid"),
  ],
  [
    "an RSA signature of 255 bytes",
    "main",
    withSignature((input) => signer(rsa)(input).subarray(1)),
    invalid("signature_invalid"),
  ],
  [
    "an RSA signature above the modulus",
    "main",
    withSignature(() => Buffer.alloc(256, 0xff)),
    invalid("signature_invalid"),
  ],
  [
    "an RSA signature of zeros",
    "main",
    withSignature(() => Buffer.alloc(256)),
    invalid("signature_invalid"),
  ],
  ["HS256 with the secret", "hmac", hmacToken(rsa, SECRET), passes()],
  ["HS256 with another secret", "hmac", hmacToken(rsa, `${SECRET}4`), invalid("signature_invalid")],
  ["HS256 with no secret", "hmac", hmacToken(rsa, ""), invalid("signature_invalid")],
  ["RS256 where a secret is due", "hmac", await token(), invalid("key_unknown")],
  [
    "two issuers: the first",
    "issuers",
    await token(),
    passes({ upstream: { headers: { "X-User": "alice" }, absent: ["X-Person"] } }),
  ],
  [
    "two issuers: the second, whose key has the first one's kid",
    "issuers",
    await token(other, otherRsa, { kid: rsa.kid }),
    passes({ upstream: { headers: { "X-Person": "someone" }, absent: ["X-User"] } }),
  ],
  [
    "two issuers: the first one's key for the second's token",
    "issuers",
    await token(other, rsa),
    invalid("signature_invalid"),
  ],
  [
    "two issuers: a kid that only the other has",
    "issuers",
    await token({}, otherOnly),
    invalid("key_unknown"),
  ],
  [
    "two issuers: without kid, a key of the other",
    "issuers",
    await token({}, otherRsa, { kid: undefined }),
    invalid("signature_invalid"),
  ],
];

function withSignature(signature: (input: Buffer) => Buffer): string {
  return raw({ alg: "RS256", kid: rsa.kid, typ: "JWT" }, claims(), signature);
}

export const TOKEN_SIGNATURE: Case[] = [
  ...rows.map(([name, gate, value, expect]): Case => ({
    name: `signature: ${name}`,
    gate,
    token: value,
    expect,
  })),
  ...Object.entries(BAD_ES256).map(([name, make]): Case => ({
    name: `ES256 signature: ${name}`,
    gate: "main",
    token: raw(esHeader, claims(), make(ec)),
    expect: invalid("signature_invalid"),
  })),
  ...[0, 31, 33].map((length): Case => ({
    name: `signature: HS256 of ${length} bytes`,
    gate: "hmac",
    token: raw({ alg: "HS256" }, claims(), (input) =>
      Buffer.concat([
        createHmac("sha256", SECRET).update(input).digest(),
        Buffer.alloc(1),
      ]).subarray(0, length),
    ),
    expect: invalid("signature_invalid"),
  })),
  {
    name: "keys that are not there yet",
    gate: "no-keys",
    token: await token(),
    expect: { status: 503, code: "keys_unavailable", reason: "keys_unavailable" },
  },
  {
    name: "keys that are not there yet, and no token",
    gate: "no-keys",
    expect: {
      status: 401,
      code: "authentication_required",
      challenge: "Bearer",
      reason: "credential_missing",
    },
  },
];
