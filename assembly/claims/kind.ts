/**
 * The kind of a token, by its claims: RFC 8725 §3.11. One provider's keys sign ID, access, refresh
 * and logout tokens, and none may pass for another.
 */
import { Json } from "../json/value";
import { isFor, Party } from "./audience";
import { Validation } from "./validation";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
/** Claims of ID tokens (OpenID Connect Core §2, §3.3.2.11). */
const ID_CLAIMS: StaticArray<string> = ["nonce", "at_hash", "c_hash"];
/**
 * Claims of access tokens that no ID token has: RFC 8693 §4.2; the names of Entra ID, Okta and
 * Hydra for it; and Entra ID's claims about the client (v2.0, v1.0), which programs' tokens without
 * scopes have too.
 */
const ACCESS_CLAIMS: StaticArray<string> = ["scope", "scp", "azpacr", "appidacr"];

/**
 * True if it says that it is a refresh or logout token: `typ` of Keycloak, `events` of RFC 8417.
 */
function isNoBearer(payload: Json): bool {
  return (
    hasType(payload, "Refresh") ||
    hasType(payload, "Offline") ||
    hasType(payload, "Logout") ||
    payload.member("events") !== null
  );
}

/** True if it says that it is an ID token: `typ` of Keycloak, `token_use` of Cognito. */
function saysId(payload: Json): bool {
  const use = payload.stringOf("token_use");
  return hasType(payload, "ID") || (use !== null && use.is("id"));
}

function hasType(payload: Json, type: string): bool {
  const typ = payload.stringOf("typ");
  return typ !== null && typ.isInAnyCase(type);
}

function hasOneOf(payload: Json, names: StaticArray<string>): bool {
  for (let i = 0; i < names.length; i++) if (payload.member(names[i])) return true;
  return false;
}

/** True if it says itself that it is not an access token. */
export function saysNoAccess(payload: Json): bool {
  return isNoBearer(payload) || saysId(payload);
}

/**
 * True if it is an access token for this party. An ID token's audience is a client, usually the one
 * that asked for it, which is in `azp`: a token whose only matching audience is the client's id
 * must show that it is not an ID token.
 */
export function isBearer(payload: Json, isAccessType: bool, party: Party, rules: Validation): bool {
  if (isNoBearer(payload)) return false;
  if (rules.acceptIdTokens) return true;
  if (saysId(payload)) return false;
  if (!rules.allowNonce && hasOneOf(payload, ID_CLAIMS)) return false;
  return isAccessType || party.isMetAsApi(payload) || showsAccess(payload);
}

function showsAccess(payload: Json): bool {
  if (hasType(payload, "Bearer") || hasOneOf(payload, ACCESS_CLAIMS)) return true;
  const use = payload.stringOf("token_use");
  if (use && use.is("access")) return true;
  // RFC 9068 §2.2. Core §2: the client that asked for an ID token is in its `aud`.
  const client = payload.stringOf("client_id");
  return client !== null && !isFor(payload, [client]);
}

/** True unless it says that it is another kind of token. */
export function isIdToken(payload: Json): bool {
  const typ = payload.member("typ");
  if (typ && !hasType(payload, "ID")) return false;
  const use = payload.member("token_use");
  return (!use || saysId(payload)) && !payload.member("events");
}

/** Back-Channel Logout §2.4: it has the event and no nonce, so an ID token cannot pass for one. */
export function isLogoutToken(payload: Json): bool {
  if (payload.member("nonce")) return false;
  const typ = payload.member("typ");
  if (typ && !hasType(payload, "Logout")) return false;
  const events = payload.member("events");
  const event = events ? events.member(LOGOUT_EVENT) : null;
  return event !== null && event.isObject;
}
