/**
 * The files of examples/prefect as people have them, with the addresses of what runs here in the
 * place of theirs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../tools/root.ts";

const read = (name: string) => readFileSync(join(root, "examples/prefect", name), "utf8");

/** Throws when a text that is to be replaced is not there. */
function replaced(name: string, places: [string, string][]): string {
  return places.reduce((text, [theirs, ours]) => {
    if (!text.includes(theirs)) throw new Error(`examples/prefect/${name} has no ${theirs}`);
    return text.replaceAll(theirs, ours);
  }, read(name));
}

export interface ExampleRealm {
  realm: string;
  clients: {
    clientId: string;
    secret?: string;
    redirectUris?: string[];
    attributes?: Record<string, string>;
    protocolMappers?: object[];
  }[];
  users: { username: string }[];
}

/**
 * `publicUrl`: where browsers see Prefect; `alsoUrl`: another address of it. Keycloak puts the
 * client's secret in, from its environment.
 */
export function exampleRealm(publicUrl: string, alsoUrl?: string): ExampleRealm {
  const text = replaced("keycloak/realm.json", [["https://prefect.example.com", publicUrl]]);
  const realm = JSON.parse(text) as ExampleRealm;
  const { redirectUris, attributes } = realm.clients.find(
    ({ clientId }) => clientId === "prefect",
  )!;
  if (alsoUrl !== undefined) {
    redirectUris!.push(`${alsoUrl}/oidc/callback`);
    attributes![POST_LOGOUT] += `##${alsoUrl}/`;
  }
  return realm;
}

const POST_LOGOUT = "post.logout.redirect.uris";

/** Keycloak's command line. `url`: where browsers see it. */
export function exampleKeycloak(url: string): string[] {
  const text = replaced("compose.yml", [["https://sso.example.com", url]]);
  const { services } = parse(text) as { services: { keycloak: { command: string[] } } };
  // The one of this machine is built for a database in memory.
  return services.keycloak.command.filter((argument) => !argument.startsWith("--db="));
}

export interface Addresses {
  publicUrl: string;
  /** Another address under which people find it. */
  alsoUrl?: string | undefined;
  /** Keycloak's issuer. */
  issuer: string;
  /** Where it listens. */
  keycloak: string;
  prefect: string;
  /** Address of the entry point for the fetcher of keys. */
  internal: string;
}

/** Traefik's dynamic configuration. Machines come by 127.0.0.1 as well as by the public name. */
export function exampleConfiguration(addresses: Addresses): string {
  const host = new URL(addresses.publicUrl).hostname;
  return replaced("traefik/dynamic/prefect.yml", [
    ["https://sso.example.com/realms/prefect", addresses.issuer],
    [
      "publicUrl: https://prefect.example.com",
      `publicUrl: ${JSON.stringify([addresses.publicUrl, addresses.alsoUrl].filter(Boolean))}`,
    ],
    ["http://prefect:4200", addresses.prefect],
    ["http://keycloak:8080", addresses.keycloak],
    ["http://127.0.0.1:8088", addresses.internal],
    ["interval: 5s", "interval: 1s"],
    ["Host(`prefect.example.com`)", `(Host(\`${host}\`) || Host(\`127.0.0.1\`))`],
  ]);
}

/** The router of Keycloak's, at an entry point of its own. */
export function exampleSso(entryPoint: string, { keycloak }: Addresses): string {
  return replaced("traefik/dynamic/keycloak.yml", [
    // Here the entry point tells Keycloak from Prefect, whose name this machine's address is as
    // well.
    ["Host(`sso.example.com`) && ", ""],
    ["[websecure]", `[${entryPoint}]`],
    ["http://keycloak:8080", keycloak],
  ]);
}
