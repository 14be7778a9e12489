/** A real Prefect behind a real Traefik with one thing wrong each, as changes of Traefik's dynamic configuration. */
import type { Code } from "../../src/cli/doctor/catalogue-table.ts";
import type { Tree } from "../../stack/traefik/config.ts";

export interface Rule {
  name?: string;
  match: string;
  allow: string;
}

export interface PrefectFault {
  name: string;
  /** All findings, in the order of the alphabet: the thing itself, and what comes of it. */
  codes: Code[];
  /** Merged into `http`. */
  http?: Tree;
  /** The preset's rules, changed. */
  rules?: (rules: Rule[]) => Rule[];
}

const chain = (...middlewares: string[]) => ({ app: { middlewares } });
const stripping = (prefix: string) => ({ strip: { stripPrefix: { prefixes: [prefix] } } });
const setting = (name: string, value: string) => ({
  set: { headers: { customRequestHeaders: { [name]: value } } },
});
const without = (name: string) => (rules: Rule[]) => rules.filter((rule) => rule.name !== name);

export const PREFECT_FAULTS: PrefectFault[] = [
  {
    name: "/api is taken away before Rolegate",
    codes: ["path_changed", "prefect_prefix"],
    http: { middlewares: stripping("/api"), routers: chain("strip", "rolegate") },
  },
  {
    name: "/api is taken away behind Rolegate",
    codes: ["prefect_prefix"],
    http: { middlewares: stripping("/api"), routers: chain("rolegate", "strip") },
  },
  {
    name: "the router has the pages alone",
    codes: ["prefect_prefix"],
    http: { routers: { app: { rule: "Host(`localhost`) && !PathPrefix(`/api`)" } } },
  },
  {
    name: "the pages alone are protected",
    codes: ["prefect_cors", "prefect_open", "prefect_socket_open", "router_unprotected"],
    http: {
      routers: { api: { rule: "Host(`localhost`) && PathPrefix(`/api`)", service: "app" } },
    },
  },
  {
    name: "the middleware is missing",
    codes: ["prefect_cors", "prefect_open", "prefect_socket_open", "router_unprotected"],
    http: { routers: chain() },
  },
  {
    name: "Authorization is not forwarded",
    codes: ["header_taken"],
    http: { middlewares: setting("Authorization", ""), routers: chain("set", "rolegate") },
  },
  {
    name: "Cookie is not forwarded",
    codes: ["header_taken"],
    http: { middlewares: setting("Cookie", ""), routers: chain("set", "rolegate") },
  },
  {
    name: "Upgrade is not forwarded",
    codes: ["header_taken", "prefect_socket_refused"],
    http: { middlewares: setting("Upgrade", ""), routers: chain("rolegate", "set") },
  },
  {
    name: "Sec-WebSocket-Protocol is not forwarded",
    codes: ["header_taken", "prefect_subprotocol"],
    http: { middlewares: setting("Sec-WebSocket-Protocol", ""), routers: chain("rolegate", "set") },
  },
  {
    name: "the server is told of another scheme",
    codes: ["prefect_scheme"],
    http: {
      middlewares: setting("X-Forwarded-Proto", "https"),
      routers: chain("rolegate", "set"),
    },
  },
  {
    name: "the server is told of another host",
    codes: ["prefect_host"],
    http: { services: { app: { loadBalancer: { passHostHeader: false } } } },
  },
  {
    name: "nobody listens where the service is",
    codes: ["application_down", "prefect_down"],
    http: { services: { app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } } },
  },
  {
    name: "the pages' files are taken away",
    codes: ["prefect_ui_base"],
    http: { middlewares: stripping("/v2"), routers: chain("rolegate", "strip") },
  },
  {
    name: "another sign-in is before Rolegate",
    codes: ["prefect_page_instead"],
    http: {
      middlewares: {
        away: {
          redirectRegex: {
            regex: ".*/api/admin/.*",
            replacement: "https://sso.example.com/sign-in",
          },
        },
      },
      routers: chain("away", "rolegate"),
    },
  },
  {
    name: "a password is asked for before Rolegate",
    codes: ["double_authentication", "prefect_health"],
    http: {
      middlewares: { basic: { basicAuth: { users: ["a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="] } } },
      routers: chain("basic", "rolegate"),
    },
  },
  { name: "no rule for health", codes: ["prefect_health"], rules: without("health") },
  {
    name: "no rule for what clients ask first",
    codes: ["prefect_preflight"],
    rules: without("everyone"),
  },
  {
    name: "a rule of one's own shows secrets",
    codes: ["prefect_secrets"],
    rules: (rules) => [
      { match: "Method(`GET`) && PathPrefix(`/api/block_types`)", allow: "Role(`viewer`)" },
      ...rules,
    ],
  },
  {
    name: "a rule of one's own lets preflights through",
    codes: ["prefect_cors"],
    rules: (rules) => [
      { match: "Method(`OPTIONS`) && PathPrefix(`/api`)", allow: "public" },
      ...rules,
    ],
  },
  {
    name: "a rule of one's own opens a WebSocket",
    codes: ["prefect_socket_open"],
    rules: (rules) => [{ match: "Path(`/api/events/out`)", allow: "public" }, ...rules],
  },
];
