/** The realm that Keycloak imports: roles of the realm and of a client, machines, and people. */

export const realmName = "rolegate";

/** The protected application: the audience, and the client whose roles count. */
export const appClient = "app";

/** For the password grant; its tokens carry the application as audience. */
export const peopleClient = "people";

/** The same without the audience. */
export const strangersClient = "strangers";

/** Service accounts, for client credentials: secret and roles. */
export const machines = {
  runner: { secret: "runner-secret", realmRoles: [], clientRoles: ["run"] },
  sensor: { secret: "sensor-secret", realmRoles: ["site-viewer"], clientRoles: [] },
  idler: { secret: "idler-secret", realmRoles: [], clientRoles: [] },
} as const;

/** The password is the name. */
export const people = {
  alice: { realmRoles: ["site-viewer"], clientRoles: [] },
  bob: { realmRoles: [], clientRoles: ["run"] },
  carol: { realmRoles: ["site-owner"], clientRoles: [] },
  dora: { realmRoles: [], clientRoles: [] },
} as const;

/** In the ID token as well, so that its audience alone does not give it away. */
const audienceMapper = {
  name: "audience",
  protocol: "openid-connect",
  protocolMapper: "oidc-audience-mapper",
  config: {
    "included.client.audience": appClient,
    "access.token.claim": "true",
    "id.token.claim": "true",
  },
};

const machineClients = Object.entries(machines).map(([clientId, { secret }]) => ({
  clientId,
  secret,
  serviceAccountsEnabled: true,
  standardFlowEnabled: false,
  protocolMappers: [audienceMapper],
}));

const machineUsers = Object.entries(machines).map(([clientId, { realmRoles, clientRoles }]) => ({
  username: `service-account-${clientId}`,
  enabled: true,
  serviceAccountClientId: clientId,
  realmRoles,
  clientRoles: { [appClient]: clientRoles },
}));

/** Somebody as a realm's file has them. The password is the name. */
export const personOf = (
  name: string,
  realmRoles: readonly string[],
  clientRoles: Record<string, readonly string[]>,
) => ({
  username: name,
  enabled: true,
  email: `${name}@example.com`,
  emailVerified: true,
  firstName: name,
  lastName: "Example",
  credentials: [{ type: "password", value: name }],
  realmRoles,
  clientRoles,
});

const peopleUsers = Object.entries(people).map(([name, { realmRoles, clientRoles }]) =>
  personOf(name, realmRoles, { [appClient]: clientRoles }),
);

const passwordClient = (clientId: string, protocolMappers: object[]) => ({
  clientId,
  publicClient: true,
  directAccessGrantsEnabled: true,
  standardFlowEnabled: false,
  protocolMappers,
});

export const realm = {
  realm: realmName,
  enabled: true,
  accessTokenLifespan: 600,
  roles: {
    realm: [{ name: "site-viewer" }, { name: "site-owner" }],
    client: { [appClient]: [{ name: "run" }] },
  },
  clients: [
    { clientId: appClient, standardFlowEnabled: false },
    passwordClient(peopleClient, [audienceMapper]),
    passwordClient(strangersClient, []),
    ...machineClients,
  ],
  users: [...peopleUsers, ...machineUsers],
};
