/** Finds the request's credential. Two that differ, or one given twice, are ambiguous: the request is refused. */
import { Settings } from "../config/settings";
import { Cookies } from "../http/cookie";
import { Field, Request } from "../http/request";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

@final
export class Credential {
  token: Bytes | null = null;
  /** Sent by the browser on its own account, whichever page asked. */
  ambient: bool = false;
  /** Why there is no token. */
  reason: Reason = Reason.CredentialMissing;
  /** Why the request is refused, whatever the rules say. */
  ambiguous: Reason = Reason.None;

  get source(): string {
    return this.token ? (this.ambient ? "cookie" : "header") : "none";
  }
}

export function findCredential(request: Request, settings: Settings): Credential {
  const credential = new Credential();
  readHeader(request.get(Field.Token), settings, credential);
  if (settings.tokenCookie.length > 0) {
    readCookie(request.get(Field.Cookie), settings.tokenCookie, credential);
  }
  return credential;
}

function readHeader(header: Bytes | null, settings: Settings, credential: Credential): void {
  if (!header) return;
  if (header.indexOf(0) >= 0) {
    credential.ambiguous = Reason.CredentialRepeated;
    return;
  }
  const value = header.trim();
  const space = value.indexOf(0x20);
  const scheme = value.slice(0, space < 0 ? value.length : space);
  const rest = value.slice(scheme.length).trim();
  // RFC 6750 §2.1, in any case (RFC 9110 §11.1). A header of another name may carry the bare token.
  if (scheme.isInAnyCase("bearer")) accept(rest, credential);
  else if (!settings.tokenHeader.isInAnyCase("authorization")) accept(value, credential);
  else
    credential.reason = value.length > 0 ? Reason.SchemeUnsupported : Reason.AuthorizationMalformed;
}

function accept(token: Bytes, credential: Credential): void {
  if (token.length == 0 || token.indexOf(0x20) >= 0) {
    credential.reason = Reason.AuthorizationMalformed;
  } else credential.token = token;
}

function readCookie(header: Bytes | null, name: Bytes, credential: Credential): void {
  if (!header) return;
  const cookies = new Cookies(header);
  let token: Bytes | null = null;
  while (cookies.next()) {
    if (!cookies.isNamed(name)) continue;
    const value = cookies.value;
    if (value.length == 0) continue;
    if (token && !token.equals(value)) credential.ambiguous = Reason.CredentialRepeated;
    token = value;
  }
  if (!token || credential.ambiguous != Reason.None) return;
  const other = credential.token;
  if (other) {
    if (!other.equals(token)) credential.ambiguous = Reason.CredentialsConflict;
    return;
  }
  // A malformed token header is a credential that fails; another scheme is none, and browsers keep stale ones.
  if (credential.reason == Reason.AuthorizationMalformed) return;
  credential.token = token;
  credential.ambient = true;
}
