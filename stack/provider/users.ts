/**
 * The users of the development provider. A password is the name, because nothing here must
 * withstand an attack.
 */

export interface User {
  name: string;
  fullName: string;
  /** What the provider calls the roles; the plugin's configuration maps them. */
  roles: string[];
}

const users: Record<string, User> = {
  alice: { name: "alice", fullName: "Alice Ashby", roles: ["app-viewer"] },
  bob: { name: "bob", fullName: "Bob Bauer", roles: ["app-runner"] },
  carol: { name: "carol", fullName: "Carol Castro", roles: ["app-owner"] },
};

/**
 * The known users. A change counts from the next token on; for a session that exists, from its next
 * refresh.
 */
export class People {
  #users = new Map(Object.entries(structuredClone(users)));
  /** Called with the name of who was removed. */
  onRemoved: (name: string) => void = () => {};

  all(): User[] {
    return [...this.#users.values()];
  }

  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  add(user: User): void {
    this.#users.set(user.name, user);
  }

  setRoles(name: string, roles: string[]): void {
    const user = this.#users.get(name);
    if (!user) throw new Error(`no one is called ${name}`);
    user.roles = roles;
  }

  /** No token is made for them from now on, by refresh neither. Applications get no message. */
  remove(name: string): void {
    this.#users.delete(name);
    this.onRemoved(name);
  }
}

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
