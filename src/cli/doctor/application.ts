/** Looks at the application from outside: whether it is protected, and how it refuses. */
import { CliError } from "../failure.ts";
import { openGate } from "../middleware/open.ts";
import {
  AS_SCRIPT,
  bearer,
  type Check,
  getsThrough,
  hasNoRouter,
  isGatewayError,
  type Target,
  seen,
  type Finding,
} from "./target.ts";

export const looksAtApplication: Check = async (target) => {
  const { path } = target;
  const answer = await target.ask({ path, headers: AS_SCRIPT });
  const evidence = seen(`GET ${path} without a credential`, answer);
  if (answer.status === 500 && answer.code === "config_error")
    return [{ code: "config_error", evidence: evidence + (await errorsIn(target)) }];
  if (answer.status === 503 && answer.code === "keys_unavailable")
    return [{ code: "keys_unavailable", evidence }];
  if (answer.status >= 300 && answer.status < 400) {
    return [
      {
        code: "xhr_redirected",
        evidence: `${evidence}, to ${answer.headers.location ?? "nowhere"}`,
      },
    ];
  }
  if (hasNoRouter(answer)) return [{ code: "no_router", evidence }];
  if (getsThrough(answer)) return [{ code: "not_protected", evidence }];
  if (isGatewayError(answer)) return [{ code: "application_down", evidence }];
  if (answer.code === null) return [{ code: "not_rolegate", evidence }];
  target.learned.loginUrl = loginUrlIn(answer.body);
  return ambiguousPaths(target);
};

/** The plugin's lines about the given block, as in Traefik's log. */
async function errorsIn({ block, open }: Target): Promise<string> {
  if (block === null || open === null) return "";
  try {
    await openGate(block, open);
    return "";
  } catch (error) {
    if (error instanceof CliError) return `; ${error.message}`;
    throw error;
  }
}

function loginUrlIn(problem: string): string | null {
  const { login_url: url } = JSON.parse(problem) as { login_url?: unknown };
  return typeof url === "string" && URL.canParse(url) ? url : null;
}

async function ambiguousPaths({ ask }: Target): Promise<Finding[]> {
  const path = "/rolegate-doctor%2Fx";
  const answer = await ask({ path, headers: AS_SCRIPT });
  if (answer.status === 400) return [];
  return [{ code: "path_ambiguous", evidence: seen(`GET ${path}`, answer) }];
}

export const looksAtWebSocket: Check = async (target) => {
  const { webSocket, token, ask } = target;
  if (webSocket === null) return [];
  const found: Finding[] = [];
  const open = await ask({ path: webSocket, upgrade: true });
  if (getsThrough(open))
    found.push({
      code: "websocket_open",
      evidence: seen(`a WebSocket at ${webSocket} without a token`, open),
    });
  if (token === null) return found;
  const own = await ask({ path: webSocket, upgrade: true, headers: bearer(target, token) });
  if (own.status !== 101)
    found.push({
      code: "websocket_refused",
      evidence: seen(`a WebSocket at ${webSocket} with the token`, own),
    });
  return found;
};

export const looksPastTraefik: Check = async ({ upstream, ask }) => {
  if (upstream === null) return [];
  try {
    const answer = await ask({ path: "/" }, upstream);
    return [{ code: "application_exposed", evidence: seen(`${upstream}, from here,`, answer) }];
  } catch {
    // No answer, as it should be.
    return [];
  }
};
