/** An issuer's metadata: OpenID Connect Discovery 1.0 §4, or RFC 8414 §3 if that is missing. */
import type { Context } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import { fetchJson } from "./fetch.ts";

export interface Metadata {
  issuer: string;
  jwks_uri?: string;
  authorization_endpoint?: string;
  token_endpoint?: string;
  device_authorization_endpoint?: string;
  end_session_endpoint?: string;
  [name: string]: unknown;
}

/** Checks that its issuer is the one asked for, byte for byte (§4.3). */
export async function discover(issuer: string, context: Context): Promise<Metadata> {
  mustBeSafe(issuer);
  // Entra ID's document for all tenants has an address of no tenant: see docs/configuration.md,
  // Several tenants.
  const base = issuer.replace("{tenantid}", "organizations").replace(/\/$/, "");
  const url = `${base}/.well-known/openid-configuration`;
  const { terminal } = context;
  const json = await terminal.progress(`Fetching ${url}`, () => fetchJson(url, context));
  const metadata = json as Metadata | null;
  if (metadata?.issuer === issuer) return metadata;
  throw new CliError(
    "issuer_differs",
    `${url} is about the issuer ${String(metadata?.issuer)}, not ${issuer}`,
    "tokens carry the provider's own spelling in `iss`: use that one, with or without a slash at its end",
    EXIT.outside,
  );
}

/** Allows plain http only on this machine. */
export function mustBeSafe(url: string): void {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new CliError("url_invalid", `${url} is no URL`, "give https://…");
  }
  if (parsed.protocol === "https:" || (parsed.protocol === "http:" && isLoopback(parsed.hostname)))
    return;
  throw new CliError(
    "not_https",
    `${url} is not https`,
    "keys and tokens in the clear can be changed on the way",
  );
}

export const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
