/** Tokens with any content, signed by the development provider's key or by another one. */
import { createHash } from "node:crypto";
import { decodeJwt, importJWK, SignJWT, type JWTPayload } from "jose";
import type { Provider } from "oidc-provider";
import { SigningKeys, type SigningAlgorithm } from "./keys.ts";

export interface Header {
  alg?: SigningAlgorithm;
  kid?: string;
  typ?: string;
}

/** OpenID Connect Core §3.1.3.6, for SHA-256. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

export class Signer {
  #strangers: Promise<SigningKeys> | null = null;

  constructor(private readonly keys: SigningKeys) {}

  /** Signed by a key that is published, unless `kid` says otherwise: the name alone is changed. */
  sign(claims: JWTPayload, header: Header = {}): Promise<string> {
    return this.#sign(this.keys, claims, header);
  }

  /** Signed by an unpublished key, under the name of a published one. */
  async forge(claims: JWTPayload, header: Header = {}): Promise<string> {
    this.#strangers ??= SigningKeys.create();
    return this.#sign(await this.#strangers, claims, {
      kid: this.keys.active(header.alg ?? "RS256"),
      ...header,
    });
  }

  async #sign(keys: SigningKeys, claims: JWTPayload, { alg = "RS256", ...header }: Header) {
    const active = keys.active(alg);
    const jwk = keys.privateSet().keys.find(({ kid }) => kid === active)!;
    return new SignJWT(claims)
      .setProtectedHeader({ alg, kid: active, ...header })
      .sign(await importJWK(jwk, alg));
  }
}

/**
 * Puts `at_hash` into the token endpoint's ID tokens, as Keycloak does: the library leaves it out,
 * since it may.
 */
export function addTokenHash(provider: Provider, signer: Signer): void {
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string; access_token?: string } | undefined;
    if (context.oidc?.route !== "token" || !body?.id_token || !body.access_token) return;
    const claims = { ...decodeJwt(body.id_token), at_hash: tokenHash(body.access_token) };
    context.body = { ...body, id_token: await signer.sign(claims) };
  });
}
