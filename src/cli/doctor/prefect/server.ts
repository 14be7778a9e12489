/**
 * Looks at Prefect's server behind Rolegate as an anonymous and as an authenticated client.
 * docs/prefect.md says how it should be.
 */
import type { Answer } from "../ask.ts";
import {
  AS_SCRIPT,
  bearer,
  getsThrough,
  hasNoRouter,
  isGatewayError,
  isPage,
  type Target,
  seen,
  type Finding,
} from "../target.ts";
import { isBefore } from "./version.ts";

/** Headers of clients, which follow redirects and take any response for the API's. */
export const AS_CLIENT = { Accept: "*/*", "User-Agent": "prefect/3.8.8 (API 0.8.4)" };

export async function asNobody(target: Target): Promise<Finding[]> {
  return [...(await health(target)), ...(await open(target)), ...(await preflight(target))];
}

async function health(target: Target): Promise<Finding[]> {
  const { ask, token, apiBase } = target;
  const path = `${apiBase}/health`;
  const isHealthy = ({ status, body }: Answer) => status === 200 && body.trim() === "true";
  const answer = await ask({ path, headers: AS_CLIENT });
  if (isHealthy(answer)) return [];
  const evidence = seen(`GET ${path} without a credential`, answer) + kindOf(answer);
  if (isGatewayError(answer)) return [{ code: "prefect_down", evidence }];
  if (answer.code === null && answer.status !== 401) return [{ code: "prefect_prefix", evidence }];
  if (answer.status !== 401 && answer.status !== 403) return [];
  if (token === null) return [{ code: "prefect_health", evidence }];
  // If the path is changed on its way, it is not the path of the public rule.
  const own = await ask({ path, headers: { ...AS_CLIENT, ...bearer(target, token) } });
  return isHealthy(own)
    ? [{ code: "prefect_health", evidence }]
    : own.code === null && own.status !== 401 && !isGatewayError(own)
      ? [
          {
            code: "prefect_prefix",
            evidence: seen(`GET ${path} with the token`, own) + kindOf(own),
          },
        ]
      : [{ code: "prefect_health", evidence }];
}

const kindOf = (answer: Answer) =>
  hasNoRouter(answer)
    ? ", for Traefik has no router there"
    : answer.status === 200
      ? ` with ${isPage(answer) ? "a page" : "something else than Prefect's `true`"}`
      : "";

async function open({ ask, apiBase }: Target): Promise<Finding[]> {
  const found: Finding[] = [];
  const paths = [
    `${apiBase}/admin/version`,
    // It ends in `health`, which was enough in the past.
    `${apiBase}/variables/name/system-health`,
    // The whole API's description. The server needs seconds to make the document behind it.
    "/docs",
  ];
  const answers: [string, Answer][] = [];
  for (const path of paths) answers.push([path, await ask({ path, headers: AS_CLIENT })]);
  const [[first, version]] = answers as [[string, Answer]];
  const isMoved = version.status >= 300 && version.status < 400;
  if (isMoved || isPage(version)) {
    const to = isMoved ? `, to ${version.headers.location ?? "nowhere"}` : " with a page";
    const evidence = seen(`GET ${first} without a credential`, version) + to;
    // Rolegate's refusal may be a page, if the request asks for one; this is not a refusal.
    if (version.code === null) return [{ code: "prefect_page_instead", evidence }];
  }
  const through = answers.filter(([, answer]) => getsThrough(answer));
  if (through.length > 0) {
    const evidence = through.map(([path, { status }]) => `${path} ${status}`).join(", ");
    found.push({ code: "prefect_open", evidence: `without a credential: GET ${evidence}` });
  }
  return found;
}

async function preflight({ ask, apiBase }: Target): Promise<Finding[]> {
  const foreign = { Origin: "https://doctor.example", "Access-Control-Request-Method": "POST" };
  const path = `${apiBase}/flows/filter`;
  const answer = await ask({ path, method: "OPTIONS", headers: foreign });
  const allowed = answer.headers["access-control-allow-origin"];
  return allowed === "*" || allowed === foreign.Origin
    ? [
        {
          code: "prefect_cors",
          evidence: `a preflight of ${foreign.Origin} is answered with Access-Control-Allow-Origin: ${allowed}`,
        },
      ]
    : [];
}

/** Returns null when the token does not reach Prefect, so that nothing else can be seen with it. */
export async function asSomebody(target: Target, token: string): Promise<Finding[] | null> {
  const { ask, apiBase } = target;
  const headers = { ...AS_SCRIPT, ...bearer(target, token) };
  const path = `${apiBase}/admin/version`;
  const version = await ask({ path, headers });
  const evidence = seen(`GET ${path} with the token`, version);
  if (version.status === 401) {
    // A token that Rolegate refuses has its own finding. Prefect's own refusal has no challenge; a
    // middleware's has one, and its own finding.
    const isPrefects = version.code === null && !version.headers["www-authenticate"];
    return isPrefects ? [{ code: "prefect_password", evidence }] : null;
  }
  if (isGatewayError(version)) return null;
  const found: Finding[] = [];
  const refused: string[] = [];
  if (version.code !== null) refused.push(`${path} ${version.status} ${version.code}`);
  else if (!/^\s*"\d+\.\d/.test(version.body))
    return [{ code: "prefect_prefix", evidence: evidence + kindOf(version) }];
  else if (isBefore(version.body, [3, 6, 22]))
    found.push({ code: "prefect_version", evidence: `it says ${version.body.trim()}` });
  const csrf = await ask({ path: `${apiBase}/csrf-token?client=doctor`, headers });
  // 422: the server has turned it off, and says so.
  if (csrf.status !== 200 && csrf.status !== 422)
    refused.push(`${apiBase}/csrf-token ${csrf.status}${csrf.code ? ` ${csrf.code}` : ""}`);
  // A caller without any role may request nothing; the token has its own finding for that.
  if (refused.length > 0 && target.learned.roles?.length !== 0)
    found.push({
      code: "prefect_preflight",
      evidence: `with the token: GET ${refused.join(", ")}`,
    });
  return [...found, ...(await secrets(target, headers))];
}

/** Roles of the preset without secrets. */
const WITHOUT_SECRETS = ["viewer", "runner"];

async function secrets(
  { ask, apiBase, learned: { roles } }: Target,
  headers: Record<string, string>,
): Promise<Finding[]> {
  if (!roles?.length || !roles.every((role) => WITHOUT_SECRETS.includes(role))) return [];
  const path = `${apiBase}/block_types/slug/secret/block_documents?include_secrets=true`;
  const answer = await ask({ path, headers });
  return answer.status === 200
    ? [{ code: "prefect_secrets", evidence: seen(`GET ${path} as ${roles.join(", ")}`, answer) }]
    : [];
}
