/** The same for sign-in: a healthy set-up of two routers, and one thing wrong with each. */
import { HEALTHY_STATIC } from "./findings-table.ts";

const BLOCK = `issuer: https://sso.example.com
          clientId: app
          publicUrl: https://a.example
          jwksFile: /state/jwks.json
          session: {secrets: ["env:SESSION_SECRET"]}
          login: {clientSecret: "env:CLIENT_SECRET"}
          stateDir: /state
          rules:
            - {match: "PathPrefix(\`/\`)", allow: authenticated}
          forwardHeaders:
            X-Forwarded-User: preferred_username
`;

export const LOGIN_SETUP = `http:
  routers:
    app: {rule: "Host(\`a.example\`)", service: app, middlewares: [gate]}
    login: {rule: "Host(\`a.example\`) && (Path(\`/oidc\`) || PathPrefix(\`/oidc/\`))", service: sso, middlewares: [login, buffer]}
  services:
    app: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}
    sso: {loadBalancer: {passHostHeader: false, servers: [{url: "https://sso.example.com"}]}}
  middlewares:
    buffer: {buffering: {maxRequestBodyBytes: 65536}}
    again: {retry: {attempts: 2}}
    gate:
      plugin:
        rolegate:
          ${BLOCK}    login:
      plugin:
        rolegate:
          mode: login
          ${BLOCK}`;

export interface LoginFault {
  name: string;
  code: string;
  change: [string, string];
  /** Beside it. */
  static?: string;
}

/** Keys that are fetched, in the place of a file of them. */
const FETCHING = LOGIN_SETUP.replaceAll("          jwksFile: /state/jwks.json\n", "").replace(
  "  services:\n",
  `    keys: {rule: "Path(\`/oidc/keys\`)", entryPoints: [inside], service: sso, middlewares: [keys]}
  services:
    tick: {loadBalancer: {healthCheck: {path: /oidc/keys}, servers: [{url: "http://127.0.0.1:2"}]}}
`,
).concat(`    keys:
      plugin:
        rolegate:
          mode: keys
          ${BLOCK.replace("          jwksFile: /state/jwks.json\n", "")}`);

const ELSEWHERE = "https://elsewhere.example";
/** An endpoint of another origin, in all blocks; no middleware has its service. */
const withEndpoint = (setup: string, endpoint: string) =>
  setup.replaceAll(
    "login: {",
    `login: {endpointOrigins: {far: "${ELSEWHERE}"}, endpoints: {${endpoint}: "${ELSEWHERE}/x"}, `,
  );

export const LOGIN_FAULTS: LoginFault[] = [
  {
    name: "a token endpoint of another origin",
    code: "endpoint_router_missing",
    change: [LOGIN_SETUP, withEndpoint(LOGIN_SETUP, "token")],
  },
  {
    name: "a userinfo endpoint of another origin",
    code: "endpoint_router_missing",
    change: [
      LOGIN_SETUP,
      withEndpoint(LOGIN_SETUP, "userinfo").replaceAll("login: {", "login: {userinfo: true, "),
    ],
  },
  {
    name: "a key set of another origin",
    code: "endpoint_router_missing",
    change: [LOGIN_SETUP, withEndpoint(FETCHING, "jwks")],
  },
  {
    name: "no login router",
    code: "login_router_missing",
    change: ["Host(`a.example`) && (Path", "Host(`b.example`) && (Path"],
  },
  ...["userinfo", "trustTransport"].map((key) => ({
    name: `${key} over plain http`,
    code: "login_unverified",
    change: [
      LOGIN_SETUP,
      LOGIN_SETUP.replaceAll("login: {client", `login: {${key}: true, client`).replace(
        'https://sso.example.com"}]}}',
        'http://keycloak:8080"}]}}',
      ),
    ] as [string, string],
  })),
  { name: "no buffering", code: "login_buffering_missing", change: ["[login, buffer]", "[login]"] },
  {
    name: "buffering before it",
    code: "login_buffering_missing",
    change: ["[login, buffer]", "[buffer, login]"],
  },
  { name: "retry", code: "login_retry", change: ["[login, buffer]", "[login, buffer, again]"] },
  {
    name: "publicUrl is of another host than the routers",
    code: "public_url_differs",
    change: [
      LOGIN_SETUP,
      LOGIN_SETUP.replaceAll("publicUrl: https://a.example", "publicUrl: https://c.example"),
    ],
  },
  {
    name: "publicUrl is https, and the entry point is plain",
    code: "public_url_plain",
    change: ["", ""],
    static: HEALTHY_STATIC,
  },
  {
    name: "nothing fetches keys",
    code: "keys_router_missing",
    change: [LOGIN_SETUP, LOGIN_SETUP.replaceAll("          jwksFile: /state/jwks.json\n", "")],
  },
  {
    name: "a middleware in mode keys that no router uses",
    code: "keys_router_missing",
    change: [LOGIN_SETUP, FETCHING.replace("middlewares: [keys]", "middlewares: [gate]")],
  },
  {
    name: "no health check calls the fetcher of keys",
    code: "keys_not_called",
    change: [LOGIN_SETUP, FETCHING.replace("healthCheck: {path: /oidc/keys}, ", "")],
  },
  {
    name: "the blocks differ",
    code: "blocks_differ",
    change: [
      "mode: login\n          issuer",
      "mode: login\n          emailUnverified: true\n          issuer",
    ],
  },
  {
    name: "no stateDir",
    code: "state_missing",
    change: [LOGIN_SETUP, LOGIN_SETUP.replaceAll("          stateDir: /state\n", "")],
  },
  {
    name: "a cookie for a domain",
    code: "cookie_domain",
    change: [LOGIN_SETUP, LOGIN_SETUP.replaceAll("session: {", "session: {domain: example, ")],
  },
  {
    name: "all groups in a header",
    code: "cookie_size",
    change: [
      LOGIN_SETUP,
      LOGIN_SETUP.replaceAll("X-Forwarded-User: preferred_username", "X-Groups: groups"),
    ],
  },
];

/** Routers that need no login router beside them, and nearly the same ones that do: one of them in LOGIN_SETUP. */
export const API_ROUTERS: {
  name: string;
  router: string;
  more?: [string, string];
  isMissing: boolean;
}[] = [
  {
    name: "a host at which nobody signs in",
    router: 'api: {rule: "Host(`inside`)", service: app, middlewares: [gate]}',
    isMissing: false,
  },
  {
    name: "the same host, when publicUrl has it",
    router: 'api: {rule: "Host(`inside`)", service: app, middlewares: [gate]}',
    more: ["publicUrl: https://a.example", 'publicUrl: ["https://a.example", "https://inside"]'],
    isMissing: true,
  },
  {
    name: "one of two hosts",
    router: 'api: {rule: "Host(`inside`) || Host(`b.example`)", service: app, middlewares: [gate]}',
    more: ["publicUrl: https://a.example", 'publicUrl: ["https://a.example", "https://b.example"]'],
    isMissing: true,
  },
  {
    name: "whoever brings a token",
    router:
      'api: {rule: "Host(`b.example`) && HeaderRegexp(`authorization`, `^Bearer `)", service: app, middlewares: [gate]}',
    more: ["publicUrl: https://a.example", 'publicUrl: ["https://a.example", "https://b.example"]'],
    isMissing: false,
  },
  {
    name: "whoever brings another header",
    router:
      'api: {rule: "Host(`b.example`) && HeaderRegexp(`accept`, `json`)", service: app, middlewares: [gate]}',
    more: ["publicUrl: https://a.example", 'publicUrl: ["https://a.example", "https://b.example"]'],
    isMissing: true,
  },
  {
    name: "the API of the host where the login router is",
    router:
      'api: {rule: "Host(`a.example`) && PathPrefix(`/api`)", service: app, middlewares: [gate]}',
    isMissing: false,
  },
  {
    name: "a middleware without sessions",
    router: 'api: {rule: "Host(`b.example`)", service: app, middlewares: [plain]}',
    isMissing: false,
  },
];

/** A middleware for tokens alone. */
export const PLAIN_GATE = `    plain:
      plugin:
        rolegate: {issuer: "https://sso.example.com", clientId: api, jwksFile: /state/jwks.json}
`;
