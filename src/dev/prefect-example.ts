/** The files of examples/prefect as people have them, with the addresses of what runs here in the place of theirs. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

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
  clients: { clientId: string; secret?: string }[];
}

/** `publicUrl`: where browsers see Prefect. The secrets are others: Rolegate takes none that begins with `change-me`. */
export function exampleRealm(publicUrl: string): ExampleRealm {
  const text = replaced("keycloak/realm.json", [
    ["https://prefect.example.com", publicUrl],
    ["change-me-app", randomBytes(24).toString("hex")],
    ["change-me-worker", randomBytes(24).toString("hex")],
  ]);
  return JSON.parse(text) as ExampleRealm;
}

export const secretOf = ({ clients }: ExampleRealm, client: string): string =>
  clients.find(({ clientId }) => clientId === client)!.secret!;

export interface Addresses {
  publicUrl: string;
  /** Of Keycloak. */
  issuer: string;
  keycloak: string;
  prefect: string;
  /** Of the entry point for the fetcher of keys. */
  internal: string;
}

/** Traefik's dynamic configuration. Machines come by 127.0.0.1 as well as by the public name. */
export function exampleConfiguration(addresses: Addresses): string {
  const host = new URL(addresses.publicUrl).hostname;
  return replaced("traefik/dynamic/prefect.yml", [
    ["https://sso.example.com/realms/prefect", addresses.issuer],
    ["https://prefect.example.com", addresses.publicUrl],
    ["http://prefect:4200", addresses.prefect],
    ["http://keycloak:8080", addresses.keycloak],
    ["http://127.0.0.1:8088", addresses.internal],
    ["interval: 5s", "interval: 1s"],
    ["Host(`prefect.example.com`)", `(Host(\`${host}\`) || Host(\`127.0.0.1\`))`],
  ]);
}
