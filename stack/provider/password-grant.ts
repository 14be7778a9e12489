/**
 * The grant by which tokens are made without a browser: name and password, as Keycloak's direct
 * grant has them (RFC 6749 §4.3). oidc-provider has none, because RFC 9700 §2.4 forbids it: for
 * development only.
 */
import type { Client, Context, Provider, ResourceServerInfo } from "oidc-provider";
import { claimsOf, type People, type User } from "./users.ts";

export const passwordGrant = "password";
export const grantedScope = "openid profile email";

export interface PasswordGrant {
  people: People;
  /** What the token is for, by the request's `resource` parameter. */
  resource(identifier: string | undefined): { identifier: string; info: ResourceServerInfo };
  /** Makes the error that the token endpoint answers with. */
  refuse(description: string): Error;
}

export function registerPasswordGrant(provider: Provider, grant: PasswordGrant): void {
  const handler = async (context: Context) => {
    const { client, params } = context.oidc;
    const user = grant.people.find(params.username ?? "");
    if (!user || params.password !== user.name) throw grant.refuse("name or password is wrong");
    context.body = await issue(provider, context, user, client, grant.resource(params.resource));
  };
  provider.registerGrantType(passwordGrant, handler, ["username", "password", "resource"]);
}

async function issue(
  provider: Provider,
  context: Context,
  { name, ...user }: User,
  client: Client,
  { identifier, info }: ReturnType<PasswordGrant["resource"]>,
) {
  const granted = new provider.Grant({ accountId: name, clientId: client.clientId });
  granted.addOIDCScope(grantedScope);
  granted.addResourceScope(identifier, info.scope);
  const source = {
    accountId: name,
    client,
    grantId: await granted.save(),
    gty: passwordGrant,
    scope: grantedScope,
  };
  const resourceServer = new provider.ResourceServer(identifier, info);
  const access = new provider.AccessToken({ ...source, resourceServer });
  const accessToken = await access.save();
  const refresh = new provider.RefreshToken({ ...source, resource: identifier });
  const id = new provider.IdToken({ sub: name, ...claimsOf({ name, ...user }) }, { ctx: context });
  id.scope = grantedScope;
  // The token itself: the library makes the hash of OpenID Connect Core §3.1.3.6 of it.
  id.set("at_hash", accessToken);
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: access.expiration,
    refresh_token: await refresh.save(),
    id_token: await id.issue({ use: "idtoken" }),
    scope: grantedScope,
  };
}
