/**
 * Warm requests of other shapes than the benchmark's usual ones, one thing changed at a time: a gain counts only if
 * it is there for these as well.
 */
import { randomUUID } from "node:crypto";
import type { Tree } from "../stack/traefik/config.ts";
import { CLIENT, claims, ISSUER, keySet, makeKey, makeToken } from "./keys.ts";
import { sameForAll, type Load } from "./loads.ts";
import { browserHeaders, configuration, readCall, writeCall, type Call } from "./workload.ts";

type Fields = Call["headers"];

export function shapes(): Load[] {
  const key = makeKey("RS256");
  const jwks = keySet([key]);
  const config = configuration({ jwks }) as Tree;
  const token = makeToken(key);
  const read = readCall(token);
  const withHeaders = (name: string, headers: Fields) =>
    sameForAll(name, config, [{ ...read, headers }]);
  return [
    ...TOKENS.map(([name, content]) =>
      sameForAll(`token of ${name} kB`, config, [readCall(makeToken(key, content()))]),
    ),
    ...[5, 20, 60].map((count) => withHeaders(`${count} headers`, padded(read.headers, count))),
    withHeaders("program's headers", [...read.headers, ...tracing()]),
    withHeaders("browser's headers", [...browserHeaders("theme=dark", "GET"), bearer(token)]),
    ...[1, 20, 200].map((last) =>
      sameForAll(`${last} rules`, configuration({ jwks }, { last }) as Tree, [read]),
    ),
    sameForAll("distinct paths", config, paths(read)),
    sameForAll("audited write", config, [writeCall(token)]),
  ];
}

/** Bytes of a token, and its claims: what a program needs, a user's of Keycloak, a user's of many groups. */
const TOKENS: [string, () => Record<string, unknown>][] = [
  ["0.7", few],
  [
    "1.4",
    () => ({ ...claims(), "allowed-origins": ["https://prefect.example.com"], groups: groups(3) }),
  ],
  ["4", () => ({ ...claims(), groups: groups(60) })],
];

function few(): Record<string, unknown> {
  const { exp, iat } = claims();
  const realm_access = { roles: ["prefect-runner"] };
  return { exp, iat, iss: ISSUER, aud: CLIENT, sub: "worker-1", typ: "Bearer", realm_access };
}

const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => `/departments/data-${index}/engineers`);

const bearer = (token: string): [string, string] => ["Authorization", `Bearer ${token}`];

/** As many headers, of applications and of proxies on the way. */
function padded(headers: Fields, count: number): Fields {
  const more = Array.from({ length: count - headers.length }, (_, index): [string, string] => [
    index % 2 === 0 ? `X-Application-Setting-${index}` : `Via-Proxy-${index}`,
    `value ${index} of ${count}`,
  ]);
  return [...headers, ...more];
}

const tracing = (): Fields => [
  ["Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
  ["Tracestate", "vendor=t61rcWkgMzE"],
  ["Content-Type", "application/json"],
  ["X-Prefect-Api-Version", "0.8.4"],
];

/** Reads that several rules decide, each of another thing. */
function paths(read: Call): Call[] {
  const kinds = ["flow_runs", "flows", "deployments", "work_queues", "work_pools"];
  return Array.from({ length: 64 }, (_, index) => ({
    ...read,
    target: `/api/${kinds[index % kinds.length]}/${randomUUID()}${index % 3 === 0 ? "?limit=20" : ""}`,
  }));
}
