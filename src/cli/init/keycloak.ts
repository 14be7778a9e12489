/**
 * The client and the roles at Keycloak: to click, as a script of its own command, and as a file
 * that a realm imports.
 */
import { CliError } from "../failure.ts";
import { addressesOf, type Answers } from "./answers.ts";
import type { PlannedFile } from "./planned.ts";

export const PROVIDER_SETUPS = ["kcadm", "realm"] as const;
export type ProviderSetup = (typeof PROVIDER_SETUPS)[number];

/** In the words of Keycloak's admin console. */
export function keycloakClicks(answers: Answers, roles: string[]): string[] {
  const { redirect, signedOut, backchannel } = addressesOf(answers);
  const { clientId, clientSecret, signIn } = answers;
  const steps = [
    `Clients > Create client: Client ID ${clientId}, Next`,
    ...(signIn
      ? [
          `Client authentication ${clientSecret ? "On" : "Off"}, of the flows only Standard flow, Next`,
          `Valid redirect URIs ${redirect}, Valid post logout redirect URIs ${signedOut}, Save`,
          `Settings > Logout settings: Front channel logout Off, Backchannel logout URL ${backchannel}, session required On, Save`,
          "Advanced > Proof Key for Code Exchange Code Challenge Method S256, Save",
          ...(clientSecret ? ["Credentials > Client Secret: copy it for CLIENT_SECRET"] : []),
        ]
      : ["Client authentication Off, of the flows none, Save"]),
    `Client scopes > ${clientId}-dedicated > Configure a new mapper > Audience: Included Client Audience ${clientId}, Add to access token On, Save: without it tokens of programs are refused`,
    ...(roles.length > 0
      ? [
          `Realm roles > Create role: ${roles.join("; ")}`,
          "Users > somebody > Role mapping > Assign role > Realm roles",
        ]
      : []),
  ];
  return [
    "  In Keycloak's admin console (or --provider-setup kcadm, --provider-setup realm):",
    ...steps.map((step, at) => `  ${String(at + 1).padStart(2)}. ${step}`),
  ];
}

/** As Keycloak's admin API takes it. It makes the secret itself. */
function clientOf(answers: Answers): Record<string, unknown> {
  const { redirect, signedOut, backchannel } = addressesOf(answers);
  const { clientId, clientSecret, signIn } = answers;
  return {
    clientId,
    protocol: "openid-connect",
    publicClient: !(signIn && clientSecret),
    standardFlowEnabled: signIn,
    directAccessGrantsEnabled: false,
    frontchannelLogout: false,
    redirectUris: signIn ? [redirect] : [],
    webOrigins: [],
    attributes: signIn
      ? {
          "post.logout.redirect.uris": signedOut,
          "backchannel.logout.url": backchannel,
          "backchannel.logout.session.required": "true",
          "pkce.code.challenge.method": "S256",
        }
      : {},
    protocolMappers: [
      {
        name: "audience",
        protocol: "openid-connect",
        protocolMapper: "oidc-audience-mapper",
        config: {
          "included.client.audience": clientId,
          "access.token.claim": "true",
          "id.token.claim": "false",
        },
      },
    ],
  };
}

export function keycloakFile(
  form: ProviderSetup,
  answers: Answers,
  roles: string[],
): { file: PlannedFile; next: string[] } {
  if (answers.provider !== "keycloak") {
    throw new CliError(
      "provider_setup",
      "--provider-setup writes what Keycloak takes",
      "give --provider keycloak; what others need is printed",
    );
  }
  const realm = /\/realms\/([^/]+)\/?$/.exec(answers.issuer)?.[1];
  if (realm === undefined) {
    throw new CliError(
      "issuer_invalid",
      `${answers.issuer} is no realm of Keycloak`,
      "an issuer of Keycloak ends in /realms/NAME",
    );
  }
  return form === "realm" ? partialImport(answers, roles) : script(answers, roles, realm);
}

function partialImport(answers: Answers, roles: string[]) {
  const content = {
    clients: [clientOf(answers)],
    roles: { realm: roles.map((name) => ({ name })) },
  };
  return {
    file: { path: "keycloak.json", content: `${JSON.stringify(content, null, 2)}\n` },
    next: [
      "# Keycloak's admin console: Realm settings > Action > Partial import > keycloak.json",
      ...(hasSecret(answers)
        ? [`# and Clients > ${answers.clientId} > Credentials has the secret`]
        : []),
    ],
  };
}

const hasSecret = ({ signIn, clientSecret }: Answers) => signIn && clientSecret;
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Two calls of it change nothing: what is there is an error of kcadm's, and ends the script. */
function script(answers: Answers, roles: string[], realm: string) {
  const { clientId } = answers;
  const server = answers.issuer.replace(/\/realms\/[^/]+\/?$/, "");
  const content = `#!/bin/sh
# Made by \`rolegate init\`: a client and its roles at Keycloak. Before it, with Keycloak's own kcadm.sh on PATH or in KCADM:
#   kcadm.sh config credentials --server ${server} --realm master --user admin
set -eu
kcadm=\${KCADM:-kcadm.sh}
realm=${quote(decodeURIComponent(realm))}
client=$("$kcadm" create clients -r "$realm" -i -f - <<'CLIENT'
${JSON.stringify(clientOf(answers), null, 2)}
CLIENT
)
${roles.map((name) => `"$kcadm" create roles -r "$realm" -s ${quote(`name=${name}`)}\n`).join("")}${
    hasSecret(answers)
      ? `# The only thing on standard output: eval "$(sh keycloak.sh)" has it in the environment.
secret=$("$kcadm" get "clients/$client/client-secret" -r "$realm" --fields value --format csv --noquotes)
echo "export CLIENT_SECRET='$secret'"
`
      : ""
  }echo ${quote(`client ${clientId}: made, with roles ${roles.join(", ") || "none"}`)} >&2
`;
  return {
    file: { path: "keycloak.sh", content, mode: 0o755 },
    next: [
      `kcadm.sh config credentials --server ${server} --realm master --user admin`,
      hasSecret(answers) ? 'eval "$(sh keycloak.sh)"' : "sh keycloak.sh",
    ],
  };
}
