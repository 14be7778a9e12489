/** Realms of Keycloak among the files: as it exports and imports them, or as its operator's KeycloakRealmImport has them. */
import { textAt, type Tree, valueAt } from "./tree.ts";

const KEYS = ["enabled", "clients", "users", "roles", "sslRequired"];

/** All that the tree holds; an export of several is a list. */
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
