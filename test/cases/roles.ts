/** Roles by what the provider calls them, the hierarchy over them, and scopes. */
import { CLIENT, token } from "../support/tokens.ts";
import { type Case, forbidden, type Line, lines, passes } from "./case.ts";

const realm = (...roles: string[]) => token({ realm_access: { roles } });
const none = { realm_access: undefined };
const viewer = await realm("app-viewer");
const runner = await realm("app-runner");
const owner = await realm("app-owner");
const nobody = await token(none);
const ours = { [CLIENT]: { roles: ["app-runner"] } };

/** Roles as names of an object's members, and as a member of each object of a list; where `rolesFrom` says so. */
const ZITADEL = "urn:zitadel:iam:org:project:roles";
const MAPS = await Promise.all(
  (
    [
      ["a map of Zitadel", { [ZITADEL]: { editor: { "1": "example.com" } } }, true],
      ["a map, another name", { [ZITADEL]: { reader: { "1": "example.com" } } }, false],
      ["a map, whose value says no", { [ZITADEL]: { editor: false } }, false],
      ["a map, whose value is empty", { [ZITADEL]: { editor: {} } }, false],
      ["a map, whose value is an empty list", { [ZITADEL]: { editor: [] } }, false],
      ["a map, whose value is a list", { [ZITADEL]: { editor: ["1"] } }, true],
      ["a map, whose value is true", { [ZITADEL]: { editor: true } }, true],
      ["a list where a map may be", { [ZITADEL]: ["editor"] }, true],
      ["a list of objects", { account: { groups: [{ id: 1 }, { name: "editor" }] } }, true],
      ["a list of objects, another member", { account: { groups: [{ id: "editor" }] } }, false],
      ["a list of texts where objects are due", { account: { groups: ["editor"] } }, false],
      ["a map of another claim", { roles: { editor: {} } }, false],
    ] as const
  ).map(async ([name, claims, holds]): Promise<Line> => [
    `role: ${name}`,
    "role-maps",
    "GET /api/a",
    await token({ ...none, ...claims }),
    holds ? passes() : forbidden("rule_not_satisfied"),
  ]),
);

const rows: Line[] = [
  // Roles of the configuration, by what the provider calls them.
  ["role: viewer reads", "main", "GET /api/a", viewer, passes({ rule: "read" })],
  [
    "role: viewer does not write",
    "main",
    "POST /api/a",
    viewer,
    forbidden("rule_not_satisfied", "write"),
  ],
  ["role: runner writes", "main", "PUT /api/a", runner, passes({ rule: "write" })],
  ["role: hierarchy: runner reads", "main", "GET /api/a", runner, passes({ rule: "read" })],
  [
    "role: hierarchy over two steps: owner reads",
    "main",
    "GET /api/a",
    owner,
    passes({ rule: "read" }),
  ],
  [
    "role: hierarchy goes down only",
    "main",
    "PATCH /api/a",
    viewer,
    forbidden("rule_not_satisfied"),
  ],
  ["role: none", "main", "GET /api/a", nobody, forbidden("rule_not_satisfied", "read")],
  [
    "role: the configuration's own name is not the provider's",
    "main",
    "GET /api/a",
    await realm("viewer"),
    forbidden("rule_not_satisfied"),
  ],
  [
    "role: another case",
    "main",
    "GET /api/a",
    await realm("App-Viewer"),
    forbidden("rule_not_satisfied"),
  ],
  ["role: two provider names for one role", "main", "PUT /api/a", await realm("admins"), passes()],
  [
    "role: from the client's roles",
    "main",
    "PUT /api/a",
    await token({ ...none, resource_access: ours }),
    passes(),
  ],
  [
    "role: not from another client's",
    "main",
    "PUT /api/a",
    await token({ ...none, resource_access: { other: ours[CLIENT] } }),
    forbidden("rule_not_satisfied"),
  ],
  [
    "role: from `roles`",
    "main",
    "GET /api/a",
    await token({ ...none, roles: ["app-viewer"] }),
    passes(),
  ],
  [
    "role: from `groups`",
    "main",
    "GET /api/a",
    await token({ ...none, groups: ["app-viewer"] }),
    passes(),
  ],
  [
    "role: not from `groups` where no role is mapped, because some providers let everybody make groups",
    "unmapped",
    "GET /api/a",
    await token({ ...none, groups: ["editor"] }),
    forbidden("rule_not_satisfied"),
  ],
  [
    "role: from `roles` where no role is mapped",
    "unmapped",
    "GET /api/a",
    await token({ ...none, roles: ["editor"] }),
    passes(),
  ],
  [
    "role: from `groups` where `rolesFrom` says so",
    "unmapped-groups",
    "GET /api/a",
    await token({ ...none, groups: ["editor"] }),
    passes(),
  ],
  ...MAPS,
  [
    "role: one text instead of a list",
    "main",
    "GET /api/a",
    await token({ ...none, roles: "app-viewer" }),
    passes(),
  ],
  [
    "role: a list with other things in it",
    "main",
    "GET /api/a",
    await token({ ...none, roles: [1, null, {}, "app-viewer"] }),
    passes(),
  ],
  [
    "role: an object where a list is due",
    "main",
    "GET /api/a",
    await token({ ...none, roles: { "app-viewer": true } }),
    forbidden("rule_not_satisfied"),
  ],
  [
    "role: realm_access is a text",
    "main",
    "GET /api/a",
    await token({ realm_access: "app-viewer" }),
    forbidden("rule_not_satisfied"),
  ],
  [
    "role: without a map the provider's names count",
    "unmapped",
    "GET /a",
    await realm("editor"),
    passes(),
  ],
  [
    "role: without a map, another one",
    "unmapped",
    "GET /a",
    await realm("reader"),
    forbidden("rule_not_satisfied"),
  ],

  // Scopes: names with spaces between, or a list.
  [
    "scope: one of two",
    "main",
    "GET /scoped",
    await token({ scope: "openid write" }),
    passes({ rule: "scoped" }),
  ],
  ["scope: the other", "main", "GET /scoped", await token({ scope: "admin" }), passes()],
  [
    "scope: missing, and the challenge names it",
    "main",
    "GET /scoped",
    viewer,
    forbidden("rule_not_satisfied", "scoped", "write admin"),
  ],
  [
    "scope: part of a name",
    "main",
    "GET /scoped",
    await token({ scope: "write-all rewrite" }),
    forbidden("rule_not_satisfied", "scoped", "write admin"),
  ],
  [
    "scope: `scp` as a list",
    "main",
    "GET /scoped",
    await token({ scope: undefined, scp: ["write"] }),
    passes(),
  ],
  [
    "scope: absent",
    "main",
    "GET /scoped",
    await token({ scope: undefined }),
    forbidden("rule_not_satisfied", "scoped", "write admin"),
  ],
];

export const ROLES: Case[] = lines(rows);
