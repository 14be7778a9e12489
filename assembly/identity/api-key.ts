/** Verifies API keys: from the key's text to its holder's identity. */
import { ApiKey, isKey } from "../claims/api-key";
import { Bits } from "../claims/bits";
import { roleNames } from "../claims/header";
import { API_KEY, Identity } from "../claims/identity";
import { otherRoles } from "../config/api-keys";
import { Settings } from "../config/settings";
import { sha256 } from "../crypto/sha256";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Verification } from "./verify";

const SUBJECT_PREFIX = "apikey:";

/**
 * Verifies an API key. `user` is the user name sent with it (Basic): empty, or the key's name.
 * `now` in seconds.
 */
export function verifyKey(text: Bytes, settings: Settings, now: i64): Verification {
  const result = new Verification();
  if (!isKey(text)) return result.refuse(Reason.ApiKeyMalformed);
  const digest = sha256(text);
  let key: ApiKey | null = settings.apiKeys.find(digest);
  const fromFile = settings.fileApiKeys;
  if (!key && fromFile) key = fromFile.find(digest);
  // Until the key file has been read once, a key cannot be called unknown: that is not the caller's
  // fault.
  const isUnread = settings.apiKeysFile !== null && !fromFile;
  if (!key) return result.refuse(isUnread ? Reason.KeysUnavailable : Reason.ApiKeyUnknown);
  if (now >= key.expires) return result.refuse(Reason.ApiKeyExpired);
  result.identity = identify(key, settings);
  return result;
}

/** The name of the API key behind an identity. */
export function keyName(identity: Identity): Bytes {
  return identity.subject.rest(SUBJECT_PREFIX.length);
}

function identify(key: ApiKey, settings: Settings): Identity {
  const hierarchy = settings.vocabulary.roles;
  const names = roleNames(key.roles, hierarchy.names, otherRoles(key, hierarchy));
  const headers = settings.issuers[0].headers;
  const values: Array<Bytes | null> = [];
  for (let i = 0; i < headers.length; i++) values.push(headers[i].valueOfKey(key.name, names));
  const subject = Bytes.of(SUBJECT_PREFIX + key.name.toString());
  const last = key.expires == i64.MAX_VALUE ? key.expires : key.expires - 1;
  const none = Bits.make(0);
  const scopes = Bits.make(settings.vocabulary.scopes.length);
  return Identity.make(API_KEY, last, key.roles, scopes, none, subject, values, []);
}
