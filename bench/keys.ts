/** Keys of an issuer that exists only here, and the tokens that it signs: shaped and sized as Keycloak's. */
import {
  generateKeyPairSync,
  randomUUID,
  sign,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

export const ISSUER = "https://sso.example.com/realms/prefect";
export const CLIENT = "prefect";

type Kind = "RS256" | "ES256";

export interface Key {
  kid: string;
  kind: Kind;
  privateKey: KeyObject;
  jwk: JsonWebKey;
}

export function makeKey(kind: Kind): Key {
  const { privateKey, publicKey } =
    kind === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  // As long as Keycloak's.
  const kid = randomUUID().replaceAll("-", "") + "Xy7-Q_w0b2M";
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: kind, use: "sig" };
  return { kid, kind, privateKey, jwk };
}

export function keySet(keys: Key[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/** In the form that the Go programs read, to sign with. */
export const exported = ({ kid, privateKey }: Key) => ({
  kid,
  pkcs8: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Claims of an access token of Keycloak's. */
export function claims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    exp: now + 86_400,
    iat: now,
    jti: randomUUID(),
    iss: ISSUER,
    aud: [CLIENT, "account"],
    sub: randomUUID(),
    typ: "Bearer",
    azp: CLIENT,
    sid: randomUUID(),
    acr: "1",
    realm_access: { roles: ["offline_access", "prefect-runner", "default-roles-prefect"] },
    scope: "openid profile email",
    email_verified: true,
    name: "Bob Runner",
    preferred_username: "bob.runner",
    given_name: "Bob",
    family_name: "Runner",
    email: "bob.runner@example.com",
  };
}

/** A token of about 1,200 bytes with RS256, different each time, that holds for a day. */
export function makeToken(key: Key, content = claims()): string {
  const input = `${part({ alg: key.kind, typ: "JWT", kid: key.kid })}.${part(content)}`;
  const signature = sign("sha256", Buffer.from(input), {
    key: key.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}
