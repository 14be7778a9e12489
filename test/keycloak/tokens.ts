/** Tokens from Keycloak's token endpoint, by the two grants that need no browser. */
import { machines } from "./realm.ts";

export interface TokenResponse {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
}

/** Rejects with Keycloak's own words. */
async function ask(issuer: string, parameters: Record<string, string>): Promise<TokenResponse> {
  const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams(parameters),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as TokenResponse;
}

export function byPassword(
  issuer: string,
  client: string,
  user: string,
  password = user,
): Promise<TokenResponse> {
  return ask(issuer, {
    grant_type: "password",
    client_id: client,
    username: user,
    password,
    scope: "openid",
  });
}

export function byClientCredentials(
  issuer: string,
  client: keyof typeof machines,
): Promise<TokenResponse> {
  return ask(issuer, {
    grant_type: "client_credentials",
    client_id: client,
    client_secret: machines[client].secret,
  });
}
