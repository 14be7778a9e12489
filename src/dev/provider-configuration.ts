/** The development provider's settings in oidc-provider's terms: one public client, JWT access tokens by resource. */
import type { AccessToken, Adapter, Context, ResourceServerInfo } from "oidc-provider";
import { grantedScope, passwordGrant } from "./password-grant.ts";
import { signingAlgorithms, type SigningAlgorithm, type SigningKeys } from "./provider-keys.ts";
import { claimsOf, users } from "./provider-users.ts";

export interface Settings {
  keys: SigningKeys;
  adapter: new (model: string) => Adapter;
  clientId: string;
  /** Seconds. */
  lifetime: number;
}

/** RFC 8707: the resource that a token is asked for decides how it is signed. */
export const resourceOf = (alg: SigningAlgorithm) => `urn:rolegate:api:${alg.toLowerCase()}`;

export function resourceInfo(
  { keys, clientId, lifetime }: Settings,
  identifier: string,
): ResourceServerInfo {
  const alg = signingAlgorithms.find((name) => resourceOf(name) === identifier) ?? "RS256";
  return {
    scope: grantedScope,
    audience: clientId,
    accessTokenTTL: lifetime,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg, kid: keys.active(alg) } },
  };
}

export function providerConfiguration(settings: Settings): Record<string, unknown> {
  const { keys, adapter, clientId, lifetime } = settings;
  return {
    adapter,
    // A copy: the library completes the keys in place.
    jwks: structuredClone(keys.privateSet()),
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        grant_types: [passwordGrant],
        response_types: [],
        redirect_uris: [],
      },
    ],
    claims: {
      profile: ["name", "preferred_username", "roles"],
      email: ["email", "email_verified"],
    },
    findAccount: (_context: Context, name: string) =>
      Object.hasOwn(users, name)
        ? { accountId: name, claims: () => ({ sub: name, ...claimsOf(users[name]!) }) }
        : undefined,
    extraTokenClaims: (_context: Context, { accountId = "" }: AccessToken) =>
      claimsOf(users[accountId]!),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceOf("RS256"),
        getResourceServerInfo: (_context: Context, identifier: string) =>
          resourceInfo(settings, identifier),
      },
    },
    ttl: {
      AccessToken: () => lifetime,
      Grant: lifetime,
      IdToken: lifetime,
      RefreshToken: lifetime,
    },
    cookies: { keys: ["development"] },
  };
}
