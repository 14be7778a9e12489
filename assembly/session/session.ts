/**
 * The contents of a session's cookie: the identity, as far as this configuration's rules and
 * headers need it, and the session's times. It holds no token, unless the upstream receives one. A
 * session with another configuration's fingerprint does not identify its user.
 */
import { Identity } from "../claims/identity";
import { Bytes } from "../text/bytes";
import { FieldReader, Fields } from "./fields";

export const ID_BYTES = 16;
/** Version of the record. People whose session has another one sign in again: append instead. */
const FORM: u8 = 1;
/**
 * Version of packed identities, a part of the fingerprint: sessions of another one are refreshed.
 * Raise it when `Identity.pack` changes.
 */
export const IDENTITY_FORM = 2;

@final
export class Session {
  /** 16 unpredictable bytes, also in the refresh cookie. */
  id: Bytes = Bytes.empty();
  /** Fingerprint of the configuration that made it. */
  fingerprint: Bytes = Bytes.empty();
  /** Seconds since 1970: first sign-in, this cookie, the next refresh, the end. */
  signedIn: i64 = 0;
  made: i64 = 0;
  refreshAt: i64 = i64.MAX_VALUE;
  end: i64 = 0;
  /** `auth_time` of the ID token; 0: absent. */
  authenticated: i64 = 0;
  /** The provider's session id; may be empty. */
  sid: Bytes = Bytes.empty();
  subject: Bytes = Bytes.empty();
  /** The tenant that signed them in, of an issuer of several; a subject is one of its tenant. */
  tenant: Bytes = Bytes.empty();
  /** The user's name. */
  user: Bytes = Bytes.empty();
  /** The access token for the upstream; empty unless it is forwarded. */
  token: Bytes = Bytes.empty();
  /** Packed. */
  identity: Bytes = Bytes.empty();

  get text(): Bytes {
    const fields = new Fields()
      .u8(FORM)
      .bytes(this.id)
      .bytes(this.fingerprint)
      .bytes(this.times)
      .bytes(this.sid)
      .bytes(this.subject)
      .bytes(this.user)
      .bytes(this.token)
      .bytes(this.identity);
    // Earlier versions read sessions without a tenant, so people stay signed in after a downgrade.
    return this.tenant.length > 0 ? fields.bytes(this.tenant).all : fields.all;
  }

  /** Null when the text has another form. */
  static of(text: Bytes): Session | null {
    const fields = new FieldReader(text);
    if (fields.u8() != FORM) return null;
    const session = new Session();
    session.id = fields.bytes();
    session.fingerprint = fields.bytes();
    const times = fields.bytes();
    session.sid = fields.bytes();
    session.subject = fields.bytes();
    session.user = fields.bytes();
    session.token = fields.bytes();
    session.identity = fields.bytes();
    const hasTenant = !fields.atEnd;
    if (hasTenant) session.tenant = fields.bytes();
    if (hasTenant && session.tenant.length == 0) return null;
    if (!fields.done || times.length != TIMES || session.id.length != ID_BYTES) return null;
    session.signedIn = timeAt(times, 0);
    session.made = timeAt(times, 1);
    session.refreshAt = timeAt(times, 2);
    session.end = timeAt(times, 3);
    session.authenticated = timeAt(times, 4);
    return session;
  }

  /** Five bytes each: seconds until the year 36,000. */
  private get times(): Bytes {
    const times = Bytes.make(TIMES);
    putTime(times, 0, this.signedIn);
    putTime(times, 1, this.made);
    putTime(times, 2, this.refreshAt);
    putTime(times, 3, this.end);
    putTime(times, 4, this.authenticated);
    return times;
  }
}

const TIME = 5;
const TIMES = 5 * TIME;
const NEVER: i64 = 0xffffffffff;

function putTime(times: Bytes, index: i32, time: i64): void {
  let rest = min(max(time, 0), NEVER);
  for (let i = TIME - 1; i >= 0; i--) {
    times.set(index * TIME + i, <u8>rest);
    rest >>= 8;
  }
}

function timeAt(times: Bytes, index: i32): i64 {
  let time: i64 = 0;
  for (let i = 0; i < TIME; i++) time = (time << 8) | times.at(index * TIME + i);
  return time == NEVER ? i64.MAX_VALUE : time;
}

/** The identity for rules to decide by, with the session's times. */
export function identityOf(session: Session): Identity | null {
  const identity = Identity.unpack(session.identity, session.user);
  if (!identity) return null;
  identity.signedIn = session.signedIn;
  identity.refreshAt = session.refreshAt;
  identity.lastSecond = session.end;
  return identity;
}
