/**
 * Wycheproof's JSON Web Signatures and JSON Web Keys, each token cut at its dots here: what a token's header may
 * hold is tested with the guest's token parser, what signatures and keys must be is tested here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest, type VectorKey } from "./guest.ts";
import { read } from "./wycheproof.ts";

interface Token {
  tcId: number;
  comment: string;
  jws: string | object;
  result: string;
}
type Jwk = Record<string, unknown>;
type JwsGroup = { tests: Token[]; private: Jwk; public?: Jwk };
type JwkGroup = { tests: Token[]; private: { keys: Jwk[] }; public?: { keys: Jwk[] } };

/**
 * Valid tokens that we refuse. In four the key's `alg` does not agree with verifying (RFC 7517 §4.4): it is
 * another one than the token's, or none that is registered. Two have a character that is not base64url.
 */
const STRICTER: [tcId: number, why: string][] = [
  [346, "key of PS256, token of PS384"],
  [347, "key of ES521"],
  [350, "key of PS256, token of PS384"],
  [351, "key of ES521"],
  [372, "`?` in the header"],
  [373, "`?` in the payload"],
];

/** Invalid tokens that are, letter for letter, the valid token 357: their padding was lost in the file. */
const SAME_AS_VALID = { tcId: 357, invalid: [367, 370] };

const guest = new Guest();
/** RFC 7515 §2: no other character, and no stray bits at the end. */
const isBase64url = (text: string) => Buffer.from(text, "base64url").toString("base64url") === text;

/** What a verifier of this key set, and nothing else, says: false for whatever is no compact JWS. */
function accepts(jws: unknown, keys: Map<string | undefined, VectorKey>): boolean {
  if (typeof jws !== "string") return false;
  const parts = jws.split(".");
  if (parts.length !== 3 || !parts.every(isBase64url)) return false;
  const [head, , signature] = parts as [string, string, string];
  let header: { alg?: string; kid?: string };
  try {
    header = JSON.parse(Buffer.from(head, "base64url").toString());
  } catch {
    return false;
  }
  const key = keys.get(header.kid) ?? (keys.size === 1 ? [...keys.values()][0] : undefined);
  if (!key || typeof header.alg !== "string") return false;
  return key.verify(
    header.alg,
    jws.slice(0, jws.lastIndexOf(".")),
    Buffer.from(signature, "base64url"),
  );
}

/** Keys by `kid`; none at all for a set that mixes kinds or repeats a name, as it is ambiguous. */
function keysOf(set: Jwk[]): Map<string | undefined, VectorKey> {
  const keys = new Map<string | undefined, VectorKey>();
  for (const jwk of set) {
    const kid = jwk.kid as string | undefined;
    if (keys.has(kid) || set.some((other) => other.kty !== jwk.kty)) return new Map();
    if (jwk.kty === "oct") {
      // A secret comes from the configuration, which names no algorithm; here its JWK does.
      const secret = guest.secret(Buffer.from(jwk.k as string, "base64url"), jwk.alg as string);
      if (secret) keys.set(kid, secret);
      continue;
    }
    const imported = guest.import(jwk);
    if (imported.problem === "None") keys.set(kid, imported.key);
  }
  return keys;
}

test("JSON Web Signature: 401 cases", () => {
  let count = 0;
  const stricter = [];
  let valid: unknown;
  for (const group of read<JwsGroup>("json_web_signature")) {
    guest.clearKeys();
    const keys = keysOf([group.public ?? group.private]);
    for (const { tcId, comment, jws, result } of group.tests) {
      const actual = accepts(jws, keys);
      if (tcId === SAME_AS_VALID.tcId) valid = jws;
      if (result === "valid" && !actual) stricter.push(tcId);
      else if (SAME_AS_VALID.invalid.includes(tcId)) assert.equal(jws, valid);
      else assert.equal(actual, result === "valid", `${tcId} ${comment}`);
      count++;
    }
  }
  assert.deepEqual(
    stricter,
    STRICTER.map(([tcId]) => tcId),
  );
  assert.equal(count, 401);
});

test("JSON Web Key: 26 cases", () => {
  let count = 0;
  for (const group of read<JwkGroup>("json_web_key")) {
    guest.clearKeys();
    const keys = keysOf((group.public ?? group.private).keys);
    for (const { tcId, comment, jws, result } of group.tests) {
      assert.equal(accepts(jws, keys), result === "valid", `${tcId} ${comment}`);
      count++;
    }
  }
  assert.equal(count, 26);
});
