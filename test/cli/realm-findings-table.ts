/** A realm of Keycloak that is as it should be, and one thing wrong with it at a time. */

interface Client {
  [key: string]: unknown;
}

export interface Realm {
  [key: string]: unknown;
  clients: Client[];
  users: { [key: string]: unknown; credentials?: object[] }[];
}

export const healthyRealm = (): Realm => ({
  realm: "main",
  enabled: true,
  sslRequired: "external",
  registrationAllowed: false,
  bruteForceProtected: true,
  clients: [
    {
      clientId: "app",
      secret: "${CLIENT_SECRET}",
      publicClient: false,
      standardFlowEnabled: true,
      directAccessGrantsEnabled: false,
      redirectUris: ["https://app.example.com/oidc/callback"],
      webOrigins: [],
    },
    { clientId: "cli", publicClient: true, directAccessGrantsEnabled: false },
    { clientId: "worker", publicClient: false, serviceAccountsEnabled: true },
    { clientId: "admin-cli", publicClient: true, enabled: false, directAccessGrantsEnabled: true },
    // As Keycloak exports its own.
    { clientId: "account", publicClient: true, redirectUris: ["/realms/main/account/*"] },
  ],
  users: [
    { username: "service-account-worker", enabled: true, serviceAccountClientId: "worker" },
    // As exported: only what is left of a password.
    { username: "ada", enabled: true, credentials: [{ type: "password", secretData: "{}" }] },
    { username: "bert", enabled: false, credentials: [{ type: "password", value: "bert" }] },
  ],
  smtpServer: { host: "mail.example.com", password: "**********" },
});

const RANDOM = "Jx3-0qV7nPz9cT2mWd5uKf8hRb1sLy6g";

const client = (index: number, change: Client) => (realm: Realm) =>
  void Object.assign(realm.clients[index]!, change);
const setting = (change: Record<string, unknown>) => (realm: Realm) =>
  void Object.assign(realm, change);
const person = (name: string, password: string) => (realm: Realm) =>
  void realm.users.push({
    ...{ username: name, email: `${name}@example.com`, firstName: "Olga", enabled: true },
    credentials: [{ type: "password", value: password, temporary: false }],
  });
const redirect = (uri: string) => client(0, { redirectUris: [uri] });

/** Code -> changes, each of which brings it and no other. */
export const REALM_FAULTS: Record<string, Record<string, (realm: Realm) => void>> = {
  realm_secret_known: {
    "a password that is the name": person("olga", "olga"),
    "in other case": person("olga", "OLGA"),
    "the address": person("o.example", "o.example@example.com"),
    "its first part": person("o.example", "o.example"),
    "the first name": person("o1", "olga"),
    "a common one": person("olga", "password"),
    "an example": person("olga", "Change-Me-Please-1"),
    "a secret that was to be changed": client(0, { secret: "change-me-app" }),
    "a worker's": client(2, { secret: "change-me-worker" }),
    "the client's id": client(2, { clientId: "reporting-worker-1", secret: "reporting-worker-1" }),
    "few characters": client(2, { secret: "abcabcabcabcabcabcabcabcabc" }),
    "of an identity provider": setting({
      identityProviders: [{ alias: "github", config: { clientSecret: "your-client-secret" } }],
    }),
    "of a directory": setting({
      components: {
        "org.keycloak.storage.UserStorageProvider": [
          { name: "ldap", config: { bindCredential: ["admin"] } },
        ],
      },
    }),
    "of the mail server": setting({ smtpServer: { password: "secret" } }),
  },
  realm_secret_clear: {
    "a password": person("olga", RANDOM),
    "a client's secret": client(0, { secret: RANDOM }),
    "the mail server's": setting({ smtpServer: { password: RANDOM } }),
  },
  realm_direct_grant: { "on a public client": client(1, { directAccessGrantsEnabled: true }) },
  realm_admin_cli: { "left to Keycloak": (realm) => void realm.clients.splice(3, 1) },
  realm_implicit_flow: { "of a client": client(0, { implicitFlowEnabled: true }) },
  realm_redirect_any: {
    "every address": redirect("*"),
    "every host": redirect("https://*"),
    "a host that may go on": redirect("https://app.example.com*"),
    "a port that may go on": redirect("https://app.example.com:8*"),
  },
  realm_redirect_wildcard: {
    "every path": redirect("https://app.example.com/*"),
    "below a path": redirect("https://app.example.com/oidc/*"),
    "relative to the client's address": redirect("/*"),
  },
  realm_redirect_insecure: {
    "plain http": redirect("http://app.example.com/oidc/callback"),
  },
  realm_web_origins: { "all of them": client(0, { webOrigins: ["*"] }) },
  realm_ssl: {
    none: setting({ sslRequired: "none" }),
    "in capitals, as Keycloak exports it": setting({ sslRequired: "NONE" }),
  },
  realm_registration: { "of anybody": setting({ registrationAllowed: true }) },
  realm_username_editable: { "by the person": setting({ editUsernameAllowed: true }) },
  realm_brute_force: {
    off: setting({ bruteForceProtected: false }),
    "not said": setting({ bruteForceProtected: undefined }),
  },
};

/** Nothing is said of these. */
export const SAFE: Record<string, (realm: Realm) => void> = {
  "plain http to this machine": redirect("http://127.0.0.1:8080/oidc/callback"),
  "and by name": redirect("http://localhost/oidc/callback"),
  "an address of an application on a telephone": redirect("com.example.app:/callback"),
  "what is sent to a client that sends nobody anywhere": client(1, {
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    redirectUris: ["*"],
  }),
  "a client that is off": client(1, {
    ...{ enabled: false, directAccessGrantsEnabled: true, redirectUris: ["*"] },
  }),
};
