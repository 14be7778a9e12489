/** The audience of a token, RFC 7519 §4.1.3: `aud` is a text, or a list of texts only. */
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Validation } from "./validation";

/**
 * The party that checks a token: the accepted issuer, its client id there, and its names in `aud`.
 */
@final
export class Party {
  constructor(
    readonly issuer: Bytes,
    readonly clientId: Bytes | null,
    readonly audiences: Array<Bytes>,
    /** The id of the issuer's tenant, which `tid` has to be as well; empty: it has none. */
    readonly tenant: Bytes = Bytes.empty(),
  ) {}

  /**
   * True if `aud` has a configured audience other than the client's id, which ID tokens never have.
   */
  isMetAsApi(payload: Json): bool {
    const clientId = this.clientId;
    const others: Array<Bytes> = [];
    for (let i = 0; i < this.audiences.length; i++) {
      if (!clientId || !this.audiences[i].equals(clientId)) others.push(this.audiences[i]);
    }
    return isFor(payload, others);
  }
}

/**
 * Checks a bearer token: the claim that names its audience has a configured one or, with
 * `acceptAzp`, `azp` is the client.
 */
export function checkAudience(payload: Json, party: Party, rules: Validation): Reason {
  if (!isWellFormed(payload.member("aud"))) return Reason.AudienceInvalid;
  const said = firstThatSays(payload, rules.audienceFrom);
  if (said && !isWellFormed(said)) return Reason.AudienceInvalid;
  if (said && holdsOneOf(said, party.audiences)) return Reason.None;
  const azp = payload.stringOf("azp");
  const clientId = party.clientId;
  if (rules.acceptAzp && azp && clientId && azp.equals(clientId)) return Reason.None;
  return Reason.AudienceMismatch;
}

/**
 * The first of the claims that is present. An empty list counts as absent: Hydra writes one if no
 * audience was requested.
 */
function firstThatSays(payload: Json, names: Array<Bytes>): Json | null {
  for (let i = 0; i < names.length; i++) {
    const claim = payload.get(names[i]);
    if (claim && !(claim.isArray && claim.count == 0)) return claim;
  }
  return null;
}

/** Checks an ID or logout token: `aud` has the client. */
export function checkClient(payload: Json, clientId: Bytes): Reason {
  if (!isWellFormed(payload.member("aud"))) return Reason.AudienceInvalid;
  return isFor(payload, [clientId]) ? Reason.None : Reason.AudienceMismatch;
}

/**
 * OpenID Connect Core §3.1.3.7, 4 and 5: `azp`, if present, is the client, and several audiences
 * require it.
 */
export function checkAuthorizedParty(payload: Json, clientId: Bytes): Reason {
  const aud = payload.member("aud");
  const azp = payload.member("azp");
  const isOne = !aud || !aud.isArray || aud.count == 1;
  const isUs = azp ? azp.isString && azp.text.equals(clientId) : isOne;
  return isUs ? Reason.None : Reason.AuthorizedPartyMismatch;
}

function isWellFormed(aud: Json | null): bool {
  if (!aud || aud.isString) return true;
  if (!aud.isArray) return false;
  for (let it = aud.first; it; it = it!.next) if (!it.isString) return false;
  return true;
}

/** True if `aud`, which is well formed, has one of the audiences. */
export function isFor(payload: Json, audiences: Array<Bytes>): bool {
  const aud = payload.member("aud");
  return aud !== null && holdsOneOf(aud, audiences);
}

function holdsOneOf(claim: Json, audiences: Array<Bytes>): bool {
  if (claim.isString) return isOneOf(claim.text, audiences);
  for (let it = claim.first; it; it = it!.next) if (isOneOf(it.text, audiences)) return true;
  return false;
}

function isOneOf(text: Bytes, list: Array<Bytes>): bool {
  for (let i = 0; i < list.length; i++) if (list[i].equals(text)) return true;
  return false;
}
