/** The plugin's block for some answers, and the routers and services around it, as plain data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageFolder } from "../plugin.ts";
import type { Answers, Preset } from "./answers.ts";

export type Tree = Record<string, unknown>;

/** Rules, and the roles that they name. */
function policyOf(preset: Preset): Tree {
  if (preset === "prefect") {
    const text = readFileSync(join(packageFolder, "presets/prefect.yml"), "utf8");
    return parse(text) as Tree;
  }
  if (preset === "read-write") {
    return {
      roles: { viewer: ["viewer"], editor: ["editor"] },
      roleHierarchy: { editor: ["viewer"] },
      rules: [
        {
          name: "read",
          match: "PathPrefix(`/`) && Method(`GET`, `HEAD`)",
          allow: "Role(`viewer`)",
        },
        { name: "write", match: "PathPrefix(`/`)", allow: "Role(`editor`)" },
      ],
    };
  }
  return { rules: [{ name: "signed-in", match: "PathPrefix(`/`)", allow: "authenticated" }] };
}

/** Path of the session's secret, as the plugin reads it. */
export const SECRET_FILE = "/state/session-secret";

export interface SecretPlaces {
  session: string;
  client: string;
}

export function blockOf(answers: Answers, { session, client }: SecretPlaces): Tree {
  const { issuer, clientId, publicUrl, signIn, clientSecret, preset } = answers;
  const policy = policyOf(preset);
  return {
    issuer,
    clientId,
    ...(signIn
      ? {
          publicUrl,
          session: { secrets: [session] },
          login: clientSecret ? { clientSecret: client } : { clientAuth: "none" },
        }
      : {}),
    stateDir: "/state",
    ...policy,
    forwardHeaders: {
      "X-Forwarded-User": "preferred_username",
      "X-Forwarded-Email": "email",
      // Without a map of roles this would be all of the provider's roles, and all in the cookie.
      ...(policy.roles ? { "X-Forwarded-Groups": "@roles" } : {}),
    },
  };
}

/** Sizes of `buffering` after the login middleware: enough for a provider's response. */
export const BUFFERING = {
  maxRequestBodyBytes: 65_536,
  memRequestBodyBytes: 65_536,
  maxResponseBodyBytes: 1_048_576,
  memResponseBodyBytes: 1_048_576,
};

/** Names that all targets use. */
export const NAMES = {
  plugin: "rolegate",
  protect: "rolegate",
  login: "rolegate-login",
  keys: "rolegate-keys",
  buffering: "rolegate-buffering",
  tick: "rolegate-tick",
  entryPoint: "rolegate",
} as const;

export const LOGIN_PATHS = "(Path(`/oidc`) || PathPrefix(`/oidc/`))";
export const KEYS_INTERVAL = "5s";

/** The provider's origin: the service that the plugin's own requests go to. */
export const providerOrigin = ({ issuer }: Answers) => new URL(issuer).origin;
