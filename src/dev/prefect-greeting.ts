/** What `npm start -- --prefect` prints: where to go, whom to sign in as, and commands to paste. */
import { prefectRun } from "./prefect-run.ts";
import { people, type PrefectStack } from "./prefect-stack.ts";

const may: Record<keyof typeof people, string> = {
  viewer: "sees everything but secrets",
  runner: "and starts runs",
  developer: "and deploys, edits and deletes",
  owner: "and everything else",
};

export async function prefectGreeting(stack: PrefectStack): Promise<string> {
  const { url, keycloak } = stack;
  const rows = Object.entries(people).map(
    ([role, user]) => `  ${user.padEnd(6)}${role.padEnd(11)}${may[role as keyof typeof people]}`,
  );
  return `
Prefect is up, behind Rolegate. Open it in a browser:
  ${url}/

and sign in as one of these; the password is the name:
${rows.join("\n")}
  nora  nothing    and may nothing

  ${keycloak.url}  Keycloak, realm prefect
  ${stack.prefect.url}  Prefect itself, for comparison: in earnest nobody but Traefik reaches it

The same on the command line: rudi may start runs, and may not make a pool.

${prefectRun(stack, await tokenOf(stack, "rudi"), "work-pool ls")}

${prefectRun(stack, await tokenOf(stack, "rudi"), "work-pool create p1 --type process")}

Refusals are shown here. Ctrl-C ends it.
`;
}

/** By name and password; tokens of the example's `prefect-cli` live for eight hours. */
async function tokenOf({ keycloak }: PrefectStack, user: string): Promise<string> {
  const response = await fetch(`${keycloak.issuer}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      client_id: "prefect-cli",
      username: user,
      password: user,
      scope: "openid",
    }),
  });
  if (!response.ok) throw new Error(`no token for ${user}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}
