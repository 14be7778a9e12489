/** What Prefect's server and clients need: docs/prefect.md. */
import { SourceFile } from "../source/file.ts";
import { AS_SCRIPT, bearer, type Check, seen, type Symptom } from "./patient.ts";

export const looksAtPrefect: Check = async (patient) => {
  const { preset, clientEnv, token, url, ask } = patient;
  if (preset !== "prefect") return [];
  const found: Symptom[] = [];
  const health = await ask({ path: "/api/health", headers: AS_SCRIPT });
  if (health.status === 401)
    found.push({
      code: "prefect_health",
      evidence: seen("GET /api/health without a credential", health),
    });
  if (token !== null && url.startsWith("https:")) {
    const moved = await ask({
      path: "/api/flows",
      method: "POST",
      headers: { ...AS_SCRIPT, ...bearer(token) },
    });
    const location = String(moved.headers.location ?? "");
    if (location.startsWith("http:"))
      found.push({ code: "prefect_scheme", evidence: `POST /api/flows is sent to ${location}` });
  }
  return clientEnv === null
    ? found
    : [...found, ...clientFaults(SourceFile.read(clientEnv).text, url)];
};

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
