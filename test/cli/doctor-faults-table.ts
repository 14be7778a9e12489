/** Set-ups in a real Traefik with one thing wrong each: what is merged into the healthy configuration, and what doctor says. */
import type { Code } from "../../src/cli/doctor/catalogue-table.ts";
import type { Tree } from "../../stack/traefik/config.ts";

export interface TraefikFault {
  name: string;
  /** All findings, in the order of the alphabet. What comes of them is below them. */
  codes: Code[];
  http: Tree;
}

/** On the application's router, in this order. */
const chain = (...middlewares: string[]) => ({ app: { middlewares } });
/** A middleware that takes a header away. */
const taking = (name: string) => ({ take: { headers: { customRequestHeaders: { [name]: "" } } } });
const basic = { basic: { basicAuth: { users: ["a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="] } } };

export const TRAEFIK_FAULTS: TraefikFault[] = [
  {
    name: "the router is for another host",
    codes: ["no_router"],
    http: { routers: { app: { rule: "Host(`other.example`)" } } },
  },
  {
    name: "nobody listens where the service is",
    codes: ["application_down"],
    http: { services: { app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } } },
  },
  {
    name: "nobody listens there, and the middleware is missing",
    codes: ["application_down", "router_unprotected"],
    http: {
      routers: chain(),
      services: { app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } },
    },
  },
  {
    name: "the middleware is missing",
    codes: ["router_unprotected"],
    http: { routers: chain() },
  },
  {
    name: "another router leads past it",
    codes: ["router_unprotected"],
    http: { routers: { back: { rule: "Path(`/back`)", service: "app" } } },
  },
  {
    name: "Authorization does not arrive",
    codes: ["header_taken"],
    http: { middlewares: taking("Authorization"), routers: chain("take", "rolegate") },
  },
  {
    name: "Cookie does not arrive",
    codes: ["header_taken"],
    http: { middlewares: taking("Cookie"), routers: chain("take", "rolegate") },
  },
  {
    name: "the application does not get Upgrade",
    codes: ["header_taken"],
    http: { middlewares: taking("Upgrade"), routers: chain("rolegate", "take") },
  },
  {
    name: "a prefix is taken away before Rolegate",
    codes: ["path_changed"],
    http: {
      middlewares: { strip: { stripPrefix: { prefixes: ["/none"] } } },
      routers: chain("strip", "rolegate"),
    },
  },
  {
    name: "a password is asked for behind Rolegate",
    codes: ["double_authentication"],
    http: { middlewares: basic, routers: chain("rolegate", "basic") },
  },
  {
    name: "a password is asked for before Rolegate",
    codes: ["double_authentication"],
    http: { middlewares: basic, routers: chain("basic", "rolegate") },
  },
  {
    name: "buffering stands on the application's router",
    codes: ["application_buffered"],
    http: { routers: chain("rolegate", "rolegate-buffering") },
  },
  {
    name: "buffering is missing behind sign-in",
    codes: ["login_buffering_missing"],
    http: { routers: { login: { middlewares: ["rolegate-login"] } } },
  },
  {
    name: "buffering stands before sign-in",
    codes: ["login_buffering_missing"],
    http: { routers: { login: { middlewares: ["rolegate-buffering", "rolegate-login"] } } },
  },
  {
    name: "sign-in is tried again",
    codes: ["login_retry"],
    http: {
      middlewares: { again: { retry: { attempts: 2 } } },
      routers: { login: { middlewares: ["rolegate-login", "rolegate-buffering", "again"] } },
    },
  },
  {
    name: "the login router is missing",
    codes: ["login_router_missing"],
    http: { routers: { login: { rule: "Host(`other.example`)" } } },
  },
];
