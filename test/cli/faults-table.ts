/** Set-ups with one thing wrong each, and what must name it: a code in Traefik's log, of `check`, of `doctor`. docs/faults.md is made of it. */
import type { Provider } from "../../stack/provider/provider.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import type { EngineServer } from "../support/engine-server.ts";
import { FakeConsul } from "../support/fake-consul.ts";

/** What is around a fault. */
export interface Scene {
  provider: Provider;
  issuer: string;
  /** Where people find the application, `http://localhost:port`. */
  url: string;
  /** What several Traefiks share, in the set-ups that have a store. */
  engine: EngineServer;
  /** Lets the next guests have no keys and no metadata from before, nothing of the store, or no failure that was told. */
  forget: { all: () => void; store: () => void; said: () => void };
}

export interface Fault {
  /** As somebody would say it. */
  name: string;
  /** Merged into the healthy dynamic configuration below `http`. */
  http?: Tree;
  /** In its text: from, to. */
  text?: (scene: Scene) => [string, string];
  /** At the provider, or in the state folder. */
  break?: (scene: Scene) => unknown;
  /** A Traefik of its own, whose static configuration is as it says. */
  static?: "no mounts" | "no envs" | "read-only";
  /** How people find it, other than they should. */
  at?: (scene: Scene) => string;
  /** What somebody does: `sign-in` and `sign-out` in a browser, or a program brings its token. */
  does?: "sign-in" | "sign-out" | "program";
  /** What doctor gets beside `-c` and `--api`. */
  with?: "--token" | "--user";
  /** Those that must name it; what cannot see it is left out. */
  log?: string;
  check?: string;
  doctor?: string;
}

const chain = (...middlewares: string[]) => ({ routers: { app: { middlewares } } });
const basic = { basic: { basicAuth: { users: ["a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="] } } };
const secure = ({ url }: Scene) => url.replace("http:", "https:");
const down = ({ provider, forget }: Scene, ...only: ("keys" | "discovery")[]) => {
  Object.assign(provider.network, { state: "down", only: only.length > 0 ? only : null });
  forget.all();
};

export const NEWCOMERS: Fault[] = [
  {
    name: "a slash at the end of `issuer`",
    text: ({ issuer }) => [`"issuer":"${issuer}"`, `"issuer":"${issuer}/"`],
    log: "metadata_refused",
    doctor: "issuer_differs",
  },
  {
    name: "a wrong client secret",
    text: () => ['"env:CLIENT_SECRET"', '"env:SESSION_SECRET"'],
    log: "code_refused",
    doctor: "client_refused",
  },
  {
    name: "tokens of programs are for another audience",
    text: () => ['"clientId":"app"', '"clientId":"app","audience":"another"'],
    does: "program",
    with: "--token",
    log: "audience_mismatch",
    doctor: "audience_missing",
  },
  {
    name: "the same, and only people sign in: nothing is wrong for them",
    text: () => ['"clientId":"app"', '"clientId":"app","audience":"another"'],
    with: "--user",
  },
  {
    name: "no `mounts` in the static configuration",
    static: "no mounts",
    log: "mount_missing",
    check: "mount_missing",
    doctor: "config_error",
  },
  {
    name: "the variables are not listed in `envs`",
    static: "no envs",
    log: "secret_missing",
    check: "secret_missing",
    doctor: "config_error",
  },
  {
    name: "the provider does not know the redirect URI",
    break: ({ provider }) => void (provider.clients.paths.callback = "/elsewhere"),
    doctor: "redirect_uri_refused",
  },
  {
    name: "`publicUrl` is https and served by http; the provider knows it",
    text: ({ url }) => [`"publicUrl":"${url}"`, `"publicUrl":"${url.replace("http:", "https:")}"`],
    break: (scene) => scene.provider.clients.serve(secure(scene)),
    check: "public_url_plain",
    doctor: "public_url_differs",
  },
  {
    name: "the same, and the provider knows the http one",
    text: ({ url }) => [`"publicUrl":"${url}"`, `"publicUrl":"${url.replace("http:", "https:")}"`],
    check: "public_url_plain",
    doctor: "public_url_differs",
  },
  {
    name: "`publicUrl` is http on a real name",
    text: ({ url }) => [`"publicUrl":"${url}"`, '"publicUrl":"http://app.example.com"'],
    log: "insecure_url",
    check: "insecure_url",
    doctor: "config_error",
  },
  {
    name: "the application's router has no middleware",
    http: chain(),
    check: "middleware_unused",
    doctor: "router_unprotected",
  },
  {
    name: "the login router is missing",
    text: () => ['"rule":"Host(`localhost`) && (Path', '"rule":"Host(`other`) && (Path'],
    log: "login_router_missing",
    check: "login_router_missing",
    doctor: "login_router_missing",
  },
  {
    name: "`buffering` before the middleware in mode login",
    http: { routers: { login: { middlewares: ["rolegate-buffering", "rolegate-login"] } } },
    log: "code_refused",
    check: "login_buffering_missing",
    doctor: "login_buffering_missing",
  },
  {
    name: "no `buffering` on the login router",
    http: { routers: { login: { middlewares: ["rolegate-login"] } } },
    log: "code_refused",
    check: "login_buffering_missing",
    doctor: "login_buffering_missing",
  },
  {
    name: "`roles` names others than the provider has",
    text: () => ['"app-viewer"', '"viewers"'],
    with: "--token",
    does: "program",
    log: "rule_not_satisfied",
  },
  {
    name: "the provider is down",
    break: (scene) => down(scene),
    log: "discovery_failed",
    doctor: "discovery_failed",
  },
  {
    name: "the router of the keys is missing",
    http: { routers: { keys: { middlewares: [] } } },
    break: ({ forget }) => forget.all(),
    does: "program",
    log: "keys_unavailable",
    check: "keys_router_missing",
    doctor: "keys_router_missing",
  },
  {
    name: "the routers are for another host than `publicUrl`",
    text: () => ["Host(`localhost`)", "Host(`other`)"],
    check: "public_url_differs",
    doctor: "no_router",
  },
  {
    name: "the provider's clock is an hour ahead",
    break: ({ provider }) => {
      provider.network.clock = 3_600_000;
      provider.faults.show("id-token-future");
    },
    log: "id_token_refused",
    doctor: "clock_skew",
  },
];

export const OTHERS: Fault[] = [
  {
    name: "two middlewares ask for credentials",
    http: { middlewares: basic, ...chain("basic", "rolegate") },
    check: "double_authentication",
    doctor: "double_authentication",
  },
  {
    name: "`stripPrefix` before the plugin",
    http: {
      middlewares: { strip: { stripPrefix: { prefixes: ["/api"] } } },
      ...chain("strip", "rolegate"),
    },
    check: "path_changed",
    doctor: "path_changed",
  },
  {
    name: "a slash at the end of the redirect URI at the provider",
    break: ({ provider }) => void (provider.clients.paths.callback = "/oidc/callback/"),
    doctor: "redirect_uri_refused",
  },
  {
    name: "the provider does not know where people go after sign-out",
    break: ({ provider }) => void (provider.clients.paths.home = ["/elsewhere"]),
    does: "sign-out",
    doctor: "post_logout_refused",
  },
  {
    name: "another realm in `issuer`",
    text: ({ issuer }) => [`"issuer":"${issuer}"`, `"issuer":"${issuer}/realms/other"`],
    log: "discovery_failed",
    doctor: "discovery_failed",
  },
  {
    name: "a client that the provider does not know",
    text: () => ['"clientId":"app"', '"clientId":"other"'],
    doctor: "client_unknown",
  },
  {
    name: "the state folder is mounted read-only",
    static: "read-only",
    log: "keys_not_fetched",
    doctor: "keys_unavailable",
  },
  {
    name: "the provider's key set cannot be read",
    break: (scene) => down(scene, "keys"),
    log: "id_token_refused",
    doctor: "jwks_failed",
  },
  {
    name: "the health check calls another path",
    text: () => ['"path":"/oidc/keys"', '"path":"/oidc/nothing"'],
    break: ({ forget }) => forget.all(),
    does: "program",
    log: "keys_unavailable",
    check: "keys_not_called",
    doctor: "keys_unavailable",
  },
  {
    name: "the middlewares name the session's cookie differently",
    http: {
      middlewares: {
        "rolegate-login": { plugin: { rolegate: { session: { cookieName: "other" } } } },
      },
    },
    check: "blocks_differ",
    doctor: "blocks_differ",
  },
  {
    name: "a placeholder was left in the client's secret",
    text: () => ['"env:CLIENT_SECRET"', '"<your client secret>"'],
    log: "placeholder",
    check: "placeholder",
    doctor: "config_error",
  },
  {
    name: "another router leads to the application",
    http: { routers: { back: { rule: "Path(`/back`)", service: "app" } } },
    check: "router_unprotected",
    doctor: "router_unprotected",
  },
  {
    name: "a middleware before the plugin takes `Cookie` away",
    http: {
      middlewares: { take: { headers: { customRequestHeaders: { Cookie: "" } } } },
      ...chain("take", "rolegate"),
    },
    doctor: "header_taken",
  },
  {
    name: "people use another name than `publicUrl`",
    text: () => ["Host(`localhost`)", "(Host(`localhost`) || Host(`127.0.0.1`))"],
    http: {
      routers: { app: { entryPoints: ["web"] }, login: { entryPoints: ["web"] } },
    },
    at: ({ url }) => url.replace("localhost", "127.0.0.1"),
    doctor: "public_url_differs",
  },
];

/** With etcd as `store`, and a user there. */
export const STORES: Fault[] = [
  {
    name: "etcd is down",
    break: ({ engine }) => engine.stop(),
    log: "store_unreadable",
    doctor: "store_down",
  },
  {
    name: "etcd is down, and Traefik has just started",
    break: ({ engine, forget }) => (forget.store(), engine.stop()),
    log: "store_unreadable",
    doctor: "store_down",
  },
  {
    name: "etcd is down, and a person signs out",
    break: ({ engine }) => engine.stop(),
    does: "sign-out",
    log: "store_not_written",
    doctor: "store_down",
  },
  {
    name: "a wrong password of the user at etcd",
    text: () => ['"env:ETCD_PASSWORD"', '"env:SESSION_SECRET"'],
    break: ({ forget }) => forget.store(),
    log: "store_unreadable",
    doctor: "store_refused",
  },
  {
    name: "Consul's ACLs do not know `store.token`",
    text: () => [
      '"store":{"kind":"etcd","username":"rolegate","password":"env:ETCD_PASSWORD"}',
      '"store":{"kind":"consul","token":"env:ETCD_PASSWORD"}',
    ],
    break: ({ engine, forget }) => {
      const consul = new FakeConsul();
      consul.tokens = {};
      engine.upstream = consul.upstream;
      forget.store();
    },
    log: "store_unreadable",
    doctor: "store_refused",
  },
  {
    name: "sign-outs lead to the provider, and not to etcd",
    http: { routers: { "login-store": { service: "provider" } } },
    does: "sign-out",
    log: "store_not_written",
    check: "store_at_provider",
    doctor: "store_at_provider",
  },
  {
    name: "no router leads sign-outs to etcd",
    text: () => ["(Path(`/oidc/store`) || ", "(Path(`/oidc/other`) || "],
    does: "sign-out",
    log: "store_not_written",
    check: "store_router_missing",
    doctor: "store_router_missing",
  },
  {
    name: "nothing reads etcd",
    http: { routers: { store: { middlewares: [] } } },
    break: ({ forget }) => forget.store(),
    check: "store_reader_missing",
    doctor: "store_reader_missing",
  },
  {
    name: "no `buffering` behind the middleware in mode store",
    http: { routers: { store: { middlewares: ["rolegate-store"] } } },
    break: ({ forget }) => forget.store(),
    log: "store_unreadable",
    check: "store_buffering_missing",
    doctor: "store_buffering_missing",
  },
];
