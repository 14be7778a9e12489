/** Mistakes in the shared directory and what is kept there, in mode auth, and in what may be left empty. */
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";
import type { Configuration } from "./gates.ts";
import { SESSION_SECRET, STATE_DIR } from "./sign-in.ts";

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

const store = (changes: unknown, more: Configuration = {}): Configuration => ({
  publicUrl: "https://app.example.com",
  session: { secrets: [SESSION_SECRET] },
  stateDir: STATE_DIR,
  store: changes,
  ...more,
});

const STORE: Row[] = [
  [
    "store without stateDir and session",
    { store: { kind: "etcd" } },
    ["stateDir", "missing", "a tmpfs will do"],
    ["session", "missing", "session.secrets"],
  ],
  [
    "store with an empty stateDir",
    store({ kind: "etcd" }, { mode: "store", stateDir: "" }),
    ["stateDir", "missing", "a tmpfs will do"],
  ],
  ["mode store without a store", { mode: "store" }, ["store", "missing", "needs one"]],
  ["store: a text", store("etcd"), ["store", "wrong_type", "a map"], ["store.kind", "missing", ""]],
  ["store: no kind", store({ prefix: "a" }), ["store.kind", "missing", "etcd or consul"]],
  ["store: another kind", store({ kind: "redis" }), ["store.kind", "wrong_value", "etcd"]],
  ["store: an unknown key", store({ kind: "etcd", url: "x" }), ["store.url", "unknown_key", ""]],
  [
    "store: a user without a password",
    store({ kind: "etcd", username: "a" }),
    ["store.username", "missing", "give both or none"],
  ],
  [
    "store: a password without a user",
    store({ kind: "etcd", password: "env:STORE_PASSWORD" }),
    ["store.username", "missing", "give both or none"],
  ],
  [
    "store: a password that is a placeholder",
    store({ kind: "etcd", username: "a", password: "${PASSWORD}" }, { mode: "store" }),
    ["store.password", "bad_secret", "was to be replaced"],
  ],
  [
    "store: etcd with a token",
    store({ kind: "etcd", token: "x" }),
    ["store.token", "wrong_value", "password"],
  ],
  [
    "store: Consul with a user",
    store({ kind: "consul", username: "a", password: "b" }),
    ["store.password", "wrong_value", "token"],
  ],
  [
    "store: Consul with a token that is a placeholder",
    store({ kind: "consul", token: "${TOKEN}" }, { mode: "store" }),
    ["store.token", "bad_secret", "was to be replaced"],
  ],
  [
    "store: Consul with a token that is no header",
    store({ kind: "consul", token: "b1gs33d-4f8e\r\nX-Evil: 4a1c" }, { mode: "store" }),
    ["store.token", "bad_secret", "a header cannot hold"],
  ],
  [
    "store: a long prefix",
    store({ kind: "etcd", prefix: "a".repeat(129) }),
    ["store.prefix", "wrong_value", "more than 128"],
  ],
  [
    "session: revocationMaxStale of 9 s",
    store({ kind: "etcd" }, { session: { secrets: [SESSION_SECRET], revocationMaxStale: 9 } }),
    ["session.revocationMaxStale", "wrong_value", "from 10 to 86400"],
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
  ...rowsOf([...STATE, ...STORE, ...FORWARD_AUTH, ...OPTIONAL]),
  ...rowsOf([["stateDir true", { stateDir: true }, ["stateDir", "wrong_type", "a text"]]], {
    typedOnly: true,
  }),
];
