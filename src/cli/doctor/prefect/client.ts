/**
 * Faults that only a client's side shows: its environment, and the server's answers to its
 * requests.
 */
import type { Answer } from "../ask.ts";
import { reasonOf } from "../../failure.ts";
import { AS_SCRIPT, type Target, type Finding } from "../target.ts";
import {
  authorizations,
  type ClientEnvironment,
  customAuthorization,
  readEnvironment,
} from "./environment.ts";
import { AS_CLIENT } from "./server.ts";
import { compare, versionIn } from "./version.ts";

export async function looksAtClient(target: Target, text: string): Promise<Finding[]> {
  const environment = readEnvironment(text);
  return [
    ...settings(environment, target),
    ...(await asClient(environment, target)),
    ...(await serversQuotes(environment, target)),
  ];
}

const QUOTED = /^(["']).*\1$/;
/** Seconds: a worker's or a flow's credential must last as long as it runs. */
const SHORT = 3600;

function settings(environment: ClientEnvironment, { url, apiBase }: Target): Finding[] {
  const { variables, version } = environment;
  const found: Finding[] = [];
  const add = (code: Finding["code"], evidence: string) => found.push({ code, evidence });
  const quoted = [...variables].flatMap(([name, value]) => (QUOTED.test(value) ? [name] : []));
  if (quoted.length > 0)
    add("prefect_client_quotes", `quotation marks are part of ${quoted.join(", ")}`);
  const bare = (name: string) =>
    (variables.get(name) ?? "").replace(QUOTED, (it) => it.slice(1, -1));
  const password = bare("PREFECT_API_AUTH_STRING");
  const scheme = /^(Bearer|Basic)\s/i.exec(password)?.[1];
  if (scheme) add("prefect_client_scheme", `PREFECT_API_AUTH_STRING begins with ${scheme}`);
  // A value that begins with a scheme has its own finding.
  const rivals = ["PREFECT_API_KEY", ...(scheme ? [] : ["PREFECT_API_AUTH_STRING"])].filter(
    (name) => variables.get(name),
  );
  if (rivals.length > 0) {
    const isOld = password !== "" && version !== null && compare(version, [3, 8, 3]) < 0;
    const more = isOld ? ", which before 3.8.3 does not reach events at all" : "";
    add("prefect_client_key", `${rivals.join(" and ")} is set${more}`);
  }
  const api = bare("PREFECT_API_URL");
  if (api !== url + apiBase)
    add(
      "prefect_client_url",
      `PREFECT_API_URL is ${api || "not set"}, and ${url}${apiBase} is meant`,
    );
  const own = customAuthorization(environment) ?? "";
  if (!/^Bearer \S+$/.test(own))
    add(
      "prefect_client_headers",
      "PREFECT_CLIENT_CUSTOM_HEADERS has no Authorization with a token",
    );
  const left = secondsLeft(own);
  if (left !== null && left > 0 && left < SHORT)
    add("prefect_client_expiry", `it ends in ${Math.ceil(left / 60)} minutes`);
  if (version !== null && compare(version, [3, 4, 8]) < 0)
    add("prefect_client_old", `prefect version says ${version.join(".")}`);
  return found;
}

/** Seconds until the token ends; null for one without an end, such as an API key. */
function secondsLeft(authorization: string): number | null {
  try {
    const [, payload = ""] = authorization.split(".");
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as {
      exp?: unknown;
    };
    return typeof exp === "number" ? exp - Date.now() / 1000 : null;
  } catch {
    return null;
  }
}

/** The three kinds of requests, each with the client's own headers. */
async function asClient(environment: ClientEnvironment, target: Target): Promise<Finding[]> {
  const { ask, apiBase, context } = target;
  const sent = authorizations(environment);
  const path = `${apiBase}/admin/version`;
  const kinds = [
    { what: "its version check", authorization: sent.versionCheck, question: { path } },
    { what: "its requests", authorization: sent.http, question: { path } },
    {
      what: "its WebSockets",
      authorization: sent.webSockets,
      question: { path: `${apiBase}/events/out`, upgrade: true as const },
    },
  ];
  const refused: string[] = [];
  let server: string | null = null;
  for (const { what, authorization, question } of kinds) {
    const headers = {
      ...AS_CLIENT,
      ...(authorization ? { Authorization: authorization } : {}),
      ...("upgrade" in question ? { "Sec-WebSocket-Protocol": "prefect" } : {}),
    };
    let answer: Answer;
    try {
      answer = await ask({ ...question, headers });
    } catch (error) {
      context.signal.throwIfAborted();
      refused.push(`${what}: ${reasonOf(error)}`);
      continue;
    }
    // A missing permission is not the credential's fault.
    if (answer.status === 401 || answer.code === "invalid_request") {
      const scheme = authorization?.split(" ")[0] ?? "no Authorization";
      refused.push(`${what} (${scheme}) ${answer.status}${answer.code ? ` ${answer.code}` : ""}`);
    } else if (answer.status === 200 && !("upgrade" in question)) server ??= answer.body;
  }
  return [
    ...(refused.length > 0
      ? [{ code: "prefect_client_refused" as const, evidence: refused.join("; ") }]
      : []),
    ...(await mismatch(environment, server, target)),
  ];
}

/** The client's own check: another major version is refused, an older server causes a warning. */
async function mismatch(
  { version }: ClientEnvironment,
  body: string | null,
  { ask, token, apiBase }: Target,
): Promise<Finding[]> {
  if (version === null) return [];
  if (body === null && token !== null) {
    const headers = { ...AS_SCRIPT, Authorization: `Bearer ${token}` };
    ({ body } = await ask({ path: `${apiBase}/admin/version`, headers }));
  }
  const server = versionIn(body ?? "");
  if (server === null) return [];
  const evidence = `the client is ${version.join(".")}, the server ${server.join(".")}`;
  if (server[0] !== version[0]) return [{ code: "prefect_client_major", evidence }];
  return compare(server, version) < 0 ? [{ code: "prefect_client_newer", evidence }] : [];
}

/**
 * In a compose file's list, quotes around the server's password become part of it. It can be tried
 * only past Rolegate.
 */
async function serversQuotes(
  { variables }: ClientEnvironment,
  { ask, upstream, apiBase, context }: Target,
): Promise<Finding[]> {
  const password = variables.get("PREFECT_API_AUTH_STRING") ?? "";
  if (upstream === null || password === "" || QUOTED.test(password)) return [];
  const status = async (text: string) => {
    const Authorization = `Basic ${Buffer.from(text).toString("base64")}`;
    const question = { path: `${apiBase}/admin/version`, headers: { ...AS_CLIENT, Authorization } };
    return (await ask(question, upstream)).status;
  };
  try {
    const isQuoted = (await status(password)) === 401 && (await status(`"${password}"`)) === 200;
    return isQuoted
      ? [
          {
            code: "prefect_server_quotes",
            evidence: `${upstream} takes the client's password with quotation marks around it alone`,
          },
        ]
      : [];
  } catch {
    context.signal.throwIfAborted();
    // It cannot be reached, as it should be.
    return [];
  }
}
