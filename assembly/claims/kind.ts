/**
 * What kind of token it is, by its claims: RFC 8725 §3.11. One provider's keys sign ID, access, refresh and logout
 * tokens, and each is none of the others.
 */
import { Json } from "../json/value";
import { isFor, Party } from "./audience";
import { Validation } from "./validation";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
/** Claims that ID tokens have (OpenID Connect Core §2, §3.3.2.11). */
const ID_CLAIMS: StaticArray<string> = ["nonce", "at_hash", "c_hash"];
/**
 * Claims of access tokens that no ID token has: RFC 8693 §4.2; the same as Entra ID, Okta and Hydra call it; and what
 * Entra ID's tokens say of the client (v2.0, v1.0), those of programs too, which have no scopes.
 */
const ACCESS_CLAIMS: StaticArray<string> = ["scope", "scp", "azpacr", "appidacr"];

/** Whether it says that it is a refresh or logout token: `typ` of Keycloak, `events` of RFC 8417. */
function isNoBearer(payload: Json): bool {
  return (
    hasType(payload, "Refresh") ||
    hasType(payload, "Offline") ||
    hasType(payload, "Logout") ||
    payload.member("events") !== null
  );
}

/** `typ` of Keycloak, `token_use` of Cognito. */
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

/** Whether it says by itself that it is no access token. */
export function saysNoAccess(payload: Json): bool {
  return isNoBearer(payload) || saysId(payload);
}

/**
 * Whether it is an access token for us. An ID token's audience is a client, as a rule the one that asked for it, which
 * is in `azp`: a token that is ours by no more than our client's id has to show that it is none.
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

/** An ID token says nothing else. */
export function isIdToken(payload: Json): bool {
  const typ = payload.member("typ");
  if (typ && !hasType(payload, "ID")) return false;
  const use = payload.member("token_use");
  return (!use || saysId(payload)) && !payload.member("events");
}

/** Back-Channel Logout §2.4: the event, and no nonce, so that no ID token passes for one. */
export function isLogoutToken(payload: Json): bool {
  if (payload.member("nonce")) return false;
  const typ = payload.member("typ");
  if (typ && !hasType(payload, "Logout")) return false;
  const events = payload.member("events");
  const event = events ? events.member(LOGOUT_EVENT) : null;
  return event !== null && event.isObject;
}
