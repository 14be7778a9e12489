/**
 * Why a request was refused: one internal reason for each way to fail, for the log and the trace, and
 * the one public answer that it maps to. The client learns only the latter.
 */
export enum Reason {
  None,
  // the configuration and the host
  ConfigError,
  KeysUnavailable,
  // the request
  MethodInvalid,
  PathTooLong,
  PathMalformed,
  PathEmptySegment,
  PathDotSegment,
  PathEncodedSeparator,
  PathEncodedDelimiter,
  PathParameter,
  PathDoubleEncoded,
  PathControl,
  PathNotUtf8,
  HostInvalid,
  WrongHost,
  HeadersTooLarge,
  ConnectionNamesOwnedHeader,
  CrossSite,
  BasicFromBrowser,
  BodyTooLarge,
  BodyNotJson,
  BodyEncoded,
  // the credential
  CredentialMissing,
  CredentialRepeated,
  CredentialsConflict,
  AuthorizationMalformed,
  SchemeUnsupported,
  // an API key
  ApiKeyMalformed,
  ApiKeyUnknown,
  ApiKeyExpired,
  // the token's form
  TokenTooLarge,
  TokenNotCompact,
  TokenEncrypted,
  TokenBase64url,
  HeaderNotJson,
  PayloadNotJson,
  // the token's header
  AlgorithmInvalid,
  AlgorithmUnsupported,
  AlgorithmNotAllowed,
  CriticalUnsupported,
  TypeNotAllowed,
  KeyIdInvalid,
  // its keys and signature
  IssuerInvalid,
  IssuerUnknown,
  KeyUnknown,
  KeyAmbiguous,
  KeyMismatch,
  SignatureInvalid,
  // its claims
  AudienceInvalid,
  AudienceMismatch,
  ExpirationMissing,
  ExpirationInvalid,
  TokenExpired,
  NotBeforeInvalid,
  TokenNotYetValid,
  IssuedAtInvalid,
  IssuedInFuture,
  TokenTooOld,
  NotAnAccessToken,
  ClaimsTooLarge,
  // the policy
  RuleDenies,
  RuleNotSatisfied,
  NoRule,
}

/** By number: the reason's name, then the code of its public answer (see answer.ts). */
const TABLE: StaticArray<string> = [
  "none", "",
  "config_error", "config_error",
  "keys_unavailable", "keys_unavailable",
  "method_invalid", "invalid_request",
  "path_too_long", "invalid_request",
  "path_malformed", "invalid_request",
  "path_empty_segment", "invalid_request",
  "path_dot_segment", "invalid_request",
  "path_encoded_separator", "invalid_request",
  "path_encoded_delimiter", "invalid_request",
  "path_parameter", "invalid_request",
  "path_double_encoded", "invalid_request",
  "path_control", "invalid_request",
  "path_not_utf8", "invalid_request",
  "host_invalid", "invalid_request",
  "wrong_host", "wrong_host",
  "headers_too_large", "invalid_request",
  "connection_names_owned_header", "invalid_request",
  "cross_site", "cross_site",
  "basic_from_browser", "cross_site",
  "body_too_large", "body_too_large",
  "body_not_json", "invalid_request",
  "body_encoded", "invalid_request",
  "credential_missing", "authentication_required",
  "credential_repeated", "invalid_request",
  "credentials_conflict", "invalid_request",
  "authorization_malformed", "invalid_request",
  "scheme_unsupported", "authentication_required",
  "api_key_malformed", "invalid_token",
  "api_key_unknown", "invalid_token",
  "api_key_expired", "invalid_token",
  "token_too_large", "invalid_token",
  "token_not_compact", "invalid_token",
  "token_encrypted", "invalid_token",
  "token_base64url", "invalid_token",
  "header_not_json", "invalid_token",
  "payload_not_json", "invalid_token",
  "algorithm_invalid", "invalid_token",
  "algorithm_unsupported", "invalid_token",
  "algorithm_not_allowed", "invalid_token",
  "critical_unsupported", "invalid_token",
  "type_not_allowed", "invalid_token",
  "key_id_invalid", "invalid_token",
  "issuer_invalid", "invalid_token",
  "issuer_unknown", "invalid_token",
  "key_unknown", "invalid_token",
  "key_ambiguous", "invalid_token",
  "key_mismatch", "invalid_token",
  "signature_invalid", "invalid_token",
  "audience_invalid", "invalid_token",
  "audience_mismatch", "invalid_token",
  "expiration_missing", "invalid_token",
  "expiration_invalid", "invalid_token",
  "token_expired", "invalid_token",
  "not_before_invalid", "invalid_token",
  "token_not_yet_valid", "invalid_token",
  "issued_at_invalid", "invalid_token",
  "issued_in_future", "invalid_token",
  "token_too_old", "invalid_token",
  "not_an_access_token", "invalid_token",
  "claims_too_large", "forbidden",
  "rule_denies", "forbidden",
  "rule_not_satisfied", "forbidden",
  "no_rule", "forbidden",
];

/** How many reasons there are; a test holds the table to it. */
export const REASONS = Reason.NoRule + 1;
export const TABLE_ROWS: i32 = TABLE.length / 2;

/** The reason's name in the log and the trace. */
export function nameOf(reason: Reason): string {
  return TABLE[2 * <i32>reason];
}

/** The code of the answer that the client gets. */
export function codeOf(reason: Reason): string {
  return TABLE[2 * <i32>reason + 1];
}
