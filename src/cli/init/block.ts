/** The plugin's block for some answers, and the names and sizes around it, as plain data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageFolder } from "../plugin.ts";
import { filled, type Tree } from "../providers/row.ts";
import { rowOf } from "../providers/table.ts";
import type { Answers } from "./answers.ts";
import { storeBlock } from "./store.ts";
import { type KnownMetadata, placesOf, type Places } from "./places.ts";

export type { Tree };

/**
 * Rules, and the roles that they name: the provider's names of them, where the provider is known.
 */
function policyOf({ preset, provider }: Answers): Tree {
  const row = provider === null ? null : rowOf(provider);
  switch (preset) {
    case "prefect": {
      const text = readFileSync(join(packageFolder, "presets/prefect.yml"), "utf8");
      return parse(text) as Tree;
    }
    case "admin":
      return (
        row?.policy ?? {
          roles: row?.roles ?? { viewer: ["viewer"], owner: ["owner"] },
          roleHierarchy: { owner: ["viewer"] },
          rules: [
            { name: "admin", match: "PathPrefix(`/admin`)", allow: "Role(`owner`)" },
            { name: "use", match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
          ],
        }
      );
    case "read-write":
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
    case "signed-in":
      return { rules: [{ name: "signed-in", match: "PathPrefix(`/`)", allow: "authenticated" }] };
  }
}

/** Path of the session's secret, as the plugin reads it. */
export const SECRET_FILE = "/state/session-secret";

export interface SecretPlaces {
  session: string;
  client: string;
}

export function blockOf(answers: Answers, secrets: SecretPlaces): Tree {
  const { issuer, clientId, publicUrl, signIn, provider } = answers;
  const row = provider === null ? null : rowOf(provider);
  const wanted = row ? filled(row.block, answers) : {};
  const { login: wantedLogin, ...others } = wanted as { login?: Tree };
  const login = {
    ...(signIn ? proofOf(answers, secrets) : {}),
    // A public client proves nothing, and bearer tokens need no scopes.
    ...(signIn ? withoutProof(wantedLogin, answers) : endpointsOf(wantedLogin)),
    ...placesOfAnswers(answers).login,
  };
  const policy = policyOf(answers);
  return {
    issuer,
    ...(clientId === null ? {} : { clientId }),
    ...(answers.audience === null ? {} : { audience: [answers.audience] }),
    ...(signIn ? { publicUrl, session: { secrets: [secrets.session] } } : {}),
    ...(Object.keys(login).length > 0 ? { login } : {}),
    stateDir: "/state",
    ...(answers.store ? { store: storeBlock(answers.store) } : {}),
    ...others,
    ...policy,
    forwardHeaders: {
      "X-Forwarded-User": row?.user ?? "preferred_username",
      ...(row?.bearerOnly ? {} : { "X-Forwarded-Email": "email" }),
      // Without a map of roles this would be all of the provider's roles, and all in the cookie.
      ...(policy.roles ? { "X-Forwarded-Groups": "@roles" } : {}),
    },
  };
}

const proofOf = ({ clientSecret }: Answers, { client }: SecretPlaces): Tree =>
  clientSecret ? { clientSecret: client } : { clientAuth: "none" };

function withoutProof(login: Tree = {}, { clientSecret }: Answers): Tree {
  const { clientAuth, ...rest } = login;
  return clientSecret && clientAuth !== undefined ? { clientAuth, ...rest } : rest;
}

const endpointsOf = ({ endpoints }: Tree = {}): Tree =>
  endpoints === undefined ? {} : { endpoints };

/**
 * The block of the middleware in mode keys, if its router leads elsewhere than the others': only
 * what it needs.
 */
export function keysBlockOf(answers: Answers): Tree | null {
  const { keysService, login } = placesOfAnswers(answers);
  if (keysService === null) return null;
  const { issuer, clientId, audience } = answers;
  return {
    mode: "keys",
    issuer,
    ...(clientId === null ? {} : { clientId }),
    ...(audience === null ? {} : { audience: [audience] }),
    login: {
      service: keysService,
      endpointOrigins: login.endpointOrigins,
      endpoints: { jwks: login.endpoints!.jwks },
    },
    stateDir: "/state",
  };
}

export function placesOfAnswers({ issuer, metadata, signIn, provider }: Answers): Places {
  const row = provider === null ? null : rowOf(provider);
  const { endpoints, userinfo } = (row?.block.login ?? {}) as { endpoints?: Tree; userinfo?: true };
  // What the row says of an endpoint holds, whatever the metadata says.
  const known = endpoints ? null : row?.hasOtherLogout ? withoutLogout(metadata) : metadata;
  return placesOf(issuer, known, { signIn, userinfo: userinfo === true });
}

function withoutLogout(metadata: KnownMetadata): KnownMetadata {
  const { end_session_endpoint: _, ...rest } = metadata ?? {};
  return rest;
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
  store: "rolegate-store",
  storeTick: "rolegate-store-tick",
  engine: "engine",
  keysProvider: "provider-keys",
  entryPoint: "rolegate",
} as const;

export const LOGIN_PATHS = "(Path(`/oidc`) || PathPrefix(`/oidc/`))";
export const KEYS_INTERVAL = "5s";
