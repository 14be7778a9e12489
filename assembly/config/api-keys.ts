/**
 * Reads `apiKeys`, from the configuration or a file: the holder of each key, its roles and its end.
 */
import { ApiKey, ApiKeys } from "../claims/api-key";
import { Bits } from "../claims/bits";
import { Hierarchy } from "../claims/roles";
import { API_KEYS } from "../limits";
import { Bytes } from "../text/bytes";
import { decodeHex } from "../text/hex";
import { parseTimestamp } from "../text/time";
import { ApiKeyOptions } from "./options";
import { Section } from "./section";

const DIGEST_BYTES = 32;

/** Adds a list of keys. `numberRoles` gives their roles numbers, when all are known. */
export function readApiKeys(section: Section, key: string, keys: ApiKeys): void {
  const entries = section.sections(key);
  if (!entries) return;
  if (entries.length > API_KEYS) section.error(key, "too_many", `more than ${API_KEYS} keys`);
  for (let i = 0; i < entries.length && i < API_KEYS; i++) readApiKey(entries[i], keys);
}

function readApiKey(entry: Section, keys: ApiKeys): void {
  const name = ApiKeyOptions.name(entry);
  if (!name && !entry.has("name")) entry.error("name", "missing", "expected who holds the key");
  const hex = ApiKeyOptions.sha256(entry);
  const digest = hex ? decodeHex(hex) : null;
  const isDigest = digest !== null && digest.length == DIGEST_BYTES;
  if (!isDigest) {
    entry.error(
      "sha256",
      "wrong_value",
      "expected the SHA-256 of the key, in 64 hexadecimal digits; never the key itself",
    );
  }
  const roles = ApiKeyOptions.roles(entry);
  const expires = ApiKeyOptions.expires(entry);
  const end = expires ? parseTimestamp(expires) : i64.MAX_VALUE;
  if (end < 0) {
    entry.error(
      "expires",
      "wrong_value",
      "expected a time in UTC, in quotes, as in 2027-01-01T00:00:00Z",
    );
  }
  entry.refuseOthers(ApiKeyOptions.KEYS);
  if (!name || !digest || !isDigest) return;
  if (!keys.add(new ApiKey(name, digest, roles ? roles : [], end))) {
    entry.error("sha256", "duplicate", "this key is listed already");
  }
}

/** Makes the keys' roles known to the hierarchy, before it is closed. */
export function nameRoles(keys: ApiKeys, hierarchy: Hierarchy): void {
  for (let i = 0; i < keys.list.length; i++) {
    const names = keys.list[i].roleNames;
    for (let j = 0; j < names.length; j++) hierarchy.role(names[j]);
  }
}

/**
 * Sets the keys' roles, with all that the closed hierarchy adds. A role that nothing else names has
 * no effect.
 */
export function numberRoles(keys: ApiKeys, hierarchy: Hierarchy): void {
  for (let i = 0; i < keys.list.length; i++) {
    const key = keys.list[i];
    key.roles = Bits.make(hierarchy.names.length);
    for (let j = 0; j < key.roleNames.length; j++) {
      const role = hierarchy.names.find(key.roleNames[j]);
      if (role >= 0) hierarchy.grant(role, key.roles);
    }
  }
}

/** The roles of a key that no rule knows. */
export function otherRoles(key: ApiKey, hierarchy: Hierarchy): Array<Bytes> {
  const others: Array<Bytes> = [];
  for (let i = 0; i < key.roleNames.length; i++) {
    if (hierarchy.names.find(key.roleNames[i]) < 0) others.push(key.roleNames[i]);
  }
  return others;
}
