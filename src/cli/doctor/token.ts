/**
 * Looks at a token: the plugin judges it with the provider's current keys, and the application gets
 * it.
 */
import { DEFAULTS } from "../defaults.ts";
import { CliError } from "../failure.ts";
import { type Block, textOf, textsOf, withKeys } from "../middleware/block.ts";
import { openGate } from "../middleware/open.ts";
import { stepOf, traceOf } from "../middleware/trace.ts";
import {
  AS_SCRIPT,
  bearer,
  type Check,
  isGatewayError,
  type Target,
  seen,
  signsIn,
  type Finding,
} from "./target.ts";

export const looksAtToken: Check = async (target) => {
  const { token, path, ask } = target;
  if (token === null) return [];
  const found = await judged(target, token);
  if (found === null) {
    // No program's, so that nothing else of it is seen here.
    target.token = null;
    return [];
  }
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

/** With the block and the provider's keys of now, as `explain` does it. */
async function judged(target: Target, token: string): Promise<Finding[] | null> {
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
  ).catch((error: unknown) => {
    // What is wrong with the block is a finding by itself.
    if (error instanceof CliError) return null;
    throw error;
  });
  if (guest === null) return [];
  const headers = { Host: new URL(url).host, ...bearer(target, token) };
  const trace = traceOf(await guest.handle({ target: path, headers }));
  const step = stepOf(trace, "token");
  const reason = String(step?.reason ?? stepOf(trace, "credential")?.reason);
  if (reason === "audience_mismatch") {
    // People are known by the ID token, which is for this client whatever else the access token is
    // for.
    if (signsIn(target) && !target.isForProgram) return null;
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
          evidence: `the token of ${String(step?.subject)} has no role of this block, but ${rolesIn(token, block)}`,
        },
      ]
    : [];
}

function claimsIn(token: string): Record<string, unknown> | null {
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function audienceIn(token: string): string {
  const claims = claimsIn(token);
  return claims === null ? "unreadable" : JSON.stringify(claims.aud ?? null);
}

/** The names that the token has where `rolesFrom` looks, as far as a screen has room. */
function rolesIn(token: string, block: Block): string {
  const paths = textsOf(block, "rolesFrom");
  const client = textOf(block, "clientId") ?? "";
  const seen = (paths.length > 0 ? paths : DEFAULTS.rolesFrom).flatMap((path) => {
    const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
    let value: unknown = claimsIn(token);
    for (const key of keys)
      value = (value as Record<string, unknown> | null | undefined)?.[
        key.replace("{clientId}", client)
      ];
    const names = [value].flat().filter((it) => typeof it === "string");
    return names.length > 0 ? [`${path}: ${names.slice(0, 8).join(", ").slice(0, 200)}`] : [];
  });
  return seen.length > 0 ? seen.join("; ") : "nothing at all where rolesFrom looks";
}
