/** What comes of each of the provider's faults while somebody signs in: the status, and the reason in Traefik's log. */
import type { FaultName } from "../../stack/provider/faults.ts";

export interface Refusal {
  status: number;
  event: string;
  /** Of the log's reason and message. */
  because: RegExp;
}

const idToken = (because: RegExp, status = 400): Refusal => ({
  status,
  event: "id_token_refused",
  because,
});
const noIdToken: Refusal = { status: 400, event: "id_token_missing", because: /no ID token/ };
const code = (because: RegExp): Refusal => ({ status: 400, event: "code_refused", because });
const endpoint = (because: RegExp): Refusal => ({
  status: 503,
  event: "token_endpoint_failed",
  because,
});
const callback = (event: string): Refusal => ({ status: 400, event, because: /callback/ });
const provider = (status: number): Refusal => ({
  status,
  event: "provider_refused",
  because: /ended the sign-in/,
});

/** No session comes of these. */
export const refused: Partial<Record<FaultName, Refusal>> = {
  // OpenID Connect Core §3.1.3.7.
  "id-token-missing": noIdToken,
  "id-token-number": noIdToken,
  "id-token-no-jwt": idToken(/token_base64url/),
  "id-token-bad-nonce": idToken(/nonce_mismatch/),
  "id-token-missing-nonce": idToken(/nonce_mismatch/),
  "id-token-bad-iss": idToken(/issuer_unknown/),
  "id-token-missing-iss": idToken(/issuer_invalid/),
  "id-token-bad-aud": idToken(/audience_mismatch/),
  "id-token-missing-aud": idToken(/audience_mismatch/),
  "id-token-second-aud": idToken(/authorized_party_mismatch/),
  "id-token-bad-azp": idToken(/authorized_party_mismatch/),
  "id-token-bad-at-hash": idToken(/access_token_mismatch/),
  "id-token-missing-sub": idToken(/subject_missing/),
  "id-token-empty-sub": idToken(/subject_invalid/),
  "id-token-number-sub": idToken(/subject_invalid/),
  "id-token-missing-exp": idToken(/expiration_missing/),
  "id-token-expired": idToken(/token_expired/),
  "id-token-missing-iat": idToken(/issued_at_invalid/),
  "id-token-future": idToken(/issued_in_future/),
  "id-token-typ-logout": idToken(/not_an_id_token/),
  "id-token-typ-bearer": idToken(/not_an_id_token/),
  "id-token-unsigned": idToken(/algorithm_unsupported/),
  "id-token-wrong-signature": idToken(/signature_invalid/),
  "id-token-forged": idToken(/signature_invalid/),
  /** Its key may be on its way: the page reloads. */
  "id-token-unknown-kid": idToken(/key_unknown/, 503),
  // RFC 6749 §5.
  "token-invalid-grant": code(/invalid_grant/),
  "token-invalid-client": code(/invalid_client/),
  "token-invalid-scope": code(/invalid_scope/),
  "token-unauthorized-client": code(/unauthorized_client/),
  "token-error-with-200": noIdToken,
  "token-server-error": endpoint(/status 500/),
  "token-unavailable": endpoint(/status 503/),
  "token-redirect": endpoint(/status 302/),
  "token-html": endpoint(/status 200/),
  "token-empty": endpoint(/status 200/),
  "token-broken-json": endpoint(/status 200/),
  "token-abort": endpoint(/could not be used/),
  "token-too-large": endpoint(/could not be used/),
  // RFC 9207.
  "back-missing-iss": callback("issuer_mismatch"),
  "back-other-iss": callback("issuer_mismatch"),
  "back-error-other-iss": callback("issuer_mismatch"),
  "back-other-state": callback("state_unknown"),
  "back-access-denied": provider(403),
  "back-login-required": provider(403),
  "back-unavailable": provider(503),
  "back-server-error": provider(503),
};

/** Signed in all the same, and never by what the fault put in. */
export const harmless: FaultName[] = [
  "id-token-missing-kid",
  "id-token-missing-at-hash",
  "access-token-opaque",
  "access-token-forged",
  "access-token-other-sub",
  "access-token-bad-iss",
  "access-token-expired",
  "access-token-other-aud",
  "token-no-expiry",
  "token-expiry-as-text",
  "token-no-refresh-token",
];

/** Nobody is sent anywhere. */
export const withoutMetadata: FaultName[] = [
  "discovery-other-issuer",
  "discovery-other-token-endpoint",
  "discovery-no-token-endpoint",
  "discovery-not-found",
  "discovery-server-error",
  "discovery-html",
  "discovery-broken-json",
  "discovery-abort",
];
