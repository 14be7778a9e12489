/**
 * Looks at a token: the plugin judges it with the provider's current keys, and the application gets
 * it.
 */
import { textOf, textsOf, withKeys } from "../middleware/block.ts";
import { openGate } from "../middleware/open.ts";
import { stepOf, traceOf } from "../middleware/trace.ts";
import {
  AS_SCRIPT,
  bearer,
  type Check,
  isGatewayError,
  type Target,
  seen,
  type Finding,
} from "./target.ts";

export const looksAtToken: Check = async (target) => {
  const { token, path, ask } = target;
  if (token === null) return [];
  const found = await judged(target, token);
  if (found.some(({ code }) => code !== "roles_missing")) return found;
  const answer = await ask({ path, headers: { ...AS_SCRIPT, ...bearer(target, token) } });
  const evidence = seen(`GET ${path} with the token`, answer);
  if (answer.status === 401 && answer.code === null) {
    const challenge = String(answer.headers["www-authenticate"] ?? "");
    const more = challenge ? ` (${challenge})` : "";
    found.push({ code: "application_refuses", evidence: evidence + more });
  } else if (answer.code === "invalid_token") {
    found.push({ code: "token_refused", evidence });
  } else if (isGatewayError(answer)) {
    found.push({ code: "application_down", evidence });
  }
  return found;
};

/** Uses the block and the provider's current keys, like `explain`. */
async function judged(target: Target, token: string): Promise<Finding[]> {
  const { block, open, path, url, learned } = target;
  // A block with several issuers has keys for each, and only one issuer's are at hand.
  if (block === null || open === null || learned.jwks === null || !textOf(block, "issuer"))
    return [];
  const guest = await openGate(
    withKeys(block, {
      jwks: learned.jwks,
      ...{ jwksFile: undefined, stateDir: undefined, mode: undefined },
      ...{ session: undefined, login: undefined },
    }),
    open,
  );
  const headers = { Host: new URL(url).host, ...bearer(target, token) };
  const trace = traceOf(await guest.handle({ target: path, headers }));
  const step = stepOf(trace, "token");
  const reason = String(step?.reason ?? stepOf(trace, "credential")?.reason);
  if (reason === "audience_mismatch") {
    const wanted = textsOf(block, "audience").concat(textsOf(block, "clientId"));
    return [
      {
        code: "audience_missing",
        evidence: `the token's aud is ${audienceIn(token)}, and ${wanted[0] ?? ""} is wanted`,
      },
    ];
  }
  if (reason !== "none") return [{ code: "token_refused", evidence: `the plugin says ${reason}` }];
  // An API key has no step of its own, so its roles are not seen here.
  const roles = (step?.roles as string[] | undefined) ?? null;
  learned.roles = roles;
  return roles?.length === 0
    ? [
        {
          code: "roles_missing",
          evidence: `the token of ${String(step?.subject)} has no role of this block`,
        },
      ]
    : [];
}

function audienceIn(token: string): string {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    ) as { aud?: unknown };
    return JSON.stringify(claims.aud ?? null);
  } catch {
    return "unreadable";
  }
}
