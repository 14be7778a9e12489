/** The people of the development provider. A password is the name: nothing here is meant to withstand anybody. */

export interface User {
  name: string;
  fullName: string;
  /** What the provider calls the roles; the plugin's configuration maps them. */
  roles: string[];
}

export const users: Record<string, User> = {
  alice: { name: "alice", fullName: "Alice Ashby", roles: ["app-viewer"] },
  bob: { name: "bob", fullName: "Bob Bauer", roles: ["app-runner"] },
  carol: { name: "carol", fullName: "Carol Castro", roles: ["app-owner"] },
};

/** Claims of the access token and of the ID token: roles flat, and in Keycloak's shape. */
export function claimsOf({ name, fullName, roles }: User): Record<string, unknown> {
  return {
    preferred_username: name,
    name: fullName,
    email: `${name}@example.com`,
    email_verified: true,
    roles,
    realm_access: { roles },
  };
}
