/** What Prefect's server and clients need: docs/prefect.md. */
import { SourceFile } from "../source/file.ts";
import { AS_SCRIPT, bearer, type Check, type Patient, seen, type Symptom } from "./patient.ts";

export const looksAtPrefect: Check = async (patient) => {
  const { preset, clientEnv, token, url } = patient;
  if (preset !== "prefect") return [];
  const found = [...(await asNobody(patient))];
  if (token !== null) found.push(...(await asSomebody(patient, token)));
  return clientEnv === null
    ? found
    : [...found, ...clientFaults(SourceFile.read(clientEnv).text, url)];
};

/** All of them: clients report over each without saying when one does not open. */
const SOCKETS = [
  ...["/api/events/in", "/api/events/out", "/api/logs/out"],
  ...["/api/task_runs/subscriptions/scheduled", "/api/work_pools/doctor/workers/connect"],
];

async function asNobody({ ask }: Patient): Promise<Symptom[]> {
  const found: Symptom[] = [];
  const health = await ask({ path: "/api/health", headers: AS_SCRIPT });
  const evidence = seen("GET /api/health without a credential", health);
  if (health.status === 401) found.push({ code: "prefect_health", evidence });
  else if (health.status === 404) found.push({ code: "prefect_prefix", evidence });
  // The second one ends in `health`, which once was enough.
  for (const path of ["/api/admin/version", "/api/variables/name/system-health"]) {
    const answer = await ask({ path, headers: AS_SCRIPT });
    if (answer.status < 300)
      found.push({
        code: "prefect_open",
        evidence: seen(`GET ${path} without a credential`, answer),
      });
  }
  const foreign = { Origin: "https://doctor.example", "Access-Control-Request-Method": "POST" };
  const preflight = await ask({ path: "/api/flows/filter", method: "OPTIONS", headers: foreign });
  const allowed = preflight.headers["access-control-allow-origin"];
  if (allowed === "*" || allowed === foreign.Origin) {
    found.push({
      code: "prefect_cors",
      evidence: `a preflight of ${foreign.Origin} is answered with Access-Control-Allow-Origin: ${allowed}`,
    });
  }
  for (const path of SOCKETS) {
    const answer = await ask({ path, upgrade: true });
    if (answer.status === 101)
      found.push({
        code: "prefect_socket_open",
        evidence: seen(`a WebSocket at ${path} without a token`, answer),
      });
  }
  return found;
}

async function asSomebody({ url, ask }: Patient, token: string): Promise<Symptom[]> {
  const headers = { ...AS_SCRIPT, ...bearer(token) };
  const found: Symptom[] = [];
  const version = await ask({ path: "/api/admin/version", headers });
  if (version.status !== 200)
    found.push({
      code: "prefect_preflight",
      evidence: seen("GET /api/admin/version with the token", version),
    });
  else if (isBefore(version.body, [3, 6, 22]))
    found.push({ code: "prefect_version", evidence: `it says ${version.body.trim()}` });
  const csrf = await ask({ path: "/api/csrf-token?client=doctor", headers });
  // 422: the server has it turned off, and says so.
  if (csrf.status !== 200 && csrf.status !== 422)
    found.push({
      code: "prefect_preflight",
      evidence: seen("GET /api/csrf-token with the token", csrf),
    });
  found.push(...settingsFaults((await ask({ path: "/ui-settings", headers })).body, url));
  const moved = await ask({ path: "/api/flows", method: "POST", headers });
  const location = String(moved.headers.location ?? "");
  if (/^https?:/.test(location) && new URL(location).origin !== url) {
    found.push({ code: "prefect_scheme", evidence: `POST /api/flows is sent to ${location}` });
  }
  for (const path of SOCKETS) {
    const protocol = { ...bearer(token), "Sec-WebSocket-Protocol": "prefect" };
    const answer = await ask({ path, upgrade: true, headers: protocol });
    // Whoever may not is refused by a rule, which is as it should be.
    if (answer.code === "forbidden") continue;
    if (answer.status !== 101)
      found.push({
        code: "prefect_socket_refused",
        evidence: seen(`a WebSocket at ${path} with the token`, answer),
      });
    else if (answer.headers["sec-websocket-protocol"] !== "prefect") {
      found.push({
        code: "prefect_subprotocol",
        evidence: `a WebSocket at ${path} opens without the sub-protocol`,
      });
    }
  }
  return found;
}

/** The page's own settings: where it asks the API, and how. */
function settingsFaults(body: string, url: string): Symptom[] {
  let settings: { api_url?: unknown; csrf_enabled?: unknown };
  try {
    settings = JSON.parse(body) as typeof settings;
  } catch {
    // Another application, or a role that sees no pages.
    return [];
  }
  const found: Symptom[] = [];
  const api = String(settings.api_url ?? "/api");
  if (/^https?:/.test(api) && new URL(api).origin !== url)
    found.push({ code: "prefect_ui_url", evidence: `/ui-settings names ${api}` });
  if (settings.csrf_enabled === true)
    found.push({ code: "prefect_csrf", evidence: "/ui-settings says csrf_enabled" });
  return found;
}

function isBefore(body: string, least: number[]): boolean {
  const parts = /(\d+)\.(\d+)\.(\d+)/.exec(body)?.slice(1).map(Number);
  if (!parts) return false;
  const at = parts.findIndex((part, i) => part !== least[i]);
  return at >= 0 && parts[at]! < least[at]!;
}

/** Lines `NAME=value`, with or without `export` and quotes, as in .env files and profiles. */
export function variablesIn(text: string): Map<string, string> {
  const lines = text.split("\n").flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    return match ? [[match[1]!, match[2]!.replace(/^(['"])(.*)\1$/, "$2")] as const] : [];
  });
  return new Map(lines);
}

export function clientFaults(text: string, url: string): Symptom[] {
  const variables = variablesIn(text);
  const found: Symptom[] = [];
  const rivals = ["PREFECT_API_KEY", "PREFECT_API_AUTH_STRING"].filter((name) =>
    variables.get(name),
  );
  if (rivals.length > 0)
    found.push({ code: "prefect_client_key", evidence: `${rivals.join(" and ")} is set` });
  const api = variables.get("PREFECT_API_URL") ?? "";
  if (api !== `${url}/api`)
    found.push({
      code: "prefect_client_url",
      evidence: `PREFECT_API_URL is ${api || "not set"}, and ${url}/api is meant`,
    });
  const authorization = authorizationIn(variables.get("PREFECT_CLIENT_CUSTOM_HEADERS"));
  if (!/^Bearer \S+$/.test(authorization)) {
    found.push({
      code: "prefect_client_headers",
      evidence: "PREFECT_CLIENT_CUSTOM_HEADERS has no Authorization with a token",
    });
  }
  return found;
}

function authorizationIn(json = ""): string {
  try {
    const headers = Object.entries(
      JSON.parse(json.replaceAll('\\"', '"')) as Record<string, string>,
    );
    return headers.find(([name]) => name.toLowerCase() === "authorization")?.[1] ?? "";
  } catch {
    return "";
  }
}
