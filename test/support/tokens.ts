/** Tokens for tests: good ones signed by jose, and every kind of malformed one, put together by hand. */
import { createHmac, sign as signBytes } from "node:crypto";
import { CompactSign } from "jose";
import { rsa, type TestKey } from "./keys.ts";

export type Claims = Record<string, unknown>;
type Part = string | Buffer | object;

export const ISSUER = "https://sso.example.com/realms/main";
export const CLIENT = "app";
/** Order of P-256's group, SEC 2 §2.4.2. */
const P256_ORDER = Buffer.from(
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "hex",
);

/** Seconds since the epoch, `offset` from now. */
export function seconds(offset = 0): number {
  return Math.floor(Date.now() / 1000) + offset;
}

/** The claims of a good access token, as Keycloak writes them; undefined takes a claim away. */
export function claims(changes: Claims = {}): Claims {
  return {
    iss: ISSUER,
    aud: CLIENT,
    azp: CLIENT,
    sub: "8d6f3a6e-0001",
    typ: "Bearer",
    iat: seconds(-10),
    exp: seconds(600),
    preferred_username: "alice",
    email: "alice@example.com",
    email_verified: true,
    realm_access: { roles: ["app-viewer"] },
    scope: "openid read",
    ...changes,
  };
}

/** A signed token. `header` adds to alg, kid and typ, or takes them away. */
export function token(changes: Claims = {}, key: TestKey = rsa, header: Claims = {}) {
  return signed(claims(changes), key, header);
}

/** A token over any claims, signed by jose. */
export function signed(payload: Claims, key: TestKey, header: Claims = {}): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader(headerOf(key, header) as { alg: string })
    .sign(key.privateKey);
}

function headerOf(key: TestKey, changes: Claims): Claims {
  const header = { alg: key.algorithm, kid: key.kid, typ: "JWT", ...changes };
  return JSON.parse(JSON.stringify(header)) as Claims;
}

/** Base64url of text or bytes as they are, of an object as JSON. */
export function encode(part: Part): string {
  if (typeof part === "string" || Buffer.isBuffer(part)) {
    return Buffer.from(part as string).toString("base64url");
  }
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

export type Signer = (input: Buffer) => Buffer;

/** With Node's own crypto, over whatever it is given. */
export function signer(key: TestKey): Signer {
  return (input) =>
    key.algorithm === "ES256"
      ? signBytes("sha256", input, { key: key.privateKey, dsaEncoding: "ieee-p1363" })
      : signBytes(key.algorithm === "RS256" ? "sha256" : null, input, key.privateKey);
}

/** A token of any header and payload, with a signature that is right for its bytes unless another one is given. */
export function raw(header: Part, payload: Part, signature: Signer = signer(rsa)): string {
  return rawParts(encode(header), encode(payload), signature);
}

/** The same over parts that are already text, base64url or not. */
export function rawParts(header: string, payload: string, signature: Signer): string {
  const input = `${header}.${payload}`;
  return `${input}.${signature(Buffer.from(input, "latin1")).toString("base64url")}`;
}

/** A token whose header is text, with the members of a good one around it. */
export function withHeader(changes: Claims, key: TestKey = rsa, payload: Claims = claims()) {
  return raw(headerOf(key, changes), payload, signer(key));
}

/** A well-signed token over a payload of any text or bytes. */
export function withPayload(payload: Part, key: TestKey = rsa): string {
  return raw(headerOf(key, {}), payload, signer(key));
}

/** HS256; the secret that is no secret is the text of the issuer's public key. */
export function hmacToken(key: TestKey, secret: string | Buffer = key.pem): string {
  return raw(headerOf(key, { alg: "HS256" }), claims(), (input) =>
    createHmac("sha256", secret).update(input).digest(),
  );
}

/** ES256 signatures that are none, each over the right bytes. */
export const BAD_ES256: Record<string, (key: TestKey) => Signer> = {
  der: (key) => (input) => signBytes("sha256", input, { key: key.privateKey, dsaEncoding: "der" }),
  "63 bytes": (key) => (input) => signer(key)(input).subarray(0, 63),
  "65 bytes": (key) => (input) => Buffer.concat([signer(key)(input), Buffer.alloc(1)]),
  "r zero": (key) => (input) => replace(signer(key)(input), 0, Buffer.alloc(32)),
  "s zero": (key) => (input) => replace(signer(key)(input), 32, Buffer.alloc(32)),
  "r the order": (key) => (input) => replace(signer(key)(input), 0, P256_ORDER),
  "s the order": (key) => (input) => replace(signer(key)(input), 32, P256_ORDER),
  "r all ones": (key) => (input) => replace(signer(key)(input), 0, Buffer.alloc(32, 0xff)),
  "s all ones": (key) => (input) => replace(signer(key)(input), 32, Buffer.alloc(32, 0xff)),
  zeros: () => () => Buffer.alloc(64),
  empty: () => () => Buffer.alloc(0),
};

function replace(signature: Buffer, at: number, part: Buffer): Buffer {
  const copy = Buffer.from(signature);
  part.copy(copy, at);
  return copy;
}

/** The token with one character of its signature changed, to another of the alphabet. */
export function tampered(good: string): string {
  const at = good.length - 20;
  return good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
}
