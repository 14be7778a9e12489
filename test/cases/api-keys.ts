/** API keys: how they may be sent, what they may do, and when they are none. */
import { apiKey } from "../support/api-keys.ts";
import { token } from "../support/tokens.ts";
import {
  type Case,
  type Expected,
  forbidden,
  invalid,
  malformed,
  passes,
  unauthenticated,
} from "./case.ts";
import { KEYS } from "./gates.ts";

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const crossSite = (reason: string): Expected => ({ status: 403, code: "cross_site", reason });
const named = (name: string, roles: string) =>
  passes({ upstream: { headers: { "X-Key": name, "X-Roles": roles } } });
const last = (text: string, character: string) => text.slice(0, -1) + character;
/** A key whose checksum, behind the 46 characters before it, has that form. */
const keyWith = (checksum: RegExp): string => {
  for (;;) {
    const key = apiKey();
    if (checksum.test(key.slice(46))) return key;
  }
};
const viewer = await token({ realm_access: { roles: ["viewer"] } });

type Row = [string, Partial<Case>, Expected];
const rows: Row[] = [
  ["Bearer", { token: KEYS.ci }, named("ci", "runner,viewer")],
  ["Basic with its name", { headers: basic("ci", KEYS.ci) }, named("ci", "runner,viewer")],
  ["Basic with no name", { headers: basic("", KEYS.ci) }, named("ci", "runner,viewer")],
  ["Basic with another name", { headers: basic("cd", KEYS.ci) }, invalid("api_key_unknown")],
  ["the second key of a name", { token: KEYS.rotated }, named("ci", "viewer")],
  ["out of the file", { token: KEYS.file }, named("nightly", "viewer")],
  ["a role that no rule knows", { token: KEYS.odd, target: "/me" }, named("odd", "stranger")],
  [
    "a role that is not enough",
    { token: KEYS.rotated, method: "POST" },
    forbidden("rule_not_satisfied", "write"),
  ],
  ["by its name", { token: KEYS.ci, target: "/only-ci" }, passes({ rule: "only-ci" })],
  [
    "not by another's",
    { token: KEYS.file, target: "/only-ci" },
    forbidden("rule_not_satisfied", "only-ci"),
  ],
  ["expired", { token: KEYS.expired }, invalid("api_key_expired")],
  ["unknown", { token: apiKey() }, invalid("api_key_unknown")],
  [
    "a wrong checksum",
    { token: last(KEYS.ci, KEYS.ci.endsWith("0") ? "1" : "0") },
    invalid("api_key_malformed"),
  ],
  ["too short", { token: "rg_short" }, invalid("api_key_malformed")],
  ["one character too short", { token: KEYS.ci.slice(0, -1) }, invalid("api_key_malformed")],
  ["one character too long", { token: `${KEYS.ci}0` }, invalid("api_key_malformed")],
  [
    "a checksum in capitals",
    { token: keyWith(/[a-f]/).replace(/.{8}$/, (it) => it.toUpperCase()) },
    invalid("api_key_malformed"),
  ],
  [
    "a checksum with what is no digit",
    { token: keyWith(/^f/).replace(/f(.{7})$/, "g$1") },
    invalid("api_key_malformed"),
  ],
  ["its digest is no key", { token: "rg_" + "a".repeat(51) }, invalid("api_key_malformed")],
  [
    "Basic from a browser",
    { headers: { ...basic("ci", KEYS.ci), "Sec-Fetch-Site": "same-origin" } },
    crossSite("basic_from_browser"),
  ],
  [
    "Basic from another site's page in a browser of before",
    { method: "POST", headers: { ...basic("ci", KEYS.ci), Origin: "https://evil.example" } },
    crossSite("basic_from_browser"),
  ],
  ...[
    ["a picture in a browser, over plain http", "Mozilla/5.0 (X11)", "image/avif,*/*;q=0.8"],
    ["a script in a browser, over plain http", "Mozilla/5.0 (X11)", "*/*"],
    ["nothing, by git", "git/2.47.1", "*/*"],
    ["nothing, by wget", "Wget/1.24.5 Mozilla/", "*/*"],
  ].map(([name, agent, accept]): Row => {
    const headers = { "User-Agent": agent!, Accept: accept! };
    return [name!, { headers }, unauthenticated("credential_missing")];
  }),
  [
    "Bearer from a browser",
    { headers: { "Sec-Fetch-Site": "cross-site" }, token: KEYS.ci },
    named("ci", "runner,viewer"),
  ],
  [
    "Basic with a password",
    { headers: basic("ci", "password") },
    unauthenticated("scheme_unsupported"),
  ],
  [
    "Basic that is no base64",
    { headers: { Authorization: "Basic !!!!" } },
    unauthenticated("scheme_unsupported"),
  ],
  ...["cd", "c", "ci:", ""].map((user): Row => {
    const padded = Buffer.from(`${user}:${KEYS.ci}`).toString("base64");
    // A whole group needs no padding, and has none that could be missing.
    const wrong = padded.endsWith("=") ? padded.replace(/=+$/, "") : `${padded}=`;
    return [
      `Basic with the padding of another length, for the user "${user}"`,
      { headers: { Authorization: `Basic ${wrong}` } },
      unauthenticated("scheme_unsupported"),
    ];
  }),
  ...[["+", "-"] as const, ["/", "_"] as const].map(([plain, url]): Row => {
    // The user's name is such that its base64 holds the character; the key's own name does not count then.
    const text = Buffer.from(`\xfb\xff:${KEYS.ci}`, "latin1").toString("base64");
    return [
      `Basic in base64url, with ${url}`,
      { headers: { Authorization: `Basic ${text.replaceAll(plain, url)}` } },
      unauthenticated("scheme_unsupported"),
    ];
  }),
  [
    "Basic without a colon",
    { headers: { Authorization: "Basic cmdf" } },
    unauthenticated("scheme_unsupported"),
  ],
  [
    "twice",
    {
      headers: [
        ["Authorization", `Bearer ${KEYS.ci}`],
        ["Authorization", `Bearer ${KEYS.ci}`],
      ],
    },
    malformed("credential_repeated"),
  ],
  [
    "a token beside them is a token",
    { token: viewer },
    passes({ upstream: { absent: ["X-Key"] } }),
  ],
  [
    "claims are not asked of a key",
    { token: KEYS.ci, target: "/claims" },
    forbidden("rule_not_satisfied", "claims"),
  ],
  [
    "a key that is called as an issuer is, is no token of it",
    { token: KEYS.namesake, target: "/claims" },
    forbidden("rule_not_satisfied", "claims"),
  ],
  ["it is a key of that name", { token: KEYS.namesake, target: "/namesake" }, passes()],
  [
    "a token of that issuer is no such key",
    { token: viewer, target: "/namesake" },
    forbidden("rule_not_satisfied", "namesake"),
  ],
  // The scheme says what the rest is: of another one it is no key, whatever stands in it.
  ...["Digest", "Negotiate", "Basi", "Basics", "Token"].map((scheme): Row => [
    `in the scheme ${scheme}`,
    { headers: { Authorization: basic("ci", KEYS.ci).Authorization.replace("Basic", scheme) } },
    unauthenticated("scheme_unsupported"),
  ]),
];

/** Where no keys are configured, nothing is one. */
const NOWHERE: Row[] = [
  ["as Basic's password", { headers: basic("ci", KEYS.ci) }, unauthenticated("scheme_unsupported")],
  ["as a bearer token", { token: KEYS.ci }, invalid("token_not_compact")],
];

const unavailable: Expected = {
  status: 503,
  code: "keys_unavailable",
  reason: "keys_unavailable",
};

/** What a file of keys that is not there yet does, and does not do. */
const WITHOUT_FILE: Row[] = [
  ["that may stand in the file", { token: KEYS.file }, unavailable],
  ["that stands nowhere", { headers: basic("", apiKey()) }, unavailable],
  ["out of the configuration", { token: KEYS.ci }, named("ci", "runner,viewer")],
  ["that has expired", { token: KEYS.expired }, invalid("api_key_expired")],
  ["that is none", { token: "rg_short" }, invalid("api_key_malformed")],
  ["no key", {}, unauthenticated("credential_missing")],
  [
    "on a public path",
    { token: KEYS.file, target: "/open" },
    passes({ upstream: { absent: ["X-Key"] } }),
  ],
];

const casesOf = (list: Row[], gate: "keys" | "keys-missing" | "main", what: string): Case[] =>
  list.map(([name, request, expect]) => ({
    name: `${what}: ${name}`,
    gate,
    target: "/api/a",
    ...request,
    expect,
  }));

export const API_KEYS: Case[] = [
  ...casesOf(rows, "keys", "api key"),
  ...casesOf(WITHOUT_FILE, "keys-missing", "api key, the file is missing"),
  ...casesOf(NOWHERE, "main", "api key, there are none"),
];
