/** Unsafe settings in a file of a Keycloak realm: guessable secrets, and unsafe ways to sign in. */
import { isLoopback } from "../keys/discovery.ts";
import type { Setup } from "../source/model.ts";
import { entriesAt, textAt, type Tree, valueAt } from "../source/tree.ts";
import type { CATALOGUE } from "./catalogue-table.ts";
import { finding, type Finding } from "./finding.ts";
import { isElsewhere, whyGuessable } from "./guessable.ts";

type Code = keyof typeof CATALOGUE;

export function checkRealms({ realms }: Setup): Finding[] {
  return realms.flatMap((realm) => [
    ...settings(realm),
    ...items(realm, "clients").flatMap((client) => ofClient(client, realm)),
    ...items(realm, "users").flatMap(ofUser),
    ...otherSecrets(realm).flatMap(({ secret, of }) => ofSecret(secret, `the secret of ${of}`, [])),
    ...ofAdminCli(realm),
  ]);
}

const items = (tree: Tree, key: string): Tree[] => {
  const list = valueAt(tree, key);
  return list?.kind === "list" ? list.items : [];
};
const isOn = (tree: Tree, key: string) => textAt(tree, key) === "true";
/** Keycloak takes an absent setting for enabled. */
const isDisabled = (tree: Tree) => textAt(tree, "enabled") === "false";

/** Option -> the unsafe value, its code, and what it means. */
const SETTINGS: [key: string, unsafe: (text: string) => boolean, Code, string][] = [
  ["sslRequired", (text) => /^none$/i.test(text), "realm_ssl", "takes passwords over plain http"],
  ["registrationAllowed", (text) => text === "true", "realm_registration", "lets anyone sign up"],
  [
    "editUsernameAllowed",
    (text) => text === "true",
    "realm_username_editable",
    "lets people choose another user name",
  ],
  [
    "bruteForceProtected",
    (text) => text !== "true",
    "realm_brute_force",
    "lets passwords be tried without end",
  ],
];

function settings(realm: Tree): Finding[] {
  const name = textAt(realm, "realm");
  return SETTINGS.flatMap(([key, isUnsafe, code, meaning]) => {
    if (!isUnsafe(textAt(realm, key) ?? "")) return [];
    const at = valueAt(realm, key) ?? valueAt(realm, "realm")!;
    return [finding(code, `realm ${name} ${meaning}: ${key}`, at.place)];
  });
}

/** Clients that Keycloak makes in every realm; their addresses are its own pages. */
const OWN = new Set([
  ...["account", "account-console", "admin-cli", "broker"],
  ...["realm-management", "security-admin-console"],
]);

function ofClient(client: Tree, realm: Tree): Finding[] {
  if (isDisabled(client) || isOn(client, "bearerOnly")) return [];
  const id = textAt(client, "clientId") ?? "";
  const found: Finding[] = [];
  const secret = valueAt(client, "secret");
  if (secret && !isOn(client, "publicClient")) {
    const names = [id, textAt(realm, "realm") ?? ""];
    found.push(...ofSecret(secret, `the secret of client ${id}`, names));
  }
  if (isOn(client, "publicClient") && isOn(client, "directAccessGrantsEnabled")) {
    const message = `client ${id} has no secret, and takes names and passwords of people`;
    found.push(
      finding("realm_direct_grant", message, valueAt(client, "directAccessGrantsEnabled")!.place),
    );
  }
  if (isOn(client, "implicitFlowEnabled")) {
    const message = `client ${id} gets tokens in addresses`;
    found.push(
      finding("realm_implicit_flow", message, valueAt(client, "implicitFlowEnabled")!.place),
    );
  }
  return OWN.has(id) ? found : [...found, ...ofAddresses(client, id)];
}

function ofAddresses(client: Tree, id: string): Finding[] {
  const scalarsOf = (key: string) =>
    items(client, key).flatMap((it) => (it.kind === "scalar" ? [it] : []));
  const flows = ["standardFlowEnabled", "implicitFlowEnabled"];
  const redirects = flows.every((key) => textAt(client, key) === "false")
    ? []
    : scalarsOf("redirectUris");
  return [
    ...redirects.flatMap(({ text, place }) => {
      const code = codeOfRedirect(text);
      return code ? [finding(code, `client ${id} sends codes to ${text}`, place)] : [];
    }),
    ...scalarsOf("webOrigins").flatMap(({ text, place }) =>
      text === "*"
        ? [finding("realm_web_origins", `client ${id} lets pages of every site ask`, place)]
        : [],
    ),
  ];
}

/**
 * Keycloak compares the text before a final `*` byte by byte, so the host must have ended there.
 */
function codeOfRedirect(uri: string): Code | undefined {
  const isWildcard = uri.endsWith("*");
  if (isWildcard && !/^([a-z][a-z0-9+.-]*:\/\/[^/*?#]+)?\//i.test(uri)) return "realm_redirect_any";
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (url?.protocol === "http:" && !isLoopback(url.hostname)) return "realm_redirect_insecure";
  return isWildcard ? "realm_redirect_wildcard" : undefined;
}

function ofUser(user: Tree): Finding[] {
  if (isDisabled(user)) return [];
  const name = textAt(user, "username") ?? "";
  const email = textAt(user, "email") ?? "";
  const names = [name, email, email.split("@")[0]!];
  for (const key of ["firstName", "lastName"]) names.push(textAt(user, key) ?? "");
  return items(user, "credentials").flatMap((credential) => {
    const value = valueAt(credential, "value");
    return value ? ofSecret(value, `the password of ${name}`, names) : [];
  });
}

function ofSecret(secret: Tree, what: string, names: string[]): Finding[] {
  if (secret.kind !== "scalar" || isElsewhere(secret.text)) return [];
  const why = whyGuessable(secret.text, names);
  return why
    ? [finding("realm_secret_known", `${what} ${why}`, secret.place)]
    : [finding("realm_secret_clear", `${what} is in the file`, secret.place)];
}

/** Secrets for other servers. */
function otherSecrets(realm: Tree): { secret: Tree; of: string }[] {
  const mail = valueAt(realm, "smtpServer", "password");
  const providers = items(realm, "identityProviders").flatMap((it) => {
    const secret = valueAt(it, "config", "clientSecret");
    return secret ? [{ secret, of: `identity provider ${textAt(it, "alias")}` }] : [];
  });
  const components = entriesAt(realm, "components").flatMap(({ value }) =>
    value.kind === "list" ? value.items : [],
  );
  const directories = components.flatMap((it) => {
    const list = valueAt(it, "config", "bindCredential");
    const of = `directory ${textAt(it, "name")}`;
    return list?.kind === "list" ? list.items.map((secret) => ({ secret, of })) : [];
  });
  return [...(mail ? [{ secret: mail, of: "the mail server" }] : []), ...providers, ...directories];
}

/** Keycloak makes this client in a realm without it, for its own command line. */
function ofAdminCli(realm: Tree): Finding[] {
  const ids = items(realm, "clients").map((client) => textAt(client, "clientId"));
  const clients = valueAt(realm, "clients");
  if (!clients || ids.includes("admin-cli")) return [];
  const message = `realm ${textAt(realm, "realm")}: Keycloak makes the client admin-cli, which has no secret and takes names and passwords of people`;
  return [finding("realm_admin_cli", message, valueAt(realm, "realm")!.place)];
}
