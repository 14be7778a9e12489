/** Opens a session's cookie: made by this configuration, not ended, not revoked. */
import { Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { SessionSettings } from "../config/sign-in";
import { Reason } from "../outcome/reason";
import { KeyRing, Purpose } from "../session/keys";
import { nameForRevocation, Revocations } from "../session/revocation";
import { open } from "../session/seal";
import { identityOf, Session } from "../session/session";
import { Bytes } from "../text/bytes";

/** The action that a session needs from the provider. */
export enum Renewal {
  None,
  /** The session is valid, and due for refresh. */
  Due,
  /** The session has ended, and can still be refreshed. */
  Needed,
}

@final
export class OpenedSession {
  reason: Reason = Reason.None;
  renewal: Renewal = Renewal.None;
  /** Null when there is a reason. */
  identity: Identity | null = null;
  session: Session | null = null;

  refuse(reason: Reason, renewal: Renewal = Renewal.None): OpenedSession {
    this.reason = reason;
    this.renewal = renewal;
    return this;
  }
}

/** The contents of a session cookie of any age; null when it was not sealed by this application. */
export function unsealSession(
  ring: KeyRing,
  sealed: Bytes,
  settings: SessionSettings,
): Session | null {
  const text = open(ring, Purpose.Session, settings.sessionCookie, sealed);
  return text ? Session.of(text) : null;
}

/** Opens a session's cookie and checks its times. `now` in seconds. */
export function openSession(
  ring: KeyRing,
  sealed: Bytes,
  settings: Settings,
  now: i64,
): OpenedSession {
  const result = new OpenedSession();
  const configured = settings.session!;
  const session = unsealSession(ring, sealed, configured);
  if (!session) return result.refuse(Reason.SessionInvalid);
  result.session = session;
  // A session made under a longer maxAge does not outlive a shorter one.
  const last = min(session.end, session.signedIn + configured.maxAge);
  const canRenew = session.refreshAt != i64.MAX_VALUE && now < session.signedIn + configured.maxAge;
  const inGrace = canRenew && now < last + settings.login.refreshGrace;
  const renewal = inGrace ? Renewal.Needed : Renewal.None;
  if (now >= last) return result.refuse(Reason.SessionExpired, renewal);
  if (!session.fingerprint.equals(configured.fingerprint)) {
    return result.refuse(Reason.SessionOutdated, renewal);
  }
  const identity = identityOf(session);
  if (!identity) return result.refuse(Reason.SessionInvalid);
  identity.lastSecond = last - 1;
  const issuer = settings.issuers[settings.login.issuer];
  nameForRevocation(identity, issuer.nameFor(session.tenant), session.sid, session.subject);
  result.identity = identity;
  return result;
}

/** Checks whether a sign-out elsewhere has ended a session that is otherwise valid. */
export function checkRevocations(
  session: Identity,
  revocations: Revocations,
  settings: SessionSettings,
  now: i64,
): Reason {
  if (revocations.mayLack(session.signedIn, now) && !settings.passUnreadable)
    return Reason.RevocationsUnreadable;
  return revocations.revokes(session) ? Reason.SessionRevoked : Reason.None;
}
