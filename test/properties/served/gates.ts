/** Configurations of the guests: those of the cases, and some that ask much of each request. */
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import { pairs } from "../../../src/guest/header.ts";
import { type Configuration, GATES, type GateName } from "../../cases/gates.ts";
import { BODIES } from "./requests.ts";
import type { Dice } from "../../support/dice.ts";

export interface Gate {
  name: string;
  config: Configuration;
  /** The gate whose cases' requests it gets; default: of its name. */
  like?: GateName;
  /** How a request gets there, where that is not as it is. */
  shape?: (dice: Dice, wire: WireRequest) => WireRequest;
}

/** All ways that a credential can come, and rules on all parts of a request. */
const CURIOUS = {
  ...GATES["session-keys"],
  token: { cookie: "session", query: "access_token", webSocketProtocol: true },
  pages: { showRoles: true },
  rules: [
    { name: "x", match: "Query(`x`, `false`) && PathPrefix(`/`)", allow: "Role(`owner`)" },
    { name: "mode", match: "Header(`X-Mode`, `fast`) || WebSocket()", allow: "Role(`runner`)" },
    { name: "tcp", match: "Upgrade(`tcp`)", allow: "authenticated", detail: "No tunnel for you." },
    { name: "near", match: "ClientIP(`10.0.0.0/8`) && PathPrefix(`/api`)", allow: "public" },
    { name: "host", match: "Host(`*.tenant.example.com`)", allow: "deny", detail: "Not here." },
    { name: "internal", match: "PathPrefix(`/internal`)", allow: "deny" },
    { name: "t", match: "Path(`/t/{tenant}/**`)", allow: "Contains(`tenants`, `{tenant}`)" },
    { name: "o", match: "PathPrefix(`/o/{o}`)", allow: "!Contains(`tenants`, `{o}`)" },
    {
      name: "body",
      match: "PathPrefix(`/blocks`) && !BodyOnly(`include_secrets`, `false`)",
      allow: 'Role(`owner`) || BodyJSON(`a.kind`, `"x"`)',
    },
    {
      name: "key",
      match: "PathPrefix(`/deep`)",
      allow: "ApiKey(`ci`) || EmailDomain(`example.com`)",
    },
    { name: "scope", match: "PathPrefix(`/scoped`)", allow: "Scope(`admin`, `write`)" },
    { name: "group", match: "PathPrefix(`/group`)", allow: "!Group(`banned`)" },
    { name: "files", match: "PathPrefix(`/files`)", allow: "optional", encodedPath: "allow" },
    { name: "open", match: "PathPrefix(`/public`)", allow: "public" },
    { name: "rest", match: "PathPrefix(`/`)", allow: "Role(`viewer`) && !Role(`owner`)" },
  ],
};

/** More rules than a request can be compared with one by one. */
const MANY = {
  ...GATES.main,
  rules: [
    ...Array.from({ length: 199 }, (_, i) => ({
      name: `rule ${i}`,
      match: i % 5 === 0 ? `Path(\`/**/rule-${i}\`)` : `PathPrefix(\`/api/rule-${i}\`)`,
      allow: ["authenticated", "public", "Role(`viewer`)", "deny", "Scope(`admin`)"][i % 5],
    })),
    { name: "rest", match: "PathPrefix(`/api`) || Path(`/{a}/items/{b}`)", allow: "authenticated" },
  ],
};

const ORIGINAL = ["X-Original-Uri", "X-Original-Method", "X-Original-Host"] as const;

const AUTH = {
  ...GATES["session-keys"],
  mode: "auth",
  cors: undefined,
  stateDir: undefined,
  forwardAuth: {
    trusted: ["192.0.2.0/24"],
    ...{ uriHeader: ORIGINAL[0], methodHeader: ORIGINAL[1], hostHeader: ORIGINAL[2] },
  },
};

/** A proxy's question about the request. */
function asked(dice: Dice, wire: WireRequest): WireRequest {
  const headers = pairs(wire.headers ?? []);
  const host = headers.find(([name]) => name === "Host")?.[1] ?? "app.example.com";
  const said = [wire.target, wire.method ?? "GET", host];
  const own = ORIGINAL.flatMap((name, i): [string, string][] =>
    dice.chance(20) ? [] : [[name, said[i]!]],
  );
  return {
    target: "/ask",
    headers: [...headers.filter(([name]) => name !== "Connection"), ...own],
    remote: dice.chance(15) ? "10.0.0.9:1" : "192.0.2.7:4711",
  };
}

function numbered(dice: Dice, wire: WireRequest): WireRequest {
  return dice.chance(2) ? { ...wire, target: `/api/rule-${dice.below(199)}` } : wire;
}

/** Rules ask about it; what an earlier one held must not count for one that is empty. */
function withBody(dice: Dice, wire: WireRequest): WireRequest {
  if (dice.chance(3)) return wire;
  const headers = pairs(wire.headers ?? []).filter(([name]) => !/^content-/i.test(name));
  return {
    ...{ method: "POST", target: dice.pick(["/closed", "/blocks/filter", "/sides", "/kind/x"]) },
    headers: [...headers, ["Content-Type", "application/json"]],
    body: dice.chance(4) ? "" : dice.pick(BODIES),
  };
}

const OWN: Gate[] = [
  { name: "curious", like: "session-keys", config: CURIOUS },
  { name: "curious-report", like: "session-report", config: { ...CURIOUS, reportOnly: true } },
  {
    name: "curious-forwarding",
    like: "language",
    config: { ...CURIOUS, forwardAuthorization: true },
  },
  {
    name: "curious-upstream",
    like: "session",
    config: { ...CURIOUS, upstreamAuthorization: "env:UPSTREAM" },
  },
  { name: "bodies", config: GATES.bodies, shape: withBody },
  { name: "many", like: "main", config: MANY, shape: numbered },
  { name: "auth", like: "session", config: AUTH, shape: asked },
  {
    name: "files",
    like: "keys",
    config: { ...GATES.keys, jwks: undefined, jwksFile: "/state/keys.json" },
  },
];

const OF_CASES: Gate[] = Object.entries(GATES).map(([name, config]) => ({ name, config }));

/** Own ones come as often as all of the others. */
export function gateOf(dice: Dice): Gate {
  return dice.chance(2) ? dice.pick(OWN) : dice.pick(OF_CASES);
}

/** Whose configuration has an error. */
export const BROKEN: ReadonlySet<string> = new Set<GateName>(["broken", "session-broken"]);
