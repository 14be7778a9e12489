/** Rules: the first that matches decides, for everybody alike; patterns, hosts and the logic of expressions. */
import { rsa } from "../support/keys.ts";
import { seconds, tampered, token } from "../support/tokens.ts";
import { type Case, forbidden, type Line, lines, passes, unauthenticated } from "./case.ts";

const realm = (...roles: string[]) => token({ realm_access: { roles } });
const none = { realm_access: undefined };
const viewer = await realm("app-viewer");
const owner = await realm("app-owner");
const nobody = await token(none);
const admin = await token({ realm_access: { roles: ["app-owner"] }, scope: "openid admin" });

const rows: Line[] = [
  // The first rule whose `match` holds decides.
  [
    "public: nobody needs to be anybody",
    "main",
    "GET /public/a",
    undefined,
    passes({ rule: "public" }),
  ],
  [
    "public: a good token does no harm",
    "main",
    "GET /public/a",
    viewer,
    passes({ rule: "public" }),
  ],
  [
    "public: only the methods that are named",
    "main",
    "GET /api/health",
    undefined,
    passes({ rule: "health" }),
  ],
  ["public: HEAD is not GET", "main", "HEAD /api/health", undefined, passes({ rule: "health" })],
  [
    "public: another method falls to the next rule",
    "main",
    "POST /api/health",
    undefined,
    unauthenticated(),
  ],
  [
    "deny: not even the owner",
    "main",
    "GET /internal/a",
    owner,
    forbidden("rule_denies", "internal"),
  ],
  [
    "deny: who is nobody is asked to sign in",
    "main",
    "GET /internal/a",
    undefined,
    unauthenticated(),
  ],
  ["authenticated: any role", "main", "GET /me", nobody, passes({ rule: "me" })],
  ["authenticated: nobody", "main", "GET /me", undefined, unauthenticated()],
  ["Path is the whole path", "main", "GET /me/a", viewer, forbidden("no_rule", "default")],
  ["default: no rule matches", "main", "GET /nothing", owner, forbidden("no_rule", "default")],
  ["default: nobody", "main", "GET /nothing", undefined, unauthenticated()],
  [
    "no rules: whoever has a token",
    "open",
    "DELETE /anything",
    nobody,
    passes({ rule: "default" }),
  ],
  ["no rules: nobody", "open", "GET /anything", undefined, unauthenticated()],

  // Methods of eight capitals and less are compared as numbers, others as texts.
  ["method: eight capitals", "main", "PROPFIND /dav/a", nobody, passes({ rule: "calendars" })],
  ["method: another of eight", "main", "PROPFINE /dav/a", nobody, forbidden("no_rule")],
  ["method: ten capitals", "main", "MKCALENDAR /dav/a", nobody, passes({ rule: "calendars" })],
  ["method: another of ten", "main", "MKCALENDAX /dav/a", nobody, forbidden("no_rule")],
  ["method: a hyphen", "main", "M-SEARCH /dav/a", nobody, passes({ rule: "calendars" })],
  ["method: another hyphen", "main", "M-SEARCX /dav/a", nobody, forbidden("no_rule")],
  ["method: it begins like one", "main", "PROPFINDS /dav/a", nobody, forbidden("no_rule")],
  ["method: one begins like it", "main", "PROPFIN /dav/a", nobody, forbidden("no_rule")],

  // &&, || and !
  ["&&: both", "main", "DELETE /api/a", admin, passes({ rule: "delete" })],
  [
    "&&: only the left",
    "main",
    "DELETE /api/a",
    owner,
    forbidden("rule_not_satisfied", "delete", "admin sudo"),
  ],
  [
    "&&: only the right",
    "main",
    "DELETE /api/a",
    await token({ scope: "admin" }),
    forbidden("rule_not_satisfied", "delete", "admin sudo"),
  ],
  [
    "||: the right one",
    "main",
    "DELETE /api/a",
    await token({ realm_access: { roles: ["app-owner"] }, scope: "sudo" }),
    passes(),
  ],
  [
    "!: who has the role may not",
    "main",
    "GET /robots",
    viewer,
    forbidden("rule_not_satisfied", "robots"),
  ],
  ["!: who has it not may", "main", "GET /robots", nobody, passes({ rule: "robots" })],
  ["!: is never true for nobody", "main", "GET /robots", undefined, unauthenticated()],

  // Patterns.
  [
    "Path: `*` is one segment, `{name}` is one",
    "main",
    "GET /items/1/parts/2",
    nobody,
    passes({ rule: "item" }),
  ],
  ["Path: `*` is not two", "main", "GET /items/1/2/parts/3", nobody, forbidden("no_rule")],
  ["Path: `{name}` is not none", "main", "GET /items/1/parts/", nobody, forbidden("no_rule")],
  ["Path: `**` is none", "main", "GET /deep/end", nobody, passes({ rule: "item" })],
  ["Path: `**` is many", "main", "GET /deep/1/2/3/end", nobody, passes({ rule: "item" })],
  [
    "Path: `**` and then what is not there",
    "main",
    "GET /deep/1/2/3/ende",
    nobody,
    forbidden("no_rule"),
  ],

  // Bad tokens on public paths: the caller is nobody.
  [
    "public: an expired token",
    "main",
    "GET /public/a",
    await token({ exp: seconds(-600) }),
    passes({ rule: "public", token: "token_expired", upstream: { absent: ["X-Forwarded-User"] } }),
  ],
  [
    "public: a token that is none",
    "main",
    "GET /public/a",
    "nonsense",
    passes({ rule: "public", token: "token_not_compact" }),
  ],
  [
    "public: a forged token",
    "main",
    "GET /public/a",
    tampered(await token({}, rsa)),
    passes({ rule: "public", token: "signature_invalid" }),
  ],
];

const HOSTS: [string, Case["expect"]][] = [
  ["admin.example.com", passes({ rule: "host" })],
  ["ADMIN.example.com.:8080", passes({ rule: "host" })],
  ["a.tenant.example.com", passes({ rule: "host" })],
  ["a.b.tenant.example.com", forbidden("no_rule")],
  ["a.b.deep.example.com", passes({ rule: "host" })],
  ["deep.example.com", forbidden("no_rule")],
  ["tenant.example.com", forbidden("no_rule")],
  ["atenant.example.com", forbidden("no_rule")],
  ["admin.example.com.evil.example", forbidden("no_rule")],
  ["other.example.com", forbidden("no_rule")],
];

export const POLICY: Case[] = [
  ...lines(rows),
  ...HOSTS.map(([host, expect]): Case => ({
    name: `policy: Host ${host}`,
    gate: "main",
    target: "/host",
    headers: { Host: host },
    token: nobody,
    expect,
  })),
  {
    name: "policy: a configuration with a mistake lets nothing through",
    gate: "broken",
    target: "/public",
    token: viewer,
    expect: { status: 500, code: "config_error", reason: "config_error" },
  },
];
