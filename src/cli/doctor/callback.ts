/**
 * Sends the provider a code that it never issued: the plugin's own request, with its client's
 * secret, by the way that it takes through Traefik. A provider that authenticates the client first
 * (RFC 6749 §3.2.1) refuses a wrong secret before the code, and a request whose body was lost
 * before both.
 */
import { type Answer, cookiesOf } from "./ask.ts";
import type { Code } from "./catalogue-table.ts";
import { AS_PERSON, type Finding, type Target } from "./target.ts";

/** By the error that the plugin's page shows; of `invalid_grant` there is nothing to say. */
const MEANING: Record<string, Code> = {
  invalid_client: "client_refused",
  // Keycloak's word for a wrong secret, and Auth0's.
  unauthorized_client: "client_refused",
  access_denied: "client_refused",
  // The request has all that it needs when it leaves the plugin.
  invalid_request: "login_buffering_missing",
};
const ERROR = new RegExp(`\\b(${Object.keys(MEANING).join("|")})\\b`);

/** `start`: the answer that sent to `destination`, with the cookie of this sign-in. */
export async function redeemsNothing(
  start: Answer,
  destination: URL,
  { ask, issuer }: Target,
): Promise<Finding[]> {
  const state = destination.searchParams.get("state");
  const redirect = destination.searchParams.get("redirect_uri");
  // RFC 9207: without the issuer's name some callbacks are refused.
  if (issuer === null || state === null || redirect === null) return [];
  const query = new URLSearchParams({ code: "rolegate-doctor", state, iss: issuer });
  const { pathname } = new URL(redirect);
  const answer = await ask({
    path: `${pathname}?${query.toString()}`,
    headers: { ...AS_PERSON, "Sec-Fetch-Site": "cross-site", Cookie: cookiesOf(start) },
  });
  const [error] = ERROR.exec(answer.body) ?? [];
  const said = `a made-up code at ${pathname} ends with ${answer.status}`;
  if (answer.status === 503) {
    return [{ code: "provider_not_reached", evidence: `${said}: the token endpoint` }];
  }
  if (answer.status === 302 && String(answer.headers.location).includes("/login?")) {
    return [{ code: "cookie_lost", evidence: `${said}: the sign-in's cookie did not come back` }];
  }
  if (answer.status >= 500) return [{ code: "login_failed", evidence: said }];
  if (error === undefined) return [];
  return [{ code: MEANING[error]!, evidence: `${said}: the provider says ${error}` }];
}
