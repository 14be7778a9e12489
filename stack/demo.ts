/**
 * What the development stack shows: who may do what on the small application, and what each caller
 * will get.
 */
import { pluginName, type Tree } from "./traefik/config.ts";

/** Where the state folder is mounted for the guest. */
export const stateMount = "/state";
export const keysFile = "jwks.json";

export interface Parties {
  issuer: string;
  clientId: string;
  upstreamUrl: string;
}

const rules = [
  { name: "health", match: "Path(`/health`) && Method(`GET`, `HEAD`)", allow: "public" },
  { name: "home", match: "Path(`/`) && Method(`GET`, `HEAD`)", allow: "authenticated" },
  { name: "admin", match: "PathPrefix(`/admin`)", allow: "Role(`owner`)" },
  { name: "runs", match: "PathPrefix(`/api/runs`)", allow: "Role(`runner`)" },
  {
    name: "read",
    match: "PathPrefix(`/api`) && Method(`GET`, `HEAD`)",
    allow: "Role(`viewer`)",
  },
  { name: "write", match: "PathPrefix(`/api`)", allow: "Role(`runner`)" },
];

/** With what browsers ask for by themselves, so that only people's requests are shown. */
export const shownRules = [
  { name: "icon", match: "Path(`/favicon.ico`)", allow: "public", audit: "denied" },
  ...rules,
];

/** The plugin's own block. */
export function gate({ issuer, clientId }: Parties): Tree {
  return {
    issuer,
    clientId,
    jwksFile: `${stateMount}/${keysFile}`,
    roles: { viewer: ["app-viewer"], runner: ["app-runner"], owner: ["app-owner"] },
    rolesFrom: ["roles"],
    roleHierarchy: { owner: ["runner"], runner: ["viewer"] },
    rules,
    forwardHeaders: {
      "X-Forwarded-User": "preferred_username",
      "X-Forwarded-Email": "email",
      "X-Forwarded-Groups": "@roles",
    },
    audit: "all",
  };
}

/**
 * Dynamic configuration: everything on the entry point goes through the plugin to the application.
 */
export function demoConfiguration(parties: Parties): Tree {
  return {
    http: {
      routers: { app: { rule: "PathPrefix(`/`)", middlewares: ["gate"], service: "app" } },
      middlewares: { gate: { plugin: { [pluginName]: gate(parties) } } },
      services: { app: { loadBalancer: { servers: [{ url: parties.upstreamUrl }] } } },
    },
  };
}

/** The caller of the path that needs a runner, and the result. */
export const shownPath = "/api/runs";
export const callers = [
  { user: null, says: "Without a token", status: 401 },
  { user: "alice", says: "alice is a viewer", status: 403 },
  { user: "bob", says: "bob is a runner", status: 200 },
  { user: "carol", says: "carol is an owner, and an owner has all that a runner has", status: 200 },
] as const;
