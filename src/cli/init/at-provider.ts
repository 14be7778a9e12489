/**
 * What is left to do at the provider: addresses, roles, and what its page in docs/providers says,
 * with the own values.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../plugin.ts";
import { rowOf } from "../providers/table.ts";
import { addressesOf, type Answers } from "./answers.ts";
import { blockOf, SECRET_FILE } from "./block.ts";
import { keycloakClicks } from "./keycloak.ts";

/** The provider's names of the roles that the rules take; empty: none is needed. */
export function rolesAtProvider(answers: Answers): string[] {
  const secrets = { session: `file:${SECRET_FILE}`, client: "env:CLIENT_SECRET" };
  const { roles = {} } = blockOf(answers, secrets) as { roles?: Record<string, string[]> };
  return [...new Set(Object.values(roles).flat())];
}

/** Lines for people. */
export function atProvider(answers: Answers): string[] {
  const roles = rolesAtProvider(answers);
  const { provider, audience, clientId } = answers;
  const words = provider === "keycloak" ? keycloakClicks(answers, roles) : pageOf(answers);
  return [
    ...(answers.signIn ? addressRows(answers) : []),
    `  roles that must exist  ${roles.join(", ") || "none"}`,
    `  aud of programs        ${audience ?? clientId ?? ""}`,
    ...(words.length > 0 ? ["", ...words] : []),
  ];
}

function addressRows(answers: Answers): string[] {
  const { redirect, signedOut, backchannel } = addressesOf(answers);
  return [
    `  redirect URI           ${redirect}`,
    `  URI after signing out  ${signedOut}`,
    `  back-channel logout    ${backchannel}`,
  ];
}

/** Steps that init does by itself, or lists above. */
const LEFT_OUT = /^(Endpoints|Issuer|Keys|Not verified|Tried|Note|When|Version)/;

/** The page's points, each in one line. */
function pageOf(answers: Answers): string[] {
  const { provider, publicUrl, issuer, clientId } = answers;
  if (provider === null) return [];
  const file = join(packageFolder, "docs/providers", `${provider}.md`);
  if (!existsSync(file)) return [];
  const [prose = ""] = readFileSync(file, "utf8").split("```yaml");
  const row = rowOf(provider);
  return prose
    .split(/^- /m)
    .slice(1)
    .map((point) => point.replace(/\s+/g, " ").trim().replaceAll("**", ""))
    .filter((point) => !LEFT_OUT.test(point))
    .map((point) =>
      point
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replaceAll("https://app.example.com", publicUrl)
        .replaceAll(row.issuer, issuer)
        .replaceAll(row.clientId && row.clientId !== "app" ? row.clientId : "\0", clientId ?? ""),
    )
    .map((point) => `  ${point}`);
}
