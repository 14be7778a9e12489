/**
 * The text that `npm start -- --prefect` prints: addresses, users to sign in as, and commands to
 * paste.
 */
import { temporaryFolder } from "../machine/cleanup.ts";
import { writeClient } from "./run.ts";
import type { PrefectStack } from "./stack.ts";
import { people } from "./trial.ts";

const may: Record<keyof typeof people, string> = {
  viewer: "sees everything but secrets",
  runner: "and starts runs",
  developer: "and deploys, edits and deletes",
  owner: "and everything else",
};

export async function prefectGreeting(stack: PrefectStack): Promise<string> {
  const { url, keycloak, trial } = stack;
  const row = (user: string, role: string, what: string) =>
    `  ${user.padEnd(6)}${trial.passwordOf(user).padEnd(14)}${role.padEnd(11)}${what}`;
  const rows = Object.entries(people).map(([role, user]) =>
    row(user, role, may[role as keyof typeof people]),
  );
  const { access_token: token } = await trial.tokens(keycloak.issuer, "rudi");
  // Gone with this process.
  const client = writeClient(temporaryFolder("client").path, stack, "rudi", token);
  return `
Prefect is up, behind Rolegate. Open it in a browser:
  ${url}/

and sign in as one of these, with passwords that were made for this start:
${rows.join("\n")}
${row("nora", "no role", "sees nothing")}

Prefect's pages do not show who is signed in. These addresses do, and sign out:
  ${url}/oidc/session
  ${url}/oidc/logout

  ${keycloak.url}  Keycloak, realm prefect; only what sign-in needs is reachable
  ${stack.prefect.url}  Prefect itself, for comparison: in production only Traefik reaches it

The same on the command line: rudi may start runs, and may not make a pool.

${client} work-pool ls
${client} work-pool create p1 --type process

Refusals are shown here. Ctrl-C ends it.
`;
}
