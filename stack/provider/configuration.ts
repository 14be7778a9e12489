/**
 * The development provider's settings in oidc-provider's terms: authorization code with PKCE, JWT
 * access tokens by resource, refresh tokens that rotate and whose second use ends the grant, logout
 * in both directions.
 */
import type { AccessToken, Account, Context, ResourceServerInfo } from "oidc-provider";
import { grantedScope } from "./password-grant.ts";
import type { Clients } from "./clients.ts";
import { interactionPath } from "./interaction.ts";
import { signingAlgorithms, type SigningAlgorithm, type SigningKeys } from "./keys.ts";
import { showError, showLogout, showSignedOut } from "./logout.ts";
import type { Storage } from "./storage.ts";
import { claimsOf, type People } from "./users.ts";

/** Seconds. */
export interface Lifetimes {
  access: number;
  id: number;
  refresh: number;
  /** The provider's own session, by which people are signed in again without a page. */
  session: number;
}

/** Looked at for each refresh. */
export interface Rotation {
  /** False: a refresh token stays good after its use. */
  isOn: boolean;
}

export interface Settings {
  rotation: Rotation;
  keys: SigningKeys;
  storage: Storage;
  clients: Clients;
  people: People;
  /** Looked at for each token. */
  lifetimes: Lifetimes;
  /** How a logout token is sent. */
  post: (url: string, options: RequestInit) => Promise<Response>;
}

/** RFC 8707: the resource that a token is asked for decides how it is signed. */
export const resourceOf = (alg: SigningAlgorithm) => `urn:rolegate:api:${alg.toLowerCase()}`;

export function resourceInfo(
  { keys, lifetimes, clients }: Settings,
  identifier: string,
): ResourceServerInfo {
  const alg = signingAlgorithms.find((name) => resourceOf(name) === identifier) ?? "RS256";
  return {
    scope: grantedScope,
    // Whichever client it was given to: the application is one.
    audience: clients.id,
    accessTokenTTL: lifetimes.access,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg, kid: keys.active(alg) } },
  };
}

/** Everything is granted, so users are not asked for consent. */
async function grantAll({ oidc }: Context) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.account!.accountId,
    clientId: oidc.client.clientId,
  });
  grant.addOIDCScope(oidc.params.scope ?? "openid");
  for (const alg of signingAlgorithms) grant.addResourceScope(resourceOf(alg), grantedScope);
  await grant.save();
  return grant;
}

/** `path`: before each of the provider's own. */
export function providerConfiguration(settings: Settings, path = ""): Record<string, unknown> {
  const { keys, storage, people, lifetimes, post } = settings;
  const claims = (name: string) => claimsOf(people.find(name)!);
  return {
    adapter: storage.adapter,
    // A copy: the library completes the keys in place.
    jwks: structuredClone(keys.privateSet()),
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "none", "private_key_jwt"],
    scopes: grantedScope.split(" "),
    claims: {
      openid: ["sub", "roles", "realm_access"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
    },
    // Roles are wanted in the ID token as well, as Keycloak can put them there.
    conformIdTokenClaims: false,
    findAccount: (_context: Context, name: string): Account | undefined =>
      people.find(name) && {
        accountId: name,
        claims: () => ({ sub: name, ...claims(name) }),
      },
    extraTokenClaims: (_context: Context, { accountId = "" }: AccessToken) => claims(accountId),
    loadExistingGrant: grantAll,
    renderError: showError,
    interactions: {
      url: (_context: Context, { uid }: { uid: string }) => path + interactionPath(uid),
    },
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => settings.rotation.isOn,
    fetch: post,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: showLogout,
        postLogoutSuccessSource: showSignedOut,
      },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceOf("RS256"),
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: Context, identifier: string) =>
          resourceInfo(settings, identifier),
      },
    },
    ttl: {
      AccessToken: () => lifetimes.access,
      AuthorizationCode: 60,
      Grant: () => lifetimes.refresh,
      IdToken: () => lifetimes.id,
      Interaction: 600,
      RefreshToken: () => lifetimes.refresh,
      Session: () => lifetimes.session,
    },
    cookies: { keys: ["development"] },
  };
}
