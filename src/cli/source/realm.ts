/**
 * Keycloak realms in the files: as Keycloak exports and imports them, or in its operator's
 * KeycloakRealmImport.
 */
import { textAt, type Tree, valueAt } from "./tree.ts";

const KEYS = ["enabled", "clients", "users", "roles", "sslRequired"];

/** All realms in the tree; an export of several is a list. */
export function realmsIn(tree: Tree): Tree[] {
  if (tree.kind === "list") return tree.items.filter(isRealm);
  if (textAt(tree, "kind") === "KeycloakRealmImport") {
    const realm = valueAt(tree, "spec", "realm");
    return realm && isRealm(realm) ? [realm] : [];
  }
  return isRealm(tree) ? [tree] : [];
}

function isRealm(tree: Tree): boolean {
  const isNamed = textAt(tree, "realm") !== undefined;
  return isNamed && KEYS.some((key) => valueAt(tree, key) !== undefined);
}
