/** Mistakes in keys: weak ones, private ones, none at all. */
import { generateKeyPairSync } from "node:crypto";
import { ec, keySet, rsa, testKey } from "../support/keys.ts";
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";

const weak = testKey("weak", "RS256", 1024);
const privateJwk = { ...rsa.privateKey.export({ format: "jwk" }), kid: "private" };
const privatePem = rsa.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const pkcs1Pem = rsa.privateKey.export({ type: "pkcs1", format: "pem" }) as string;
const secp256k1 = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey;
const oct = { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", kid: "hs" };
const set = (...keys: object[]) => JSON.stringify({ keys });
const jwks = (value: unknown) => ({ jwks: value });
const pem = (...texts: unknown[]) => ({ jwks: undefined, publicKeys: texts });
const notOnCurve = { ...ec.jwk, x: ec.jwk.y, y: ec.jwk.x };

const ROWS: Row[] = [
  ["keys: no source", jwks(undefined), ["jwksFile", "no_keys", "no source of keys"]],
  ["jwks: no JSON", jwks("keys"), ["jwks", "bad_key", "no JSON"]],
  ["jwks: half of it", jwks(set(rsa.jwk).slice(0, 100)), ["jwks", "bad_key", "no JSON"]],
  [
    "jwks: one key instead of a set",
    jwks(JSON.stringify(rsa.jwk)),
    ["jwks", "bad_key", "no list `keys`"],
  ],
  [
    "jwks: keys is a map",
    jwks(JSON.stringify({ keys: {} })),
    ["jwks", "bad_key", "no list `keys`"],
  ],
  ["jwks: no key", jwks(set()), ["jwks", "bad_key", "no usable key"]],
  [
    "jwks: only a key for encryption",
    jwks(set({ ...rsa.jwk, use: "enc", alg: "RSA-OAEP" })),
    ["jwks", "bad_key", "no usable key; none of its keys is for verifying signatures"],
  ],
  [
    "jwks: only a key that signs",
    jwks(set({ ...ec.jwk, key_ops: ["sign"] })),
    ["jwks", "bad_key", "none of its keys is for verifying signatures"],
  ],
  ["jwks: a private key", jwks(set(privateJwk)), ["jwks", "bad_key", "private"]],
  [
    "jwks: a private key beside a good one",
    jwks(set(ec.jwk, privateJwk)),
    ["jwks", "bad_key", "private"],
  ],
  ["jwks: RSA of 1024 bits", jwks(set(weak.jwk)), ["jwks", "bad_key", "2048"]],
  [
    "jwks: RSA of 1024 bits beside a good one",
    jwks(set(rsa.jwk, weak.jwk)),
    ["jwks", "bad_key", "keys[1]"],
  ],
  ["jwks: only a secret", jwks(set(oct)), ["jwks", "bad_key", "no usable key"]],
  ["jwks: a point that is not on the curve", jwks(set(notOnCurve)), ["jwks", "bad_key", "keys[0]"]],
  [
    "jwks: base64url with too much padding",
    jwks(set({ ...rsa.jwk, n: `${rsa.jwk.n}===` })),
    ["jwks", "bad_key", "keys[0]"],
  ],
  ["jwks: a number for n", jwks(set({ ...rsa.jwk, n: 3 })), ["jwks", "bad_key", "keys[0]"]],
  [
    "jwks: 65 keys",
    jwks(JSON.stringify({ keys: Array.from({ length: 65 }, () => ec.jwk) })),
    ["jwks", "bad_key", "64"],
  ],
  [
    "jwks: a key with 17 uses",
    jwks(
      set({ ...rsa.jwk, key_ops: ["verify", ...Array.from({ length: 16 }, (_, i) => `use-${i}`)] }),
    ),
    ["jwks", "bad_key", "keys[0]"],
  ],
  ["publicKeys: a private key", pem(privatePem), ["publicKeys[0]", "bad_key", "private"]],
  [
    "publicKeys: a private key, PKCS #1",
    pem(rsa.pem, pkcs1Pem),
    ["publicKeys[1]", "bad_key", "private"],
  ],
  ["publicKeys: RSA of 1024 bits", pem(weak.pem), ["publicKeys[0]", "bad_key", "2048"]],
  [
    "publicKeys: a curve that is none of ours",
    pem(secp256k1.export({ type: "spki", format: "pem" })),
    ["publicKeys[0]", "bad_key", ""],
  ],
  ["publicKeys: no PEM", pem("MIIB"), ["publicKeys[0]", "bad_key", ""]],
  ["publicKeys: half of it", pem(rsa.pem.slice(0, 200)), ["publicKeys[0]", "bad_key", ""]],
  ["publicKeys: an empty list", pem(), ["publicKeys", "empty", "give a key"]],
  ["publicKeys: an empty text", pem(""), ["publicKeys[0]", "empty", "empty"]],
  [
    "algorithms: none",
    { algorithms: ["RS256", "none"] },
    ["algorithms[1]", "wrong_value", "is never accepted"],
  ],
  [
    "algorithms: None",
    { algorithms: ["None"] },
    ["algorithms[0]", "wrong_value", "is never accepted"],
  ],
  [
    "algorithms: unknown",
    { algorithms: ["RS1"] },
    ["algorithms[0]", "wrong_value", "not supported"],
  ],
  ["algorithms: an empty list", { algorithms: [] }, ["algorithms", "empty", "leave it out"]],
  [
    "jwksFile: a relative path",
    { jwks: undefined, jwksFile: "jwks.json" },
    ["jwksFile", "wrong_value", "absolute path"],
  ],
  [
    "jwksFile: on no mount",
    { jwks: undefined, jwksFile: "/keys/jwks.json" },
    ["jwksFile", "mount_missing", "settings.mounts"],
  ],
  [
    "jwksFile: a mount whose name begins alike",
    { jwks: undefined, jwksFile: "/state2/jwks.json" },
    ["jwksFile", "mount_missing", "/state2/jwks.json"],
  ],
];

/** Nobody's secret, in the form of one. */
const RANDOM = "Jx3-0qV7nPz9cT2mWd5uKf8hRb1sLy6gEa4oXi_ZvBNtQMkUjHrCwDpGSYFAOIel7";

const secret = (signingSecret: string, more = {}) => ({ jwks: undefined, signingSecret, ...more });

/** What somebody else was to replace, or anybody can guess. */
const NO_SECRETS: Record<string, string> = {
  "a template's variable": "${HS_SECRET_OF_THE_APPLICATION_HERE}",
  "env: in capitals": "ENV:HS_SECRET_OF_THE_APPLICATION__",
  "a reference into Kubernetes": "urn:k8s:secret:default:rolegate:signing-secret",
  "a public key": rsa.pem,
  "an example": "your-256-bit-secret-your-256-bit-secret",
  "what was to be changed": "please-change-me-please-change-me-please",
  "what was to be replaced": "Replace_Me-with-32-random-bytes-please",
  "a client's example": "YOUR-CLIENT-SECRET-0123456789-abcdef",
  "one letter": "a".repeat(32),
  "few letters": "abcabcabcabcabcabcabcabcabcabcabcabc",
};

const SECRETS: Row[] = [
  ...Object.entries(NO_SECRETS).map(([what, text]): Row => [
    `signingSecret: ${what}`,
    secret(text),
    ["signingSecret", "bad_secret", ""],
  ]),
  [
    "signingSecret: too short",
    secret("31 bytes are one too few for it"),
    ["signingSecret", "wrong_value", "32 bytes"],
  ],
  [
    "signingSecret: too short for HS512",
    secret(RANDOM.slice(0, 63), { algorithms: ["HS512"] }),
    ["signingSecret", "wrong_value", "HS512"],
  ],
  [
    "signingSecret: a variable that is not there",
    secret("env:NOWHERE"),
    ["signingSecret", "secret_missing", "settings.envs"],
  ],
  [
    "signingSecret: a file that is not there",
    secret("file:/state/nowhere"),
    ["signingSecret", "secret_missing", "settings.mounts"],
  ],
  [
    "signingSecret: beside public keys",
    { signingSecret: RANDOM },
    ["signingSecret", "mixed_keys", "`algorithms`"],
  ],
  ["signingSecret: empty", secret(""), ["signingSecret", "empty", "is empty"]],
  [
    "signingSecret: a placeholder",
    secret("<secret>"),
    ["signingSecret", "placeholder", "your own value"],
  ],
];

export const BAD_KEYS: BadConfiguration[] = [...rowsOf(ROWS), ...rowsOf(SECRETS)];

/** Not wrong, but worth a word: the set works, and something in it does not. */
export const WARNED: BadConfiguration[] = rowsOf([
  ["jwks: a secret beside a good key", jwks(set(rsa.jwk, oct)), ["jwks", "key_skipped", "keys[1]"]],
  [
    "jwks: a kind of key that is not known",
    jwks(JSON.stringify({ keys: [...keySet(rsa).keys, { kty: "NEW" }] })),
    ["jwks", "key_skipped", "keys[1]"],
  ],
  [
    "rules: one that an earlier one leaves nothing for",
    {
      rules: [
        { name: "all", match: "PathPrefix(`/api`)", allow: "authenticated" },
        { name: "runs", match: "PathPrefix(`/api/runs`) && Method(`GET`)", allow: "deny" },
      ],
    },
    ["rules", "unreachable", "runs can never decide: all"],
  ],
  [
    "rules: a role that nobody has",
    {
      roles: { viewer: ["v"] },
      rules: [{ match: "PathPrefix(`/api`)", allow: "Role(`viewr`)" }],
    },
    ["rules", "unknown_role", "viewr"],
  ],
  ...(
    [
      ["$.realm_access.roles", "without `$`"],
      ["groups[*].name", "list[].name"],
      ["['urn:roles']", "list[].name"],
      ["roles[0]", "list[].name"],
      ["https://example.com/roles", "`https://example\\.com/roles`"],
    ] as const
  ).flatMap(([path, advice]): Row[] => [
    [`rolesFrom: ${path}`, { rolesFrom: path }, ["rolesFrom", "odd_claim_path", advice]],
    [
      `forwardHeaders: ${path}`,
      { forwardHeaders: { "X-Odd": path } },
      ["forwardHeaders", "odd_claim_path", advice],
    ],
    [
      `a rule about ${path}`,
      { rules: [{ match: "PathPrefix(`/`)", allow: `Contains(\`${path}\`, \`a\`)` }] },
      ["rules", "odd_claim_path", advice],
    ],
  ]),
  ["signingSecret: in clear", secret(RANDOM), ["signingSecret", "literal_secret", "env:NAME"]],
]);
