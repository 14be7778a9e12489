/** Where checks are looked for, beside every statement that gives a `Reason`: see definition.mjs. */

/** Functions that refuse, or take away, by being called; and in which files that is what they do. */
export const REFUSERS = [
  {
    files: /^login\//,
    callee: /^((\w+\.)?(refuse|fail)|context\.log\.warn(With)?|refuseIdToken|unauthenticated)$/,
  },
  { files: /^login\/router$/, callee: /^(page|wrongMethod|unavailable)$/ },
  { files: /^(http\/path|session\/fields|gate\/)/, callee: /^(refuse|fail)$/ },
  { files: /^gate\/strip-headers$/, callee: /^(remove\w+|decision\.changes\.remove)$/ },
  { files: /^index$/, callee: /^refuse$/ },
  { files: /^(config\/|host\/key-files$|index$)/, callee: /\.error$/ },
];

/** Functions that take something as good by being called: the condition before them is a check. */
export const GRANTERS = [{ files: /^jose\/jwks$/, callee: /^keys\.push$/ }];

/** Modules, and functions, whose answers are checks: no is false or null there, a text, or a failure. */
export const VERIFIERS = new Set([
  ...[
    "claims/api-key",
    "claims/audience",
    "claims/bits#meets",
    "claims/header#isEmailVerified",
    "claims/header#isTooLarge",
  ],
  ...["claims/header#valueOf", "claims/kind", "claims/test", "claims/validate"],
  ...["config/settings#allows", "config/settings#allowsOrigin", "config/sign-in#covers"],
  ...["config/sign-in#trusts", "config/origins"],
  ...["crypto/constant-time", "crypto/ecdsa", "crypto/ed25519", "crypto/edwards", "crypto/emsa"],
  ...[
    "crypto/fast-sum#hasAbscissa",
    "crypto/hmac",
    "crypto/roca",
    "crypto/rsa",
    "crypto/xchacha20-poly1305#open",
  ],
  ...[
    "gate/cache",
    "identity/cross-site",
    "gate/allow",
    "gate/decide",
    "gate/special",
    "gate/strip-headers",
    "gate/subrequest",
    "identity/verify",
  ],
  ...[
    "host/provider-exchange",
    "http/address",
    "http/cookie",
    "http/header",
    "http/host",
    "http/method",
  ],
  ...["http/path", "http/request-id", "http/url"],
  ...["jose/jwk", "jose/jwks", "jose/key", "jose/numbers", "jose/token"],
  ...["json/number", "json/parse", "json/scanner"],
  ...["login/access-token", "login/transaction", "login/authorize", "login/backchannel-logout"],
  ...[
    "login/callback",
    "login/context",
    "login/refresh-cookie",
    "login/create-session",
    "login/id-token",
  ],
  ...["login/kept-metadata", "login/logout", "login/metadata", "login/router"],
  ...["login/return-address", "login/revoke", "login/single-flight#cookies", "login/userinfo"],
  ...["login/exchange", "policy/evaluate"],
  ...["session/cookies", "session/fields", "session/keys", "session/revocation", "session/seal"],
  ...["session/session", "state/state", "text/base64url", "text/utf8"],
]);

/** Of these functions the refusing answer is true. */
export const INVERSE = new Set([
  "claims/header#isTooLarge",
  "crypto/edwards#isSmall",
  "claims/kind#isNoBearer",
  "claims/kind#saysNoAccess",
  "identity/cross-site#isCrossSite",
  "gate/decide#isFromBrowser",
  "gate/decide#isOtherUser",
  "gate/strip-headers#namesOwned",
  "gate/strip-headers#isOwned",
  "http/cookie#isUnwanted",
  "http/cookie#isOf",
  "login/authorize#isGated",
  "login/context#isRevoked",
  "policy/evaluate#hasEscape",
  "session/revocation#ends",
  "session/revocation#revokedBy",
  "session/revocation#revokes",
]);

/** Loops in which passing over an entry is the check. */
export const SELECTORS = new Set(["identity/verify#checkSignature", "jose/jwks#consider"]);

/** Functions of those modules that ask what something is, and refuse nothing. */
export const PREDICATES = new Set([
  ...["claims/audience#isMetAsApi", "claims/kind#hasOneOf", "claims/kind#hasType"],
  ...["claims/kind#saysId", "claims/kind#showsAccess"],
  ...["claims/test#isUnknown", "claims/validate#namesSession", "claims/validate#needsSubject"],
  ...["jose/token#isAccessType", "login/exchange#troubleOf"],
  ...["claims/api-key#looksLikeKey", "crypto/edwards#isZero", "crypto/edwards#normalize"],
  ...["gate/special#canReturnTo", "gate/subrequest#hasFolded"],
  ...["http/cookie#next", "http/cookie#isEmpty", "http/cookie#without", "http/cookie#isSpace"],
  ...["http/header#foldsTo", "http/method#hasLowerCase", "http/method#isSafe"],
  ...["http/host#isNumber", "http/path#isPathCharacter", "http/url#has"],
  ...["login/context#has", "login/context#isStrict", "login/refresh-cookie#asksUserInfo"],
  ...["login/create-session#nameOf", "login/kept-metadata#keepMetadata", "login/metadata#isUsed"],
  ...["session/cookies#has", "session/cookies#isPart", "session/cookies#isPresent"],
  ...["session/fields#atEnd", "session/fields#failed", "session/revocation#isKnown"],
  ...["state/state#isTemporary"],
]);
