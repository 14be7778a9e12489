/** The configuration of most tests of sign-in, and what differs in others. */
import { createHash } from "node:crypto";
import { ec, keySet, rsa } from "../support/keys.ts";
import { placeOf } from "../support/baked-session.ts";
import { ORIGIN } from "../support/login-host.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

export const SECRET = createHash("sha256").update("a secret of sessions").digest();
export const CLIENT_SECRET = "a client's secret, é: 100%";
export const PLACE = placeOf(SECRET, ORIGIN);
export const STATE = "/state";

export type Block = Record<string, unknown>;

const LOGIN: Block = { clientSecret: CLIENT_SECRET };

/** `changes` of the block; `login` and `session` are merged into what is there. */
export function block({ login, session, ...changes }: Block = {}): Block {
  return {
    issuer: ISSUER,
    clientId: CLIENT,
    jwks: JSON.stringify(keySet(rsa, ec)),
    publicUrl: ORIGIN,
    session: { secrets: [SECRET.toString("base64url")], ...(session as object) },
    login: { ...LOGIN, ...(login as object) },
    roles: { viewer: ["app-viewer"], owner: ["app-owner"] },
    rules: [
      { name: "owner", match: "PathPrefix(`/owner`)", allow: "Role(`owner`)" },
      { name: "all", match: "PathPrefix(`/`)", allow: "Role(`viewer`, `owner`)" },
    ],
    forwardHeaders: { "X-User": "preferred_username", "X-Roles": "@roles" },
    logLevel: "debug",
    audit: "all",
    ...changes,
  };
}
