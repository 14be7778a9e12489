/**
 * The provider must know the address after sign-out (OpenID Connect RP-Initiated Logout §3). The
 * request has no session, so nothing ends.
 */
import { DEFAULTS } from "../defaults.ts";
import { mapOf, textOf } from "../middleware/block.ts";
import { AS_PERSON, type Finding, signsIn, type Target } from "./target.ts";

/**
 * `endpoint`: of the provider's discovery document. The plugin adds the ID token, which no one has
 * here.
 */
export async function looksAtSignOut(endpoint: unknown, target: Target): Promise<Finding[]> {
  const { block, url, ask } = target;
  if (block === null || !signsIn(target) || typeof endpoint !== "string" || !URL.canParse(endpoint))
    return [];
  const configured = textOf(mapOf(block, "login"), "postLogoutRedirect");
  const home = configured ?? DEFAULTS["login.postLogoutRedirect"];
  const address = home.startsWith("/") ? url + home : home;
  const destination = new URL(endpoint);
  destination.searchParams.set("client_id", textOf(block, "clientId") ?? "");
  destination.searchParams.set("post_logout_redirect_uri", address);
  const { pathname, search, origin } = destination;
  // Another finding reports a provider that cannot be reached.
  const answer = await ask({ path: pathname + search, headers: AS_PERSON }, origin).catch(
    () => null,
  );
  if (answer === null || answer.status < 400 || !/redirect[ _]?uri/i.test(answer.body)) return [];
  const evidence = `${origin} answers ${answer.status} for post_logout_redirect_uri=${address}`;
  return [{ code: "post_logout_refused", evidence }];
}
