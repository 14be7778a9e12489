/** Looks at the provider, and at a token of its: the plugin judges keys and token. */
import { existsSync, readFileSync } from "node:fs";
import { CliError } from "../failure.ts";
import { textsOf, withKeys } from "../gate/block.ts";
import { openGate } from "../gate/open.ts";
import { stepOf, traceOf } from "../gate/trace.ts";
import { discover } from "../keys/discovery.ts";
import { fetchText } from "../keys/fetch.ts";
import { judgeKeySet } from "../keys/judge.ts";
import { AS_SCRIPT, bearer, type Check, type Patient, seen, type Symptom } from "./patient.ts";

export const looksAtProvider: Check = async (patient) => {
  const { issuer, context } = patient;
  if (issuer === null) return [];
  let set: string;
  try {
    const { jwks_uri } = await discover(issuer, context);
    if (typeof jwks_uri !== "string")
      return [{ code: "discovery_failed", evidence: `${issuer} names no jwks_uri` }];
    set = await fetchText(jwks_uri, context);
  } catch (error) {
    const { code, message } = error as CliError;
    return [
      {
        code: code === "issuer_differs" ? "issuer_differs" : "discovery_failed",
        evidence: message,
      },
    ];
  }
  const { usable, words } = await judgeKeySet(set);
  if (usable === 0) return [{ code: "no_usable_key", evidence: words.join("; ") }];
  return [...stale(set, patient), ...(await looksAtToken(set, patient))];
};

function stale(published: string, { jwksFile }: Patient): Symptom[] {
  if (jwksFile === null) return [];
  if (!existsSync(jwksFile)) return [{ code: "keys_stale", evidence: `there is no ${jwksFile}` }];
  const kids = (text: string) => {
    try {
      const { keys } = JSON.parse(text) as { keys: { kid?: string; use?: string }[] };
      return keys.filter(({ use }) => use !== "enc").map(({ kid }) => kid ?? "(none)");
    } catch {
      return [];
    }
  };
  const here = new Set(kids(readFileSync(jwksFile, "utf8")));
  const missing = kids(published).filter((kid) => !here.has(kid));
  return missing.length > 0
    ? [{ code: "keys_stale", evidence: `${jwksFile} lacks ${missing.join(", ")}` }]
    : [];
}

/** With the block and the provider's keys of now, as `explain` does it. */
async function looksAtToken(
  jwks: string,
  { token, block, open, path, url, ask }: Patient,
): Promise<Symptom[]> {
  if (token === null) return [];
  const found: Symptom[] = [];
  if (block !== null && open !== null) {
    const guest = await openGate(
      withKeys(block, {
        jwks,
        jwksFile: undefined,
        stateDir: undefined,
        mode: undefined,
        session: undefined,
        login: undefined,
      }),
      open,
    );
    const trace = traceOf(
      await guest.handle({ target: path, headers: { Host: new URL(url).host, ...bearer(token) } }),
    );
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
    if (reason !== "none")
      return [{ code: "token_refused", evidence: `the plugin says ${reason}` }];
    if ((step?.roles as string[]).length === 0) {
      found.push({
        code: "roles_missing",
        evidence: `the token of ${String(step?.subject)} has no role of this block`,
      });
    }
  }
  const answer = await ask({ path, headers: { ...AS_SCRIPT, ...bearer(token) } });
  const challenge = String(answer.headers["www-authenticate"] ?? "");
  if (answer.status === 401 && answer.code === null) {
    found.push({
      code: "application_refuses",
      evidence: `${seen(`GET ${path} with the token`, answer)}${challenge ? ` (${challenge})` : ""}`,
    });
  } else if (answer.status === 401 && found.length === 0) {
    found.push({ code: "token_refused", evidence: seen(`GET ${path} with the token`, answer) });
  }
  return found;
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
