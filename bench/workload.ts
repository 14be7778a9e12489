/**
 * What is asked of the gate in every benchmark: a configuration as a team has it in front of Prefect's API, and
 * requests as its workers send them.
 */
import { CLIENT, ISSUER } from "./keys.ts";

/** Where the key set's file is to the guest. */
export const KEY_FILE = "/state/jwks.json";

const read = (path: string, role: string) => ({
  match: `PathPrefix(\`${path}\`) && Method(\`GET\`, \`HEAD\`)`,
  allow: `Role(\`${role}\`)`,
});

const write = (path: string, role: string) => ({
  match: `PathPrefix(\`${path}\`) && Method(\`POST\`, \`PUT\`, \`PATCH\`, \`DELETE\`)`,
  allow: `Role(\`${role}\`)`,
});

/** 20 rules by path, method and role. The load matches the 17th and the 18th. */
const RULES = [
  { name: "health", match: "Path(`/api/health`, `/api/ready`) && Method(`GET`)", allow: "public" },
  { match: "Path(`/api/admin/version`)", allow: "authenticated" },
  { match: "PathPrefix(`/api/admin`)", allow: "Role(`owner`)" },
  { match: "Path(`/api/**/filter`, `/api/**/count`) && Method(`POST`)", allow: "Role(`viewer`)" },
  read("/api/block_documents", "developer"),
  write("/api/block_documents", "owner"),
  read("/api/work_pools", "viewer"),
  { match: "Path(`/api/work_pools/*/get_scheduled_flow_runs`)", allow: "Role(`runner`)" },
  write("/api/work_pools", "developer"),
  read("/api/work_queues", "viewer"),
  write("/api/work_queues", "developer"),
  read("/api/deployments", "viewer"),
  { match: "Path(`/api/deployments/*/create_flow_run`)", allow: "Role(`runner`)" },
  write("/api/deployments", "developer"),
  read("/api/flows", "viewer"),
  write("/api/flows", "developer"),
  { name: "runs-read", ...read("/api/flow_runs", "viewer") },
  { name: "runs-write", ...write("/api/flow_runs", "runner") },
  write("/api/logs", "runner"),
  { match: "PathPrefix(`/`)", allow: "Role(`owner`)" },
];

/** Rules that no request of the load matches: of ten, one with `*` and one with `**`. */
function others(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const path = `/api/collections/${index}`;
    if (index % 10 === 4)
      return { match: `Path(\`${path}/*/versions\`)`, allow: "Role(`developer`)" };
    if (index % 10 === 9) {
      return {
        match: `Path(\`/api/**/step-${index}\`) && Method(\`POST\`)`,
        allow: "Role(`viewer`)",
      };
    }
    return index % 2 === 0 ? read(path, "developer") : write(path, "developer");
  });
}

/** As many rules, the last of which decides on reads and writes. */
const onlyLast = (count: number) => [
  ...others(count - 1),
  { name: "runs", match: "PathPrefix(`/api/flow_runs`)", allow: "Role(`runner`)" },
];

export interface Rules {
  /** So many in all: those of the team, and others before them. */
  before?: number;
  /** So many in all, of which the last decides. */
  last?: number;
}

/** The middleware's block, with the team's 20 rules or those that are asked for. */
export function configuration(
  keys: { jwksFile: string } | { jwks: string },
  { before = RULES.length, last }: Rules = {},
) {
  return {
    mode: "protect",
    issuer: ISSUER,
    clientId: CLIENT,
    ...keys,
    roles: {
      viewer: ["prefect-viewer"],
      runner: ["prefect-runner"],
      developer: ["prefect-developer"],
      owner: ["prefect-owner"],
    },
    roleHierarchy: { owner: ["developer"], developer: ["runner"], runner: ["viewer"] },
    rules: last ? onlyLast(last) : [...others(before - RULES.length), ...RULES],
    default: "deny",
    forwardHeaders: {
      "X-Forwarded-User": "preferred_username",
      "X-Forwarded-Email": "email",
      "X-Forwarded-Groups": "@roles",
    },
    audit: "writes",
  };
}

export interface Call {
  method: string;
  target: string;
  headers: [string, string][];
  body: string;
}

const RUN = "/api/flow_runs/5b1f9c1e-7d2a-4c55-9a43-0f6f3a1d2b7e";

export const APPLICATION = "prefect.example.com";

/** A credential of the load is a token or an API key as it is, or cookies: only these have an equals sign. */
export const isCookie = (credential: string) => credential.includes("=");
/** A session's sealed text as a credential. */
export const cookie = (sealed: string) => `__Host-rolegate=${sealed}`;

/** The headers of Prefect's pages in a browser. */
export function browserHeaders(session: string, method: string): [string, string][] {
  const origin: [string, string][] = method === "GET" ? [] : [["Origin", `https://${APPLICATION}`]];
  return [
    ["Host", APPLICATION],
    ["Accept", "application/json, text/plain, */*"],
    ["Accept-Encoding", "gzip, deflate, br, zstd"],
    ["Accept-Language", "en-US,en;q=0.9"],
    [
      "User-Agent",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
    ],
    ["Sec-Fetch-Site", "same-origin"],
    ["Sec-Fetch-Mode", "cors"],
    ["Sec-Fetch-Dest", "empty"],
    ...origin,
    ["Cookie", session],
  ];
}

/** The headers of Prefect's own client. */
function headers(token: string, method: string): [string, string][] {
  if (isCookie(token)) return browserHeaders(token, method);
  return [
    ["Host", APPLICATION],
    ["Accept", "*/*"],
    ["Accept-Encoding", "gzip, deflate"],
    ["User-Agent", "prefect/3.8.8 (API 0.8.4)"],
    ["Authorization", `Bearer ${token}`],
  ];
}

export function readCall(token: string): Call {
  return { method: "GET", target: `${RUN}?with=state`, headers: headers(token, "GET"), body: "" };
}

/** One that the audit tells of. */
export function writeCall(token: string): Call {
  const body = '{"state":{"type":"RUNNING","name":"Running"},"force":false}';
  const more: [string, string][] = [
    ["Content-Type", "application/json"],
    ["Content-Length", String(body.length)],
  ];
  return {
    method: "POST",
    target: `${RUN}/set_state`,
    headers: [...headers(token, "POST"), ...more],
    body,
  };
}

/** One of ten requests is a write. */
export const WRITE_EVERY = 10;

export function calls(tokens: string[], count = tokens.length): Call[] {
  return Array.from({ length: count }, (_, index) => {
    const token = tokens[index % tokens.length]!;
    return index % WRITE_EVERY === 0 ? writeCall(token) : readCall(token);
  });
}

/** As it goes over the wire. */
export function wire({ method, target, headers: fields, body }: Call): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
