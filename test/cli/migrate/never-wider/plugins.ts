/** The four middlewares for Traefik, each by its own documentation. */
import { stringify } from "yaml";
import type { Dice } from "../../../support/dice.ts";
import {
  type Claims,
  type Drawn,
  GROUPS,
  people,
  type Request,
  some,
  valuesOf,
} from "./compare.ts";

const HOSTS = ["app.example.com"];

function file(plugin: string, block: unknown): string {
  return stringify({ http: { middlewares: { gate: { plugin: { [plugin]: block } } } } });
}

const OPEN = [
  "/public",
  "/assets/",
  "/api/*",
  "/u/{id}",
  "/",
  "/favicon",
  "/health.json",
  "/v1.*",
  "/a b",
];

/** README and docs/CONFIGURATION.md; `excludedURLs` as releases before and after its change have it. */
export function traefikOidc(dice: Dice): Drawn {
  const excluded = some(dice, OPEN, 3);
  const domains = dice.chance(3) ? ["example.com"] : [];
  const users = dice.chance(3) ? some(dice, ["ann@example.com", "bob@evil.example", "ann"], 2) : [];
  const groups = some(dice, ["admin", "admins", "dev"], 2);
  const claim = dice.pick([undefined, "roles", "https://x.example/roles"]);
  const user = dice.pick([undefined, undefined, "preferred_username"]);
  const unknown = dice.chance(12);
  const block = {
    ...{
      providerURL: "https://sso.example.com",
      clientID: "app",
      clientSecret: "x",
      callbackURL: "/oauth2/callback",
    },
    ...(excluded.length > 0 ? { excludedURLs: excluded } : {}),
    ...(domains.length > 0 ? { allowedUserDomains: domains } : {}),
    ...(users.length > 0 ? { allowedUsers: users } : {}),
    ...(groups.length > 0 ? { allowedRolesAndGroups: groups } : {}),
    ...(claim === undefined ? {} : { roleClaimName: claim }),
    ...(user === undefined ? {} : { userIdentifierClaim: user }),
    ...(unknown ? { allowedTeams: ["x"] } : {}),
  };
  const before = (path: string) => excluded.some((it) => path.startsWith(it));
  const after = (path: string) =>
    excluded.some((it) => {
      const own = it.replace(/\/+$/, "");
      return own === ""
        ? path === "/"
        : path === own || path.startsWith(`${own}/`) || path.startsWith(`${own}.`);
    });
  return {
    name: "dynamic.yml",
    text: file("traefikoidc", block),
    hosts: HOSTS,
    paths: [
      "/public",
      "/assets/",
      "/api/x",
      "/api/*",
      "/u/7",
      "/favicon",
      "/health.json",
      "/v1.x",
      "/a b",
    ],
    claims: (it) => ({
      ...people(it),
      ...(it.chance(3) ? { "https://x.example/roles": some(it, ["admin", "dev"], 2) } : {}),
    }),
    admits({ path }, claims) {
      if (unknown) return false;
      if (before(path) && after(path)) return true;
      if (claims === null) return false;
      const has = [...valuesOf(claims[claim ?? "roles"]), ...valuesOf(claims.groups)];
      if (groups.length > 0 && !groups.some((it) => has.includes(it))) return false;
      if (domains.length + users.length === 0) return true;
      const id = String(claims[user ?? "email"] ?? "");
      return (
        users.includes(id) ||
        (user === undefined &&
          domains.some((it) => id.split("@").length === 2 && id.endsWith(`@${it}`)))
      );
    },
  };
}

const RULES: [string, (request: Request) => boolean][] = [
  ["PathPrefix(`/public`)", ({ path }) => path.startsWith("/public")],
  ["Path(`/x/{id:[0-9]+}`)", ({ path }) => path === "/x/{id:[0-9]+}"],
  ["Path(`/y`)", ({ path }) => path === "/y"],
  ["Method(`OPTIONS`)", ({ method }) => method === "OPTIONS"],
  ["Method(`GET`)", ({ method }) => method === "GET"],
  ["PathRegexp(`^/files/[^/]+$`)", ({ path }) => /^\/files\/[^/]+$/.test(path)],
  ["PathRegexp(`\\.png$`)", ({ path }) => /\.png$/.test(path)],
  ["Header(`X-Real-Ip`, `172.18.0.2`)", ({ headers }) => headers["X-Real-Ip"] === "172.18.0.2"],
  ["HeaderRegexp(`X-Real-Ip`, `^172`)", ({ headers }) => /^172/.test(headers["X-Real-Ip"] ?? "")],
  ["Host(`app.example.com`)", ({ host }) => host === "app.example.com"],
  ["Query(`token`, `abc`)", ({ query }) => query === "?token=abc"],
];

type Rule = [string, (request: Request) => boolean];

function randomRule(dice: Dice, depth: number): Rule {
  const kind = depth === 0 ? 0 : dice.below(5);
  if (kind < 2) return dice.pick(RULES);
  const [one, other] = [randomRule(dice, depth - 1), randomRule(dice, depth - 1)];
  if (kind === 2) return [`!(${one[0]})`, (it) => !one[1](it)];
  if (kind === 3) return [`(${one[0]} || ${other[0]})`, (it) => one[1](it) || other[1](it)];
  return [`(${one[0]} && ${other[0]})`, (it) => one[1](it) && other[1](it)];
}

/** middleware-configuration.md, authorization.md and bypass-authentication-rule.md. */
export function traefikOidcAuth(dice: Dice): Drawn {
  const rule = dice.chance(3) ? null : randomRule(dice, 3);
  const claims = dice.times(dice.below(3), () => ({
    Name: dice.pick([
      "groups",
      "realm_access.roles",
      "$.realm_access.roles[*]",
      "email",
      "['https://x.example/roles']",
      "groups[?(@=='x')]",
    ]),
    ...(dice.chance(3)
      ? {}
      : {
          AnyOf: dice.times(1 + dice.below(2), () =>
            dice.pick([...GROUPS, "admin", "ann@example.com"]),
          ),
        }),
    ...(dice.chance(3)
      ? { AllOf: dice.times(1 + dice.below(2), () => dice.pick(["admins", "reader", "admin"])) }
      : {}),
  }));
  const unknown = dice.chance(12);
  const block = {
    Provider: {
      Url: "https://sso.example.com",
      ClientId: "app",
      ClientSecret: "x",
      ...(unknown ? { OnlyFrom: "x" } : {}),
    },
    ...(rule === null ? {} : { BypassAuthenticationRule: rule[0] }),
    ...(claims.length > 0 ? { Authorization: { AssertClaims: claims } } : {}),
  };
  return {
    name: "dynamic.yml",
    text: file("traefik-oidc-auth", block),
    hosts: [...HOSTS, "other.example.org"],
    paths: ["/public", "/x/7", "/x/{id:[0-9]+}", "/y", "/files/a", "/a"],
    claims: (it) => ({
      ...people(it),
      ...(it.chance(3) ? { "https://x.example/roles": ["admin"] } : {}),
    }),
    admits(request, caller) {
      if (unknown) return false;
      if (rule?.[1](request)) return true;
      return caller !== null && claims.every((it) => asserts(it, caller));
    },
  };
}

interface Assertion {
  Name: string;
  AnyOf?: string[];
  AllOf?: string[];
}

function asserts({ Name, AnyOf, AllOf }: Assertion, claims: Claims): boolean {
  const name = Name.replace(/^\$\./, "").replace(/\[\*\]$/, "");
  if (name.includes("?(")) return false;
  const own = /^\['(.*)'\]$/.exec(name)?.[1];
  const value = own
    ? claims[own]
    : name.split(".").reduce<unknown>((at, it) => (at as Claims)?.[it], claims);
  if (value === undefined) return false;
  const has = valuesOf(value).map(String);
  if (Name.endsWith("[*]") && has.length === 0) return false;
  return (
    (!AnyOf || AnyOf.some((it) => has.includes(it))) &&
    (!AllOf || AllOf.every((it) => has.includes(it)))
  );
}

/** README, "Claim Matching": what the token has may be a pattern, what is required is not. */
export function jwtMiddleware(dice: Dice): Drawn {
  const require: Record<string, unknown> = { aud: "app" };
  for (const name of some(
    dice,
    ["groups", "roles", "https://x.example/dept", "realm_access", "level", "preferred_username"],
    3,
  )) {
    require[name] =
      name === "realm_access" ? { roles: requirement(dice, 1) } : requirement(dice, 2);
  }
  const isOptional = dice.chance(6);
  const methods = dice.chance(6) ? ["OPTIONS"] : [];
  const unknown = dice.chance(12);
  const block = {
    issuers: dice.chance(3)
      ? [{ issuer: "https://sso.example.com", jwks: "https://sso.example.com/jwks" }]
      : ["https://sso.example.com"],
    require,
    ...(isOptional ? { optional: true } : {}),
    ...(methods.length > 0 ? { unauthenticatedMethods: methods } : {}),
    ...(unknown ? { denyList: ["bob"] } : {}),
  };
  const { aud: _, ...others } = require;
  return {
    name: "dynamic.yml",
    text: file("jwt", block),
    hosts: HOSTS,
    paths: ["/api"],
    claims: (it) => ({
      ...people(it),
      ...(it.chance(2) ? { "https://x.example/dept": it.pick(["it", "*", "hr"]) } : {}),
      ...(it.chance(2) ? { level: it.pick([3, "3", true]) } : {}),
    }),
    admits({ method }, claims) {
      if (unknown) return false;
      if (methods.includes(method)) return true;
      return claims === null ? isOptional : meetsAll(others, claims);
    },
  };
}

function requirement(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth === 0 ? 2 : 6);
  const one = () =>
    dice.pick([
      ...GROUPS,
      "admin",
      "reader",
      "it",
      "bob",
      "team-?",
      "a[b]",
      3,
      true,
      "{{`{{.Host}}`}}",
    ]);
  if (kind < 3) return one();
  if (kind === 3) return [one(), one()];
  return { [dice.pick(["$and", "$or"])]: [requirement(dice, depth - 1), one()] };
}

function meetsAll(require: Record<string, unknown>, claims: Claims): boolean {
  return Object.entries(require).every(
    ([name, it]) => claims[name] !== undefined && meets(it, claims[name]),
  );
}

function meets(required: unknown, value: unknown): boolean {
  if (Array.isArray(required)) return required.some((it) => meets(it, value));
  if (required !== null && typeof required === "object") {
    const [[key, inner] = ["", null]] = Object.entries(required);
    if (key === "$or") return (inner as unknown[]).some((it) => meets(it, value));
    if (key === "$and") return (inner as unknown[]).every((it) => meets(it, value));
    return (
      value !== null &&
      typeof value === "object" &&
      meetsAll(required as Record<string, unknown>, value as Claims)
    );
  }
  if (Array.isArray(value)) return value.some((it) => meets(required, it));
  if (typeof required === "number") return value === required;
  if (typeof required !== "string" || typeof value !== "string") return false;
  const wanted = required.includes("{{") ? "app.example.com" : required;
  return new RegExp(
    `^${value
      .replaceAll(/[.+^$(){}|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(wanted);
}

const CLAIMS: [string, (claims: Claims) => boolean][] = [
  ["Equals(`preferred_username`, `bob`)", (it) => it.preferred_username === "bob"],
  [
    "Contains(`groups`, `admins`)",
    (it) => Array.isArray(it.groups) && it.groups.includes("admins"),
  ],
  [
    "OneOf(`preferred_username`, `ann`, `eve`)",
    (it) => ["ann", "eve"].includes(String(it.preferred_username)),
  ],
  ["Prefix(`preferred_username`, `a`)", (it) => String(it.preferred_username).startsWith("a")],
  [
    "SplitContains(`scope`, ` `, `read`)",
    (it) =>
      String(it.scope ?? "")
        .split(" ")
        .includes("read"),
  ],
];

/** Traefik Hub's reference of its JWT middleware, "Claims". */
export function traefikHub(dice: Dice): Drawn {
  const draw = (depth: number): [string, (claims: Claims) => boolean] => {
    const kind = depth === 0 ? 0 : dice.below(5);
    if (kind < 2) return dice.pick(CLAIMS);
    const [one, other] = [draw(depth - 1), draw(depth - 1)];
    if (kind === 2) return [`!(${one[0]})`, (it) => !one[1](it)];
    if (kind === 3) return [`(${one[0]} || ${other[0]})`, (it) => one[1](it) || other[1](it)];
    return [`${one[0]} && ${other[0]}`, (it) => one[1](it) && other[1](it)];
  };
  const drawn = dice.chance(5) ? null : draw(3);
  const isOdd = dice.chance(10);
  const claims = isOdd ? "Regex(`groups`, `^adm`)" : drawn?.[0];
  const unknown = dice.chance(12);
  const block = {
    jwksUrl: "https://sso.example.com/jwks",
    trustedIssuers: ["https://sso.example.com"],
    ...(claims === undefined ? {} : { claims }),
    ...(unknown ? { revokedTokens: "x" } : {}),
  };
  return {
    name: "dynamic.yml",
    text: file("jwt", block),
    hosts: HOSTS,
    paths: ["/api"],
    claims: (it) => ({
      ...people(it),
      ...(it.chance(2) ? { scope: it.pick(["read", "write read", "readers"]) } : {}),
    }),
    admits: (_, caller) => caller !== null && !unknown && !isOdd && (drawn?.[1](caller) ?? true),
  };
}
