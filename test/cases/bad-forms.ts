/** Values of a wrong form, such as addresses, URLs and names, and settings that do not go together. */
import { createHash } from "node:crypto";
import { type BadConfiguration, but, type Row, rowsOf } from "./configurations.ts";
import { CLIENT_SECRET, signIn } from "./sign-in.ts";

const login = (changes: object) =>
  signIn({ mode: "login", login: { clientSecret: CLIENT_SECRET, ...changes } });
const from = (issuer: string) => ({ ...login({}), issuer });
const UPSTREAM = `Basic ${createHash("sha256").update("upstream").digest("base64")}`;
const sha256 = createHash("sha256").update("a key").digest("hex");

const ROWS: Row[] = [
  [
    "token.cookie with a space",
    { publicUrl: "https://app.example.com", token: { cookie: "a b" } },
    ["token.cookie", "wrong_name", "no name of a cookie"],
  ],
  [
    "token.cookie the session's refresh cookie",
    signIn({ token: { cookie: "__Secure-rolegate-refresh" } }),
    ["session.cookieName", "conflict", "token.cookie"],
  ],
  [
    "upstreamAuthorization with a line end",
    { upstreamAuthorization: `${UPSTREAM}\r\nX-User: root` },
    ["upstreamAuthorization", "wrong_value", "no header may hold"],
  ],
  [
    "upstreamAuthorization with DEL",
    { upstreamAuthorization: `${UPSTREAM}\u007f` },
    ["upstreamAuthorization", "wrong_value", "no header may hold"],
  ],
  ...[
    ...["Bearer ${TOKEN}", "Basic $(credential)", "Token env:SECRET", "  Bearer  ${TOKEN}"],
    ...["Bearer Bearer ${TOKEN}", "Bearer  bearer   ${TOKEN}", "Basic Basic $(credential)"],
    "Bearer Token token <the token of the application>",
  ].map((value): Row => [
    `upstreamAuthorization ${value}`,
    { upstreamAuthorization: value },
    ["upstreamAuthorization", "bad_secret", "replaced"],
  ]),
  [
    "upstreamAuthorization and reportOnly",
    { upstreamAuthorization: UPSTREAM, reportOnly: true },
    ["reportOnly", "conflict", "the application's own credential"],
  ],
  [
    "upstreamAuthorization and forwardAuthorization",
    { upstreamAuthorization: UPSTREAM, forwardAuthorization: true },
    ["upstreamAuthorization", "conflict", "cannot both be Authorization"],
  ],
  [
    "apiKeysFile a relative path",
    { apiKeysFile: "keys.json" },
    ["apiKeysFile", "wrong_value", "an absolute path"],
  ],
  [
    "apiKeys: one key twice",
    {
      apiKeys: [
        { name: "a", sha256 },
        { name: "b", sha256 },
      ],
    },
    ["apiKeys[1].sha256", "duplicate", "is listed already"],
  ],
  [
    "apiKeys: without a name",
    { apiKeys: [{ sha256, roles: ["viewer"] }] },
    ["apiKeys[0].name", "missing", "who holds the key"],
  ],
  ...["tomorrow", "2027-02-30", "2027-13-01", "2027-01-01T00:00:00+01:00", "1798761600"].map(
    (expires): Row => [
      `apiKeys: expires ${expires}`,
      { apiKeys: [{ name: "a", sha256, expires }] },
      ["apiKeys[0].expires", "wrong_value", "a time in UTC"],
    ],
  ),
  ...[
    ...["tauri://", "tauri://localhost/", "tauri://localhost:8080", "Tauri://localhost", "1a://b"],
    ...["tauri:localhost", "tauri://a b", "tauri://LOCALHOST", "file://a", "null"],
    ...["*", "app://*", "http://A.example", "https://a.example:443"],
  ].map((origin): Row => [
    `cors.allowedOrigins: ${origin}`,
    { cors: { allowedOrigins: [origin] } },
    ["cors.allowedOrigins[0]", "wrong_value", "expected an origin"],
  ]),
  [
    "cors: an origin with a path",
    { cors: { allowedOrigins: ["https://a.example", "https://b.example/"] } },
    ["cors.allowedOrigins[1]", "wrong_value", "expected an origin"],
  ],
  [
    "login: max_age that is no number",
    login({ authorizationParams: { max_age: "soon" } }),
    ["login.authorizationParams.max_age", "wrong_value", "expected seconds"],
  ],
  [
    "publicUrl with a port of ten digits",
    { publicUrl: "https://app.example.com:4294975739" },
    ["publicUrl[0]", "wrong_value", "expected"],
  ],
  ...[
    "http://10.0.0.1",
    "http://128.0.0.1",
    "https://sso.example.com/%2g",
    "https://sso.example.com/%g2",
    "https://sso.example.com/a%2",
    "https://sso.example.com:4294975739",
    "https://sso.example.com:65536",
    "https://1.2.3.4.5",
    "https://1.2.3.256",
  ].map((issuer): Row => [
    `login: the issuer ${issuer}`,
    from(issuer),
    ["issuer", "wrong_value", "expected an https URL"],
  ]),
];

/** Only JSON has them. */
const TYPED: Row[] = [
  ["rules null", { rules: null }, ["rules", "empty", "is empty"]],
  [
    "forwardHeaders: a header without a name",
    { forwardHeaders: { "": "sub" } },
    ["forwardHeaders.", "wrong_name", ""],
  ],
  [
    "login: a service without a name",
    login({ endpointOrigins: { "": "https://a.example" } }),
    ["login.endpointOrigins.", "wrong_name", "has no name"],
  ],
];

/** No addresses and no ranges, RFC 4291 §2.2: each but for one thing. */
const ADDRESSES = [
  ...["10.0.0.256", "10.0.0.0.1", "10.0.0.01", "10..0.1", "10.0.0", "10.0.0.x"],
  ...["1:2:3", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "1::2::3", "::1:", ":1:2:3:4:5:6:7"],
  ...["::12345", "::g", "::10.0.0.256", "::1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:7:8:9"],
  ...["10.0.0.0/", "10.0.0.0/33", "10.0.0.0/0032", "10.0.0.0/2.", "::1/129"],
  // Each of these is a length that is in range if it is read as digits.
  ...["10.0.0.0/:", "10.0.0.0/A", "10.0.0.0/1:", "10.0.0.0/P", "::/a", "::/1A", "2001:db8::/P"],
];
const COLUMN = "ClientIP(".length + 1;

export const BAD_FORMS: BadConfiguration[] = [
  ...rowsOf(ROWS),
  ...rowsOf(TYPED, { typedOnly: true }),
  ...ADDRESSES.map((address): BadConfiguration => ({
    name: `match: ClientIP(\`${address}\`)`,
    config: but({ rules: [{ match: `ClientIP(\`${address}\`)`, allow: "public" }] }),
    mistakes: [
      { path: "rules[0].match", code: "syntax", says: "an address or a range", column: COLUMN },
    ],
  })),
];
