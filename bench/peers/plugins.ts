/**
 * Plugins in Go, which Traefik interprets: checkouts as its local mode has them, their dependencies in `vendor/`.
 * Each does as much of the same work as it can: signature, issuer, audience, one role, the user's header.
 * A check that a peer lacks makes it faster, not slower.
 */
import { createPublicKey, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "../../stack/traefik/config.ts";
import type { Contender, Scenario } from "../contenders.ts";
import { CLIENT, ISSUER, type Key } from "../keys.ts";
import type { World } from "../world.ts";
import { SCOPES } from "./provider.ts";
import { signIn } from "./sign-in.ts";

interface GoPlugin {
  /** Its folder in DIR. */
  name: string;
  scenarios: Scenario[];
  block(world: World): Tree;
}

/** Traefik's file provider evaluates templates: this is one that it hands on. */
const template = (text: string) => `{{\`{{ ${text} }}\`}}`;
const ROLE = "prefect-runner";
/** The same for all starts of a peer in a run. */
const secret = randomBytes(16).toString("hex");

const PLUGINS: GoPlugin[] = [
  {
    name: "traefik-oidc-auth",
    scenarios: ["warm", "distinct", "session"],
    block: ({ provider }) => ({
      LogLevel: "ERROR",
      Secret: secret,
      Provider: {
        Url: provider.url,
        InsecureSkipVerify: true,
        ClientId: CLIENT,
        ClientSecret: secret,
        ValidIssuer: ISSUER,
        TokenValidation: "AccessToken",
      },
      Scopes: SCOPES,
      AuthorizationHeader: { Name: "Authorization" },
      Authorization: { AssertClaims: [{ Name: "realm_access.roles", AnyOf: [ROLE] }] },
      Headers: [
        { Name: "X-Forwarded-User", Value: template(".claims.preferred_username") },
        { Name: "X-Forwarded-Email", Value: template(".claims.email") },
      ],
    }),
  },
  {
    // It checks no path, no `typ`, and that no key signs for another issuer. It gets the key as PEM.
    name: "jwt-middleware",
    scenarios: ["warm", "distinct"],
    block: ({ key }) => ({
      validMethods: ["RS256"],
      secrets: { [key.kid]: pem(key.jwk) },
      require: { aud: CLIENT, realm_access: { roles: ROLE } },
      headerMap: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Email": "email" },
      forwardToken: false,
    }),
  },
  {
    // It names the user by itself. A header of one's own would have it write the session anew for each request.
    name: "traefikoidc",
    scenarios: ["session"],
    block: ({ provider }) => ({
      logLevel: "error",
      providerURL: provider.url,
      allowPrivateIPAddresses: true,
      insecureSkipVerify: true,
      clientID: CLIENT,
      clientSecret: secret,
      sessionEncryptionKey: secret + secret,
      callbackURL: "/oauth2/callback",
      userIdentifierClaim: "preferred_username",
      allowedRolesAndGroups: [ROLE],
      rateLimit: 1_000_000,
    }),
  },
];

function pem(jwk: Key["jwk"]): string {
  const key = createPublicKey({ key: jwk, format: "jwk" });
  return key.export({ type: "spki", format: "pem" }).toString();
}

export const goPlugins = PLUGINS.map(({ name, scenarios, block }) => ({
  name,
  place: (dir: string) => join(dir, name),
  contender(folder: string): Contender {
    const module = /^module\s+(\S+)/m.exec(readFileSync(join(folder, "go.mod"), "utf8"))![1]!;
    if (!existsSync(join(folder, ".traefik.yml"))) throw new Error(`${folder}: no .traefik.yml`);
    return {
      name,
      title: name,
      scenarios,
      decides: "role",
      prepare: (world) => ({
        middlewares: { peer: { plugin: { peer: block(world) } } },
        traefik: { pluginDir: null, morePlugins: { peer: { module, folder } } },
        credential: (scenario, address, index) =>
          scenario === "session"
            ? signIn({ address, provider: world.provider })
            : world.token(index),
        user: "bob.runner",
      }),
    };
  },
}));
