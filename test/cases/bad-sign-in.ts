/** Mistakes in the shared directory and what is kept there, in mode auth, and in what may be left empty. */
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";
import { STATE_DIR } from "./sign-in.ts";

const keys = (changes: unknown) => ({ keys: changes });

const STATE: Row[] = [
  [
    "stateDir: a relative path",
    { stateDir: "state" },
    ["stateDir", "wrong_value", "an absolute path"],
  ],
  [
    "stateDir: a relative path, and no other keys",
    { jwks: undefined, stateDir: "state" },
    ["stateDir", "wrong_value", "an absolute path"],
  ],
  ["stateDir: the root", { stateDir: "/" }, ["stateDir", "wrong_value", "an absolute path"]],
  ["stateDir: a list", { stateDir: [STATE_DIR] }, ["stateDir", "wrong_type", "a text"]],
  [
    "stateDir: on no mount",
    { jwks: undefined, stateDir: "/elsewhere" },
    ["stateDir", "mount_missing", "no mount holds /elsewhere;"],
  ],
  ["keys: a text", keys("often"), ["keys", "wrong_type", "a map"]],
  ["keys: an unknown key", keys({ maxstal: 5 }), ["keys.maxstal", "unknown_key", "keys.maxStale"]],
  [
    "keys: refresh of 9 s",
    keys({ refresh: 9 }),
    ["keys.refresh", "wrong_value", "from 10 to 86400"],
  ],
  [
    "keys: refresh of two days",
    keys({ refresh: "2d" }),
    ["keys.refresh", "wrong_value", "from 10 to 86400"],
  ],
  [
    "keys: maxStale in weeks",
    keys({ maxStale: "1w" }),
    ["keys.maxStale", "wrong_value", "such as 15m"],
  ],
  [
    "keys: refresh slower than maxStale",
    keys({ refresh: "2h", maxStale: "1h" }),
    ["keys.maxStale", "wrong_value", "keys.refresh"],
  ],
  ["mode keys without stateDir", { mode: "keys" }, ["stateDir", "missing", "a writable mount"]],
  [
    "mode keys with an empty stateDir",
    { mode: "keys", stateDir: "" },
    ["stateDir", "missing", "a writable mount"],
  ],
  [
    "mode keys with keys of its own",
    { mode: "keys", stateDir: STATE_DIR },
    ["issuer", "conflict", "nothing to fetch"],
  ],
];

const headers = { uriHeader: "X-Uri", methodHeader: "X-Method", hostHeader: "X-Host" };
const auth = (changes: object) => ({
  mode: "auth",
  forwardAuth: { trusted: ["10.0.0.1"], ...headers, ...changes },
});

const FORWARD_AUTH: Row[] = [
  [
    "mode auth without forwardAuth",
    { mode: "auth" },
    ["forwardAuth", "missing", "trusted, uriHeader"],
  ],
  ["forwardAuth: a list", { forwardAuth: ["10.0.0.1"] }, ["forwardAuth", "wrong_type", "a map"]],
  [
    "forwardAuth: nothing in it",
    { mode: "auth", forwardAuth: { hostHeader: "X-Host" } },
    ["forwardAuth.trusted", "missing", "10.0.0.0/8"],
    ["forwardAuth.uriHeader", "missing", "X-Original-URI"],
    ["forwardAuth.methodHeader", "missing", "X-Original-Method"],
  ],
  [
    "forwardAuth: nobody trusted",
    auth({ trusted: [] }),
    ["forwardAuth.trusted", "missing", "10.0.0.0/8"],
  ],
  [
    "forwardAuth: an empty header",
    auth({ uriHeader: "" }),
    ["forwardAuth.uriHeader", "missing", "X-Original-URI"],
  ],
  [
    "forwardAuth: a name for an address",
    auth({ trusted: ["10.0.0.1", "proxy"] }),
    ["forwardAuth.trusted[1]", "wrong_value", "an address or a range"],
  ],
  [
    "forwardAuth: 33 bits of an address",
    auth({ trusted: "10.0.0.0/33" }),
    ["forwardAuth.trusted[0]", "wrong_value", "an address or a range"],
  ],
  [
    "forwardAuth: no header name",
    auth({ hostHeader: "X Host" }),
    ["forwardAuth.hostHeader", "wrong_name", "no header name"],
  ],
  [
    "forwardAuth: a list of headers",
    auth({ uriHeader: ["X-Uri"] }),
    ["forwardAuth.uriHeader", "wrong_type", "a text"],
  ],
  [
    "forwardAuth: one header twice",
    auth({ methodHeader: "x_uri" }),
    ["forwardAuth.methodHeader", "duplicate", "the same header"],
  ],
  [
    "forwardAuth: a header of the plugin's",
    { ...auth({ uriHeader: "X-User" }), forwardHeaders: { "X-User": "sub" } },
    ["forwardAuth", "conflict", "x-user"],
  ],
  [
    "forwardAuth: an unknown key",
    auth({ trustedProxies: "10.0.0.1" }),
    ["forwardAuth.trustedProxies", "unknown_key", "unknown key"],
  ],
];

const OPTIONAL: Row[] = [
  [
    "token.cookie a list",
    { token: { cookie: ["session"] } },
    ["token.cookie", "wrong_type", "a text"],
  ],
  ["token.query a map", { token: { query: { a: "b" } } }, ["token.query", "wrong_type", "a text"]],
  [
    "apiKeysFile a list",
    { apiKeysFile: ["/state/keys.json"] },
    ["apiKeysFile", "wrong_type", "a text"],
  ],
];

export const BAD_SIGN_IN: BadConfiguration[] = [
  ...rowsOf([...STATE, ...FORWARD_AUTH, ...OPTIONAL]),
  ...rowsOf([["stateDir true", { stateDir: true }, ["stateDir", "wrong_type", "a text"]]], {
    typedOnly: true,
  }),
];
