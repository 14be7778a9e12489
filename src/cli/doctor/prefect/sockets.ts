/** All five WebSockets of Prefect: clients do not report when one cannot be opened. */
import type { Answer } from "../ask.ts";
import { reasonOf } from "../../failure.ts";
import { bearer, type Target, seen, type Finding } from "../target.ts";

const PATHS = [
  ...["/events/in", "/events/out", "/logs/out", "/task_runs/subscriptions/scheduled"],
  "/work_pools/doctor/workers/connect",
];

export async function looksAtSockets(target: Target): Promise<Finding[]> {
  const { token, apiBase } = target;
  const open: string[] = [];
  const refused: string[] = [];
  const lost: string[] = [];
  for (const path of PATHS.map((it) => apiBase + it)) {
    const without = await handshake(target, path);
    if (typeof without !== "string" && without.status === 101) open.push(path);
    if (token === null) continue;
    const own = await handshake(target, path, bearer(target, token));
    if (typeof own === "string") refused.push(`${path} (${own})`);
    // A caller without the permission is refused by a rule, as it should be.
    else if (own.code === "forbidden") continue;
    else if (own.status !== 101) refused.push(seen(path, own));
    else if (own.headers["sec-websocket-protocol"] !== "prefect") lost.push(path);
  }
  return [
    ...findings("prefect_socket_open", "101 without a token", open),
    ...findings("prefect_socket_refused", "with the token", refused),
    ...findings("prefect_subprotocol", "101 without the sub-protocol `prefect`", lost),
  ];
}

/** The answer, or why there was none. */
async function handshake(
  { ask, context }: Target,
  path: string,
  credential: Record<string, string> = {},
): Promise<Answer | string> {
  // The server refuses the workers' WebSocket without it, for every caller.
  const headers = { ...credential, "Sec-WebSocket-Protocol": "prefect" };
  try {
    return await ask({ path, upgrade: true, headers });
  } catch (error) {
    context.signal.throwIfAborted();
    return reasonOf(error);
  }
}

const findings = (code: Finding["code"], what: string, paths: string[]): Finding[] =>
  paths.length > 0 ? [{ code, evidence: `${what}: ${paths.join(", ")}` }] : [];
