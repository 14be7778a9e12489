/** What is exchanged beside the decision: where tokens may be, what the upstream and other origins get. */
import { tampered, token } from "../support/tokens.ts";
import { ENVIRONMENT } from "./gates.ts";
import { type Case, invalid, malformed, passes, unauthenticated } from "./case.ts";

const viewer = await token({ realm_access: { roles: ["app-viewer"] } });
const other = await token({ realm_access: { roles: ["app-viewer"] }, jti: "another" });
const bad = tampered(viewer);
const UI = "https://ui.example.com";
const socket = (protocols: string, target = "/api/a") => ({
  target,
  headers: {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": protocols,
  },
});
const preflight = (origin: string, more: Record<string, string> = {}) => ({
  method: "OPTIONS",
  target: "/api/a",
  headers: { Origin: origin, "Access-Control-Request-Method": "PUT", ...more },
});

/** What a page of the allowed origin sends, with the cookie that the browser adds. */
const fromUi = (method: string) => ({
  method,
  target: "/api/a",
  headers: {
    Host: "app.example.com",
    Origin: UI,
    "Sec-Fetch-Site": "same-site",
    "Sec-Fetch-Mode": "cors",
    Cookie: `session=${viewer}`,
  },
});

type Row = [string, Case["gate"], Partial<Case>, Case["expect"]];

const rows: Row[] = [
  [
    "query: a token",
    "query",
    { target: `/api/a?x=1&access_token=${viewer}&y=2` },
    passes({ upstream: { target: "/api/a?x=1&y=2" } }),
  ],
  [
    "query: a token alone",
    "query",
    { target: `/api/a?access_token=${viewer}` },
    passes({ upstream: { target: "/api/a" } }),
  ],
  [
    "query: under another spelling of its name",
    "query",
    { target: `/api/a?access%5Ftoken=${viewer}` },
    passes({ upstream: { target: "/api/a" } }),
  ],
  [
    "query: removed on public paths, good or bad",
    "query",
    { target: `/public/a?access_token=${bad}` },
    passes({ upstream: { target: "/public/a" } }),
  ],
  [
    "query: two that differ",
    "query",
    { target: `/api/a?access_token=${viewer}&access_token=${other}` },
    malformed("credential_repeated"),
  ],
  [
    "query: another one in the header",
    "query",
    { target: `/api/a?access_token=${other}`, token: viewer },
    malformed("credentials_conflict"),
  ],
  [
    "query: not where it is not configured",
    "main",
    { target: `/api/a?access_token=${viewer}` },
    unauthenticated(),
  ],

  ["socket: no token among the protocols", "socket", socket("prefect"), unauthenticated()],
  ["socket: a bad token", "socket", socket(`bearer, ${bad}`), invalid("signature_invalid")],
  ["socket: bearer without a token", "socket", socket("prefect, bearer"), unauthenticated()],
  [
    "socket: another one in the header",
    "socket",
    { ...socket(`bearer, ${other}`), token: viewer },
    malformed("credentials_conflict"),
  ],
  [
    "socket: two that differ",
    "socket",
    socket(`bearer, ${viewer}, bearer, ${other}`),
    malformed("credential_repeated"),
  ],
  [
    "socket: only for an upgrade",
    "socket",
    { target: "/api/a", headers: { "Sec-WebSocket-Protocol": `bearer, ${viewer}` } },
    unauthenticated(),
  ],

  [
    "upstream: its credential for a caller",
    "upstream",
    { target: "/api/a", token: viewer },
    passes({ upstream: { headers: { Authorization: ENVIRONMENT["UPSTREAM"]! } } }),
  ],
  [
    "upstream: not for nobody",
    "upstream",
    { target: "/public/a" },
    passes({ upstream: { absent: ["Authorization"] } }),
  ],
  [
    "upstream: not for a bad token",
    "upstream",
    { target: "/public/a", token: bad },
    passes({ upstream: { absent: ["Authorization"] } }),
  ],
  [
    "upstream: a client cannot send its own",
    "upstream",
    { target: "/public/a", headers: { Authorization: "Basic eDp5" } },
    passes({ upstream: { absent: ["Authorization"] } }),
  ],

  [
    "report: nobody",
    "report",
    { target: "/api/a" },
    passes({ reason: "credential_missing", upstream: { absent: ["X-Forwarded-User"] } }),
  ],
  [
    "report: a caller who may not goes on as nobody",
    "report",
    { method: "POST", target: "/api/a", token: viewer, headers: { "X-Forwarded-User": "root" } },
    passes({
      reason: "rule_not_satisfied",
      upstream: { absent: ["X-Forwarded-User", "X-Forwarded-Groups"] },
    }),
  ],
  [
    "report: a caller who may is somebody",
    "report",
    { target: "/api/a", token: viewer },
    passes({ upstream: { headers: { "X-Forwarded-User": "alice" } } }),
  ],
  [
    "report: the ambiguous stays refused",
    "report",
    { target: "/api/a%2Fb", token: viewer },
    malformed("path_encoded_separator"),
  ],

  [
    "cors: an allowed origin may read a refusal",
    "cors",
    { target: "/api/a", headers: { Origin: UI } },
    {
      ...unauthenticated(),
      answer: {
        "Access-Control-Allow-Origin": UI,
        "Access-Control-Allow-Credentials": "true",
        Vary: "Origin",
      },
    },
  ],
  [
    "cors: another may not",
    "cors",
    { target: "/api/a", headers: { Origin: `${UI}.evil.example` } },
    { ...unauthenticated(), answer: { "Access-Control-Allow-Origin": null } },
  ],
  [
    "cors: null may not",
    "cors",
    { target: "/api/a", headers: { Origin: "null" } },
    { ...unauthenticated(), answer: { "Access-Control-Allow-Origin": null } },
  ],
  [
    "cors: a preflight passes",
    "cors",
    preflight(UI),
    passes({ upstream: { absent: ["X-Forwarded-User"] } }),
  ],
  [
    "cors: a preflight cannot bring an identity",
    "cors",
    preflight(UI, { X_Forwarded_User: "root" }),
    passes({ upstream: { absent: ["X_forwarded_user", "X-Forwarded-User"] } }),
  ],
  [
    "cors: a preflight of an ambiguous path",
    "cors",
    { ...preflight(UI), target: "/api/a%2Fb" },
    malformed("path_encoded_separator"),
  ],
  [
    "cors: an allowed origin may read with a cookie",
    "cookie-cors",
    fromUi("GET"),
    passes({ upstream: { headers: { "X-Forwarded-User": "alice" } } }),
  ],
  [
    "cors: it may not write with a cookie",
    "cookie-cors",
    fromUi("POST"),
    { status: 403, code: "cross_site", reason: "cross_site" },
  ],
  [
    "cors: a preflight of another origin",
    "cors",
    preflight("https://evil.example"),
    unauthenticated(),
  ],
  [
    "cors: OPTIONS without a method to follow",
    "cors",
    { method: "OPTIONS", target: "/api/a", headers: { Origin: UI } },
    unauthenticated(),
  ],
  ["cors: GET is no preflight", "cors", { ...preflight(UI), method: "GET" }, unauthenticated()],
  [
    "cors: with a credential it is no preflight",
    "cors",
    { ...preflight(UI), token: bad },
    invalid("signature_invalid"),
  ],
  [
    "cors: what brings a cookie is no preflight",
    "cookie-cors",
    preflight(UI, { Host: "app.example.com", Cookie: `session=${bad}` }),
    invalid("signature_invalid"),
  ],
  ...["put", "P UT", ""].map((method): Row => [
    `cors: what asks for "${method}" is no preflight`,
    "cors",
    preflight(UI, { "Access-Control-Request-Method": method }),
    unauthenticated(),
  ]),
  ["cors: no preflight without allowed origins", "main", preflight(UI), unauthenticated()],

  [
    "grpc: no token",
    "main",
    { method: "POST", target: "/api/a", headers: { "Content-Type": "application/grpc" } },
    { status: 200, reason: "credential_missing", grpc: 16 },
  ],
  [
    "grpc: not allowed",
    "main",
    {
      method: "POST",
      target: "/api/a",
      token: viewer,
      headers: { "Content-Type": "application/grpc+proto" },
    },
    { status: 200, reason: "rule_not_satisfied", grpc: 7 },
  ],
  [
    "grpc: a type that only begins so",
    "main",
    { method: "POST", target: "/api/a", headers: { "Content-Type": "application/grpcx" } },
    unauthenticated(),
  ],

  [
    "identity: a claim that is an object",
    "main",
    {
      target: "/api/a",
      token: await token({ address: { "a b": [1, "é"] }, realm_access: { roles: ["app-viewer"] } }),
    },
    passes({ upstream: { headers: { "X-Address": '{"a b":[1,"%C3%A9"]}' } } }),
  ],
];

export const EXCHANGE: Case[] = rows.map(([name, gate, request, expect]) => ({
  name,
  gate,
  ...request,
  expect,
}));
