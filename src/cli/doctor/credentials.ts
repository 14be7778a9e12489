/** Whether what callers bring reaches the plugin: the token's header, and the session's cookie. Neither has to be good. */
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
  // Elsewhere a credential that is lost looks like one that is not needed.
  if (code !== "authentication_required") return [];
  return [...(await header(target)), ...(await cookie(target))];
};

/** Well-formed, and nobody's: the plugin says `invalid_token` of it, and looks at its keys. */
const NOBODY = ['{"alg":"RS256","kid":"doctor"}', '{"iss":"doctor"}', "x"]
  .map((part) => Buffer.from(part).toString("base64url"))
  .join(".");

async function header(target: Target): Promise<Finding[]> {
  const { path, ask, block, token } = target;
  const headers = { ...AS_SCRIPT, ...bearer(target, token ?? NOBODY) };
  const answer = await ask({ path, headers });
  if (answer.code === "keys_unavailable")
    return [{ code: "keys_unavailable", evidence: seen(`GET ${path} with a token`, answer) }];
  // Without the block, and nobody who says that a token is for it, another header may be meant.
  if (answer.code !== "authentication_required" || (block ?? token) === null) return [];
  const evidence = seen(`GET ${path} with a token in ${tokenHeader(target)}`, answer);
  return [{ code: "credential_lost", evidence: `${evidence}, as if there were none` }];
}

/** Another site's page that has the session's cookie with it is refused as such, before anybody looks into the cookie. */
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
