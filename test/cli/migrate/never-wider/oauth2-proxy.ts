/** oauth2-proxy, by docs/configuration/overview.md and alpha_config.md of its v7. */
import { stringify } from "yaml";
import type { Dice } from "../../../support/dice.ts";
import { type Claims, type Drawn, GROUPS, people, some, valuesOf } from "./compare.ts";

const ROUTES = [
  "^/health$",
  "^/static/.*",
  "^/public",
  "/open",
  "GET=^/api",
  "POST=^/hook/[0-9]+$",
  "!=^/admin",
  "GET!=^/api",
  "^/(a|b)/x$",
  "^/u/[^/]+/me$",
  "\\.png$",
  "^/img/.*\\.png$",
  "^/v1*",
  "^/$",
  "^/api/v[0-9]+/s",
  "^/favicon.ico$",
  "^/files/*",
  "OPTIONS=.*",
  "^/a$|/b",
  "^(/x|/y)",
  "^/api/(?:v1|v2)?$",
  "(?i)^/Docs/",
  "^/st.+/a",
];
const PATHS = [
  "/health",
  "/static/",
  "/public",
  "/open",
  "/api",
  "/hook/1",
  "/hook/x",
  "/api/vx/s",
  "/faviconXico",
  "/admin",
  "/a/x",
  "/u/bob/me",
  "/img",
  "/v1",
  "/app/",
  "/files",
  "/docs",
  "/y",
  "/b",
  "/api/v2",
  "/favicon.ico",
];
const UPSTREAMS = [
  "http://127.0.0.1:8000",
  "http://127.0.0.1:8000/",
  "http://127.0.0.1:8000/app/",
  "http://127.0.0.1:8000/api",
  "file:///srv/#/static/",
  "static://200",
];
const EXTRA = [
  ["github_org", '"acme"'],
  ["google_groups", '["g@acme.example"]'],
  ["brand_new", "true"],
  ["skip_auth_preflight", "true"],
  ["trusted_ips", '["10.0.0.0/8"]'],
] as const;

/** As its file, an env file, or a compose file with flags: lines are `name = JSON`. */
function written(dice: Dice, lines: readonly string[]): { name: string; text: string } {
  const options = lines.map((line): [string, unknown] => {
    const [, name = "", json = ""] = /^(\w+) = (.*)$/.exec(line) ?? [];
    return [name, JSON.parse(json)];
  });
  const kind = dice.below(4);
  if (kind === 0) {
    const variables = options.map(
      ([name, value]) => `OAUTH2_PROXY_${name.toUpperCase()}=${[value].flat().join(",")}`,
    );
    return { name: ".env", text: `${variables.join("\n")}\n` };
  }
  if (kind === 1) {
    const flags = options.flatMap(([name, value]) => {
      const flag = name.replaceAll("_", "-").replace(Array.isArray(value) ? /s$/ : /$/, "");
      return [value].flat().map((it) => `--${flag}=${String(it)}`);
    });
    const service = {
      image: "quay.io/oauth2-proxy/oauth2-proxy:v7.7.1",
      command: flags.map((it) => it.replaceAll("$", "$$$$")),
    };
    return { name: "compose.yml", text: stringify({ services: { proxy: service } }) };
  }
  return { name: "oauth2-proxy.cfg", text: `${lines.join("\n")}\n` };
}

export function oauth2Proxy(dice: Dice): Drawn {
  const isKeycloak = dice.chance(2);
  const groups = some(dice, [...GROUPS, "role:admin"], 2);
  const roles = dice.chance(3) ? some(dice, ["admin", "app:reader"], 2) : [];
  const domains = dice.pick([["*"], ["*"], ["*"], ["example.com"], [".example.com"], []]);
  const routes = some(dice, ROUTES, 3);
  const old = dice.chance(4)
    ? some(
        dice,
        ROUTES.filter((it) => !it.includes("=")),
        1,
      )
    : [];
  const upstreams = dice.chance(2) ? [UPSTREAMS[0]!] : some(dice, UPSTREAMS, 2);
  const claim = dice.pick([
    undefined,
    undefined,
    "groups",
    "roles",
    "realm_access.roles",
    "https://x.example/groups",
  ]);
  const allowsUnverified = dice.chance(3);
  const extra = dice.chance(4) ? [dice.pick(EXTRA)] : [];
  const list = (name: string, values: string[]) =>
    values.length > 0 ? [`${name} = ${JSON.stringify(values)}`] : [];
  const lines = [
    `provider = "${isKeycloak ? "keycloak-oidc" : "oidc"}"`,
    'oidc_issuer_url = "https://sso.example.com"',
    'client_id = "app"',
    ...list("allowed_groups", groups),
    ...list("allowed_roles", roles),
    ...list("email_domains", domains),
    ...list("skip_auth_routes", routes),
    ...list("skip_auth_regex", old),
    ...list("upstreams", upstreams),
    ...(claim === undefined ? [] : [`oidc_groups_claim = "${claim}"`]),
    ...(allowsUnverified ? ["insecure_oidc_allow_unverified_email = true"] : []),
    ...extra.map(([name, value]) => `${name} = ${value}`),
  ];
  const restricts = extra.some(([name]) =>
    ["github_org", "google_groups", "brand_new"].includes(name),
  );
  const mayClose = extra.some(([name]) => name === "brand_new");
  const member = (claims: Claims): boolean => {
    if (groups.length + roles.length === 0) return true;
    const path = claim ?? "groups";
    const own = Object.hasOwn(claims, path)
      ? claims[path]
      : path.split(".").reduce<unknown>((at, name) => (at as Claims)?.[name], claims);
    const realm = valuesOf((claims.realm_access as Claims)?.roles).map(
      (role) => `role:${String(role)}`,
    );
    const has = [...valuesOf(own).map(String), ...(isKeycloak ? realm : [])];
    // Roles are Keycloak's alone; where another provider passes over them, fewer may get in, but not more.
    return (
      [...groups, ...roles.map((it) => `role:${it}`)].some((it) => has.includes(it)) ||
      (!isKeycloak && groups.length === 0)
    );
  };
  const email = ({ email: it }: Claims) =>
    domains.includes("*") ||
    domains.some(
      (domain) =>
        typeof it === "string" &&
        (it.endsWith(`@${domain}`) || (domain.startsWith(".") && it.endsWith(domain))),
    );
  const open = (method: string, path: string) =>
    old.some((regex) => regexOf(regex).test(path)) ||
    routes.some((route) => {
      const [, only = "", not = "", rest] = /^([A-Z]*)(!?)=(.*)$/.exec(route) ?? [];
      if (only !== "" && only !== method) return false;
      return regexOf(rest ?? route).test(path) !== (not === "!");
    });
  const served = (path: string) =>
    upstreams.length === 0 ||
    upstreams.some((it) => {
      const own = /#(.*)$/.exec(it)?.[1] ?? /^http:\/\/[^/]+(\/.*)?$/.exec(it)?.[1] ?? "/";
      return own === "/" || (own.endsWith("/") ? path.startsWith(own) : path === own);
    });
  return {
    ...written(dice, lines),
    hosts: ["app.example.com"],
    paths: PATHS,
    claims: (it) => ({
      ...people(it),
      ...(it.chance(3) ? { "https://x.example/groups": some(it, GROUPS, 2) } : {}),
    }),
    admits({ method, path }, claims) {
      if (!served(path) || mayClose) return false;
      if (open(method, path)) return true;
      if (extra.some(([name]) => name === "skip_auth_preflight") && method === "OPTIONS")
        return true;
      if (claims === null || restricts) return false;
      return (
        (allowsUnverified || claims.email_verified !== false) && email(claims) && member(claims)
      );
    },
  };
}

const regexOf = (text: string) =>
  text.startsWith("(?i)") ? new RegExp(text.slice(4), "i") : new RegExp(text);
