/**
 * Gets tokens without a browser on this machine: the device flow (RFC 8628), client credentials and
 * password (RFC 6749 §4.4, §4.3).
 */
import { setTimeout as wait } from "node:timers/promises";
import * as oauth from "oauth4webapi";
import type { Context } from "../command.ts";
import { CliError, EXIT, reasonOf } from "../failure.ts";
import { discover, isLoopback, type Metadata } from "../keys/discovery.ts";

export interface Client {
  issuer: string;
  clientId: string;
  clientSecret?: string | undefined;
  scope?: string | undefined;
  /** For Auth0 and others. */
  audience?: string | undefined;
  /** RFC 8707. */
  resource?: string | undefined;
}

export interface Tokens {
  accessToken: string;
  /** Seconds. */
  expiresIn: number | undefined;
}

export async function clientCredentials(client: Client, context: Context): Promise<Tokens> {
  const party = await partyOf(client, context);
  const response = await asking(client.issuer, () =>
    oauth.clientCredentialsGrantRequest(
      party.server,
      party.client,
      party.authentication,
      party.parameters,
      party.options,
    ),
  );
  return tokensOf(client.issuer, () =>
    oauth.processClientCredentialsResponse(party.server, party.client, response),
  );
}

/** Only to inspect a user's token: RFC 9700 §2.4 forbids this grant for anything else. */
export async function passwordGrant(
  client: Client,
  person: { username: string; password: string },
  context: Context,
): Promise<Tokens> {
  const {
    server,
    client: own,
    authentication,
    parameters,
    options,
  } = await partyOf(client, context);
  for (const [name, value] of Object.entries(person)) parameters.set(name, value);
  const response = await asking(client.issuer, () =>
    oauth.genericTokenEndpointRequest(server, own, authentication, "password", parameters, options),
  );
  return tokensOf(client.issuer, () =>
    oauth.processGenericTokenEndpointResponse(server, own, response),
  );
}

export async function deviceFlow(client: Client, context: Context): Promise<Tokens> {
  const party = await partyOf(client, context);
  const { server, options } = party;
  if (typeof server.device_authorization_endpoint !== "string") {
    throw new CliError(
      "no_device_flow",
      `${client.issuer} has no device flow`,
      "turn it on for the client at the provider, or give a client secret",
      EXIT.outside,
    );
  }
  const asked = await asking(client.issuer, () =>
    oauth.deviceAuthorizationRequest(
      server,
      party.client,
      party.authentication,
      party.parameters,
      options,
    ),
  );
  const device = await answered(client.issuer, () =>
    oauth.processDeviceAuthorizationResponse(server, party.client, asked),
  );
  const { terminal, signal } = context;
  const { bold } = terminal.errorColors;
  terminal.note(`Open ${bold(device.verification_uri_complete ?? device.verification_uri)}`);
  terminal.note(`and confirm the code ${bold(device.user_code)}.`);
  const end = Date.now() + device.expires_in * 1000;
  let interval = device.interval ?? 5;
  while (Date.now() < end) {
    await wait(interval * 1000, undefined, { signal });
    const response = await asking(client.issuer, () =>
      oauth.deviceCodeGrantRequest(
        server,
        party.client,
        party.authentication,
        device.device_code,
        options,
      ),
    );
    try {
      return tokens(await oauth.processDeviceCodeResponse(server, party.client, response));
    } catch (error) {
      const code = error instanceof oauth.ResponseBodyError ? error.error : "";
      if (code === "slow_down") interval += 5;
      else if (code !== "authorization_pending") throw refused(client.issuer, error);
    }
  }
  throw new CliError("code_expired", "no one confirmed the code in time", "", EXIT.outside);
}

async function partyOf(client: Client, context: Context) {
  const metadata: Metadata = await discover(client.issuer, context);
  const server = metadata as unknown as oauth.AuthorizationServer;
  const { scope, audience, resource } = client;
  const parameters = new URLSearchParams(
    Object.entries({ scope, audience, resource }).filter(
      (it): it is [string, string] => it[1] !== undefined,
    ),
  );
  const secret = client.clientSecret;
  const methods = server.token_endpoint_auth_methods_supported ?? [];
  const usesPost =
    methods.includes("client_secret_post") && !methods.includes("client_secret_basic");
  const authentication =
    secret === undefined
      ? oauth.None()
      : usesPost
        ? oauth.ClientSecretPost(secret)
        : oauth.ClientSecretBasic(secret);
  const options = {
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(600_000)]),
    // discover() lets plain http through only on this machine.
    [oauth.allowInsecureRequests]: isLoopback(new URL(client.issuer).hostname),
  };
  return { server, client: { client_id: client.clientId }, authentication, parameters, options };
}

async function asking(issuer: string, request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    throw new CliError("unreachable", `${issuer}: ${reasonOf(error)}`, "", EXIT.outside);
  }
}

async function answered<T>(issuer: string, process: () => Promise<T>): Promise<T> {
  try {
    return await process();
  } catch (error) {
    throw refused(issuer, error);
  }
}

async function tokensOf(
  issuer: string,
  process: () => Promise<oauth.TokenEndpointResponse>,
): Promise<Tokens> {
  return tokens(await answered(issuer, process));
}

function tokens({ access_token, expires_in }: oauth.TokenEndpointResponse): Tokens {
  return { accessToken: access_token, expiresIn: expires_in };
}

const HINTS: Record<string, string> = {
  invalid_client:
    "the client's id or secret is wrong, or the client is not confidential at the provider",
  unauthorized_client: "allow this grant for the client at the provider",
  invalid_scope: "the provider does not give this client these scopes",
  access_denied: "the user refused",
  expired_token: "the code was not confirmed in time",
};

function refused(issuer: string, error: unknown): CliError {
  if (error instanceof oauth.ResponseBodyError) {
    const { error: code, error_description: description } = error;
    return new CliError(
      "token_refused",
      `${issuer} says ${code}${description ? `: ${description}` : ""}`,
      HINTS[code] ?? "",
      EXIT.outside,
    );
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return new CliError(
      "token_refused",
      `${issuer} answers ${error.status}`,
      HINTS.invalid_client,
      EXIT.outside,
    );
  }
  return new CliError("token_refused", `${issuer}: ${reasonOf(error)}`, "", EXIT.outside);
}
