/** What the corpus attacks: a site with a public part, an API that viewers may read, and a part for owners. */
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

export const base = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa, ec)),
};

const site = {
  ...base,
  roles: { viewer: "app-viewer", runner: "app-runner", owner: "app-owner" },
  roleHierarchy: { owner: ["runner"], runner: ["viewer"] },
  rules: [
    { match: "Host(`admin.example.com`)", allow: "deny" },
    { match: "Path(`/health`) && Method(`GET`)", allow: "public" },
    { match: "PathPrefix(`/public`)", allow: "public" },
    { match: "Path(`/me`)", allow: "authenticated" },
    { match: "PathPrefix(`/admin`)", allow: "Role(`owner`)" },
    { match: "PathPrefix(`/api/body`)", allow: "Role(`owner`) || BodyOnly(`secrets`, `false`)" },
    { match: "PathPrefix(`/api/q`)", allow: "QueryOnly(`secrets`, `false`) && Role(`viewer`)" },
    { match: "PathPrefix(`/api`) && Method(`GET`)", allow: "Role(`viewer`)" },
    { match: "PathPrefix(`/api`)", allow: "Role(`runner`)" },
  ],
  forwardHeaders: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Groups": "@roles" },
};

export const GATES = {
  site,
  /** Who shows nothing passes at /maybe, and the application may use Authorization for itself. */
  optional: {
    ...site,
    rules: [{ match: "PathPrefix(`/maybe`)", allow: "optional" }, ...site.rules],
  },
  /** Values of headers with texts around the claims. */
  texts: {
    ...site,
    forwardHeaders: {
      "X-Forwarded-User": "`u:`preferred_username",
      "X-Forwarded-Groups": "groups `;g`",
      "X-Text": "`in, 100%`",
    },
  },
  /** The same with people's sessions: cookies are read. */
  sessions: {
    ...site,
    publicUrl: "http://localhost",
    session: { secrets: "env:SESSION_SECRET" },
  },
};
export type GateName = keyof typeof GATES;

export const ENVIRONMENT = {
  SESSION_SECRET: Buffer.alloc(32, "0123456789abcdef-").toString("hex"),
};
