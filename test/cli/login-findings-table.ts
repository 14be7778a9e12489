/** The same for sign-in: a healthy set-up of two routers, and one thing wrong with each. */

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
}

export const LOGIN_FAULTS: LoginFault[] = [
  {
    name: "no login router",
    code: "login_router_missing",
    change: ["Host(`a.example`) && (Path", "Host(`b.example`) && (Path"],
  },
  { name: "no buffering", code: "login_buffering_missing", change: ["[login, buffer]", "[login]"] },
  {
    name: "buffering before it",
    code: "login_buffering_missing",
    change: ["[login, buffer]", "[buffer, login]"],
  },
  { name: "retry", code: "login_retry", change: ["[login, buffer]", "[login, buffer, again]"] },
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
