/** Lines that a real Traefik writes with the Prefect example's rules: refused, allowed, and with `reportOnly` let through. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { newApiKey } from "../../src/cli/middleware/caller.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { root } from "../../tools/root.ts";
import { keySet, rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { send } from "../support/wire.ts";

/** As Keycloak names people. */
export const PEOPLE = [
  { id: "5f0c2f9e-6d1b-4c8e-9a57-0b8f4a1c7d21", username: "bob", role: "viewer" },
  { id: "a7e4d8c2-31f5-4b96-8e0d-92c6f5b3a814", username: "carol", role: "runner" },
  { id: "c93b1a60-8f27-4d35-b1e4-6a7d0c5e2f98", username: "ada", role: "owner" },
];

const FLOW_RUN = "0c7b9c1e-44a2-4b19-9f0e-7d3b8a2c5e61";
const DEPLOYMENT = "8f2a6d3b-19c7-4e50-a6b8-1c9d7f4e0a35";
const BLOCK = "3e9d5c7a-70b4-4f21-8c6d-5a1e2b9f8d07";

/** Of a token for another application; its times are the same in every log. */
const ELSEWHERE = { aud: "account", azp: "shop", iat: 1_764_417_600, exp: 4_102_444_800 };

/** Who, method, target. Queries are in no line. */
const REQUESTS: [string, string, string][] = [
  ["bob", "GET", "/"],
  ["bob", "POST", "/api/flows/filter"],
  ["bob", "POST", `/api/deployments/${DEPLOYMENT}/create_flow_run`],
  ["bob", "POST", `/api/deployments/${DEPLOYMENT}/create_flow_run`],
  ["bob", "GET", `/api/block_documents/${BLOCK}?include_secrets=true`],
  ["bob's other token", "POST", "/api/logs/"],
  ["carol", "POST", `/api/deployments/${DEPLOYMENT}/create_flow_run`],
  ["carol", "POST", `/api/flow_runs/${FLOW_RUN}/set_state`],
  ["carol", "DELETE", `/api/flow_runs/${FLOW_RUN}`],
  ["ada", "DELETE", `/api/flow_runs/${FLOW_RUN}`],
  ["ada", "POST", "/api/variables/"],
  ["worker", "POST", "/api/flow_runs/"],
  ["worker", "POST", "/api/logs/"],
  ["worker", "DELETE", `/api/deployments/${DEPLOYMENT}`],
  ["nobody", "POST", "/api/flows/filter"],
  ["nobody", "GET", "/api/../admin%00"],
];

/** How many decisions are logged: all but bob's reading. */
export const AUDITED = REQUESTS.length - 2;

export interface LogOptions {
  format: "json" | "common";
  reportOnly: boolean;
  /** Traefik's program; the pinned one when absent. */
  binary?: string;
}

/** The whole log, and the credentials that must be nowhere in it. */
export async function prefectLog({
  format,
  reportOnly,
  binary,
}: LogOptions): Promise<{ lines: string[]; secrets: string[] }> {
  const file = join(root, "examples/prefect/traefik/dynamic/prefect.yml");
  const example = parse(readFileSync(file, "utf8"), { merge: true }) as {
    http: { middlewares: { rolegate: { plugin: { rolegate: Record<string, unknown> } } } };
  };
  const {
    issuer,
    clientId,
    roles,
    roleHierarchy,
    rules,
    default: rest,
  } = example.http.middlewares.rolegate.plugin.rolegate;
  const { key, sha256 } = newApiKey();
  const block = {
    ...{ issuer, clientId, roles, roleHierarchy, rules, default: rest, reportOnly },
    ...{ jwks: JSON.stringify(keySet(rsa)), audit: "writes" },
    apiKeys: [{ name: "worker", sha256, roles: ["worker"] }],
  };
  const credentials = new Map([["worker", key]]);
  for (const { id, username, role } of PEOPLE) {
    const mine = {
      ...{ iss: issuer, aud: clientId, sub: id, preferred_username: username },
      realm_access: { roles: [`prefect-${role}`] },
    };
    credentials.set(username, await token(mine));
    if (username === "bob") {
      credentials.set("bob's other token", await token({ ...mine, ...ELSEWHERE }));
    }
  }
  const upstream = await startUpstream();
  try {
    const traefik = await startTraefik({
      ...(binary === undefined ? {} : { binary }),
      static: { log: { format } },
      dynamic: {
        http: {
          routers: {
            prefect: { rule: "PathPrefix(`/`)", service: "app", middlewares: ["rolegate"] },
          },
          services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
          middlewares: { rolegate: { plugin: { rolegate: block } } },
        },
      },
    });
    try {
      const port = Number(new URL(traefik.url).port);
      for (const [who, method, target] of REQUESTS) {
        const bearer = credentials.get(who);
        const headers: [string, string][] = [["Host", "prefect.example.com"]];
        if (bearer) headers.push(["Authorization", `Bearer ${bearer}`]);
        const from = traefik.log.length;
        // Reading that a rule allows stands in no line: the next one's line says that it is through.
        const isSilent = who === "bob" && (target === "/" || target.endsWith("/filter"));
        await send(port, { method, target, headers });
        if (!isSilent) await traefik.log.waitFor(({ text }) => text.includes("audit"), from);
      }
      return {
        lines: traefik.log.lines().map(({ text }) => text),
        secrets: [...credentials.values()],
      };
    } finally {
      await traefik.stop();
    }
  } finally {
    await upstream.stop();
  }
}
