/**
 * Checks that credentials reach the plugin: the token's header, and the session's cookie. Neither
 * needs to be valid.
 */
import { DEFAULTS } from "../defaults.ts";
import { mapOf, textOf } from "../middleware/block.ts";
import {
  AS_SCRIPT,
  bearer,
  type Check,
  type Target,
  seen,
  signsIn,
  type Finding,
  tokenHeader,
} from "./target.ts";

export const looksAtCredentials: Check = async (target) => {
  const { path, ask } = target;
  const { code } = await ask({ path, headers: AS_SCRIPT });
  // Elsewhere a lost credential looks like one that is not needed.
  if (code !== "authentication_required") return [];
  return [...(await header(target)), ...(await cookie(target)), ...(await largeCookie(target))];
};

/**
 * As large as a session with many claims is beside the application's own; nginx takes 8 KiB in one
 * header by default.
 */
const COOKIE_BYTES = 7_000;

async function largeCookie(target: Target): Promise<Finding[]> {
  const { path, ask } = target;
  if (!signsIn(target)) return [];
  const headers = { ...AS_SCRIPT, Cookie: `rolegate-doctor=${"x".repeat(COOKIE_BYTES)}` };
  const question = `GET ${path} with a cookie of ${COOKIE_BYTES} bytes`;
  const evidence = await ask({ path, headers }).then(
    (answer) => (answer.code === null ? seen(question, answer) : null),
    () => `${question} is not answered`,
  );
  return evidence === null ? [] : [{ code: "cookie_too_large", evidence }];
}

/**
 * Well-formed, and signed by no one: the plugin says `invalid_token` of it, once it has the
 * issuer's keys.
 */
const forged = (issuer: string) =>
  ['{"alg":"RS256","kid":"doctor"}', JSON.stringify({ iss: issuer }), "x"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");

async function header(target: Target): Promise<Finding[]> {
  const { path, ask, block, token } = target;
  const headers = { ...AS_SCRIPT, ...bearer(target, token ?? forged(target.issuer ?? "doctor")) };
  const answer = await ask({ path, headers });
  if (answer.code === "keys_unavailable")
    return [{ code: "keys_unavailable", evidence: seen(`GET ${path} with a token`, answer) }];
  // Without the block, and without a token that is meant for it, another header may be configured.
  if (answer.code !== "authentication_required" || (block ?? token) === null) return [];
  const evidence = seen(`GET ${path} with a token in ${tokenHeader(target)}`, answer);
  return [{ code: "credential_lost", evidence: `${evidence}, as if there were none` }];
}

/**
 * A request of another site's page with the session's cookie is refused as such, before the cookie
 * is opened.
 */
async function cookie(target: Target): Promise<Finding[]> {
  const { path, ask, block } = target;
  if (block === null || !signsIn(target)) return [];
  const name = textOf(mapOf(block, "session"), "cookieName") ?? DEFAULTS["session.cookieName"];
  const foreign = { Origin: "https://doctor.example", "Sec-Fetch-Site": "cross-site" };
  const cookies = ["", "__Host-", "__Secure-"].map((prefix) => `${prefix}${name}=doctor`);
  const headers = { ...AS_SCRIPT, ...foreign, Cookie: cookies.join("; ") };
  const answer = await ask({ path, headers });
  if (answer.code !== "authentication_required") return [];
  const evidence = seen(`GET ${path} of another site's page with the cookie ${name}`, answer);
  return [{ code: "cookie_lost", evidence: `${evidence}, as if there were none` }];
}
