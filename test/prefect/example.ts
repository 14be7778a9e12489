/** The files of examples/prefect as people have them, with the addresses of what runs here in the place of theirs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../src/dev/root.ts";

const read = (name: string) => readFileSync(join(root, "examples/prefect", name), "utf8");

export const exampleRealm = JSON.parse(read("keycloak/realm.json")) as {
  realm: string;
  clients: { clientId: string; secret?: string }[];
  users: { username: string; groups?: string[] }[];
};

export const secretOf = (client: string): string =>
  exampleRealm.clients.find(({ clientId }) => clientId === client)!.secret!;

export interface Addresses {
  issuer: string;
  prefect: string;
  host: string;
}

/** Traefik's dynamic configuration. Throws when a name that is to be replaced is not there. */
export function exampleConfiguration({ issuer, prefect, host }: Addresses): string {
  const places: [string, string][] = [
    ["https://sso.example.com/realms/prefect", issuer],
    ["http://prefect:4200", prefect],
    ["Host(`prefect.example.com`)", `Host(\`${host}\`)`],
  ];
  let text = read("traefik/dynamic/prefect.yml");
  for (const [name, here] of places) {
    if (!text.includes(name)) throw new Error(`examples/prefect has no ${name}`);
    text = text.replaceAll(name, here);
  }
  return text;
}
