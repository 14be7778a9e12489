/** Loops of a decision: rules, tokens, callers, sessions, and what the host is asked. */
export default {
  "index.ts": {
    logFindings: "FINDINGS",
    // A match and an allow of each rule.
    check: "RULES + RULES",
    askForKeys: "ISSUERS + 1 + TENANTS",
    writeLog: "LOG_LINES",
    // A step of each rule, and of what comes before them.
    logTrace: "RULES + WORDS",
  },
  "gate/decide.ts": {
    "Gate.firstMatch": "RULES",
    "Gate.mayAdmit": "RULES",
  },
  "gate/special.ts": {
    mayUpgrade: "SMALL_HEADER_BYTES",
  },
  "gate/audit.ts": {
    remedyFor: "ISSUERS",
  },
  "gate/header-names.ts": {
    sortNames: ["HEADER_BYTES", "HEADER_BYTES"],
    fieldOf: "FIELDS",
    askedFor: "NAMES",
  },
  "gate/subrequest.ts": {
    isTrusted: "LIST_TEXTS",
    askedAbout: "FIELDS",
    only: "NAMES",
    pass: ["ISSUERS + 1 + TENANTS", "OWNED_HEADERS", "OWNED_HEADERS * (ISSUERS + 2)"],
    put: "OWNED_HEADERS * (ISSUERS + 2)",
    hasFolded: "OWNED_HEADERS * (ISSUERS + 2)",
  },
  "gate/steps.ts": {
    traceHeaders: ["HEADER_BYTES + OWNED_HEADERS", "HEADER_BYTES + OWNED_HEADERS"],
    writeCaller: "NAMES + TOKEN_BYTES",
    traceRules: "RULES",
  },
  "gate/cache.ts": {
    "TokenCache.find": ["2", "TOKEN_CACHE_BYTES / 2 / 64"],
  },
  "identity/log-members.ts": {
    writeRefused: "WORDS",
    writeClaims: "WORDS",
    textsOf: "TOKEN_ELEMENTS",
    writeTexts: "LOG_TEXTS",
    writeExpected: ["ISSUERS + 1 + TENANTS", "LIST_TEXTS"],
    addIds: "KEYS",
  },
  "identity/api-key.ts": {
    identify: "OWNED_HEADERS",
  },
  "gate/credential.ts": {
    readQuery: "URI_BYTES",
    readCookie: "HEADER_BYTES",
  },
  "identity/cross-site.ts": {
    isOurs: "LIST_TEXTS",
  },
  "gate/strip-headers.ts": {
    namesOwned: "SMALL_HEADER_BYTES + 1",
    isOwned: "JSON_MEMBERS * (ISSUERS + 2)",
    removeOthers: "HEADER_BYTES",
  },
  "identity/key-rings.ts": {
    "KeyRings.make": "LIST_TEXTS",
  },
  "identity/verify.ts": {
    indexOf: "ISSUERS + 1 + TENANTS",
    lacksClaims: ["LIST_TEXTS", "CONDITIONS", "CONDITIONS"],
    checkSignature: "KEY_CANDIDATES",
    identify: ["CONDITIONS", "CONDITIONS", "OWNED_HEADERS"],
  },
  "pages/show.ts": {
    show: "OWNED_HEADERS",
  },
  "policy/prefilter.ts": {
    "Prefilter.constructor": ["RULES", "PATHS", "PATHS"],
    "Prefilter.first": "RULES / 64",
    "Prefilter.next": "RULES / 64",
    // Places, and the marks of one place, of which each may be that of the path.
    "Prefilter.look": ["PATHS", "PATHS", "4"],
    "Marks.nextPlace": "PATHS",
    "Marks.write": ["PATHS", "4"],
    "Marks.add": "ARGUMENTS",
  },
  "gate/reply.ts": {
    describeRefusal: "PAGE_ROLES",
  },
  "policy/sufficient-roles.ts": {
    collect: ["EXPRESSION_BYTES", "PAGE_ROLES"],
    isListed: "PAGE_ROLES",
  },
  "policy/captures.ts": {
    "Captures.find": "PATH_BYTES",
    "Captures.expand": ["PATH_BYTES", "EXPRESSION_BYTES"],
    isName: "EXPRESSION_BYTES",
    countNames: "EXPRESSION_BYTES",
    collectNames: "EXPRESSION_BYTES",
  },
  "policy/evaluate.ts": {
    holds: "ARGUMENTS",
    isAtPath: "ARGUMENTS",
    isByMethod: "ARGUMENTS",
    answerRare: "ARGUMENTS",
    holdsAny: "ARGUMENTS",
    hasEscape: "URI_BYTES",
    isOneOf: "ARGUMENTS",
    hasValue: "HEADER_BYTES + 1",
    hasParameter: "URI_BYTES",
    hasOnly: "URI_BYTES",
    isUpgradeTo: "SMALL_HEADER_BYTES",
    isNamed: "ARGUMENTS",
    namesUpgrade: "ARGUMENTS",
    isFromRange: "ARGUMENTS",
    holdsCaptured: "ARGUMENTS",
  },
  "policy/names.ts": {
    "NameCheck.collect": "EXPRESSION_BYTES",
    "NameCheck.take": "EXPRESSION_BYTES",
  },
  "policy/spelling.ts": {
    problemOf: "EXPRESSION_BYTES",
    segmentProblem: "EXPRESSION_BYTES",
    isPlain: "EXPRESSION_BYTES",
    isDots: "EXPRESSION_BYTES",
    indexIn: "12",
    compile: "EXPRESSION_BYTES",
  },
  "policy/pattern.ts": {
    "Pattern.head": "EXPRESSION_BYTES",
    "Pattern.tail": "EXPRESSION_BYTES",
    "Pattern.isWide": "EXPRESSION_BYTES",
    "Pattern.captures": "EXPRESSION_BYTES",
    // Each `**` takes one segment more at a time, and what stands behind it is compared anew.
    "Pattern.matchSegments": "PATH_BYTES * EXPRESSION_BYTES / 4",
    // Likewise a `*` and bytes.
    matchSegment: ["PATH_BYTES * EXPRESSION_BYTES", "EXPRESSION_BYTES"],
  },
  "claims/validate.ts": {
    charactersOf: "PROVIDER_ANSWER_BYTES",
  },
  "claims/audience.ts": {
    "Party.isMetAsApi": "LIST_TEXTS",
    isWellFormed: "TOKEN_ELEMENTS",
    firstThatSays: "LIST_TEXTS",
    holdsOneOf: "TOKEN_ELEMENTS",
    isOneOf: "LIST_TEXTS",
  },
  "claims/kind.ts": {
    hasOneOf: "WORDS",
  },
  "claims/api-key.ts": {
    isKey: "8",
    crc32: ["64", "8"],
    "ApiKeys.add": "API_KEYS",
    "ApiKeys.place": "API_KEYS",
    "ApiKeys.find": "API_KEYS",
    isSame: "32",
  },
  "claims/header.ts": {
    "IdentityHeader.valueOf": "TOKEN_ELEMENTS",
    "IdentityHeader.isReserved": "ISSUERS",
    joined: "NAMES + TOKEN_ELEMENTS",
    roleNames: ["NAMES", "TOKEN_ELEMENTS"],
    isTooLarge: "OWNED_HEADERS",
  },
  "claims/roles.ts": {
    // Each round adds to a role: the last one adds nothing.
    "Hierarchy.close": ["ROLES", "JSON_MEMBERS + 2", "ROLES"],
    "RoleSource.namesIn": ["LIST_TEXTS", "TOKEN_ELEMENTS"],
    "RoleSource.read": "LIST_TEXTS * TOKEN_ELEMENTS",
    "RoleSource.grant": "JSON_MEMBERS * LIST_TEXTS",
    readScopes: "TOKEN_ELEMENTS",
  },
  "claims/bits.ts": {
    "Bits.addAll": "NAMES / 64",
    "Bits.hasAll": "NAMES / 64",
    "Bits.isEmpty": "NAMES / 64",
    "Bits.meets": "NAMES / 64",
  },
  "claims/identity.ts": {
    "Identity.make": ["OWNED_HEADERS", "CONDITIONS", "TOKEN_ELEMENTS"],
    "Identity.claim": "CONDITIONS",
    sizeOfClaims: ["CONDITIONS", "TOKEN_ELEMENTS"],
    read: "TOKEN_ELEMENTS",
  },
  "claims/test.ts": {
    "ClaimValue.of": "TOKEN_ELEMENTS",
    meet: ["TOKEN_ELEMENTS", "ARGUMENTS"],
    areBelow: ["ARGUMENTS", "TOKEN_ELEMENTS"],
    isInDomain: ["PROVIDER_ANSWER_BYTES", "ARGUMENTS"],
    hasPart: "PROVIDER_ANSWER_BYTES",
  },
  "jose/algorithms.ts": {
    algorithmOf: "WORDS",
  },
  "jose/token.ts": {
    dots: "TEXT_BYTES",
    isTypeAllowed: "LIST_TEXTS",
  },
  "session/cookies.ts": {
    readSealed: ["HEADER_BYTES", "COOKIE_CHUNKS"],
    isPresent: "HEADER_BYTES",
    writeSealed: "COOKIE_CHUNKS",
    clearSealed: "COOKIE_CHUNKS",
    has: "HEADER_BYTES",
  },
  "session/revocation.ts": {
    findSince: "REVOCATION_BYTES / 32",
    countOf: "REVOCATION_BYTES / 32",
    revokedBy: "REVOCATION_BYTES / 32",
    "Revocations.revokes": "REVOCATION_BYTES / 32",
  },
  "session/keys.ts": {
    "KeyRing.of": "SESSION_SECRETS",
  },
  "session/seal.ts": {
    open: "SESSION_SECRETS",
  },
  "session/session.ts": {
    putTime: "8",
    timeAt: "8",
  },
  "state/state.ts": {
    temporaryName: "HEADER_BYTES",
    isStateName: "HEADER_BYTES",
  },
  "host/body.ts": {
    // One byte at a time, or nothing EMPTY_READS - 1 times before each.
    readWhole: "(BODY_BYTES + 1) * EMPTY_READS",
  },
  "host/environment.ts": {
    // Those that `settings.envs` names.
    environmentVariable: "LIST_TEXTS",
  },
  "host/exchange.ts": {
    readValues: "HEADER_BYTES",
    // The second time there is room for what the host has told.
    readLong: "2",
    read: "2",
    digestOf: "HEADER_BYTES",
    forward: ["HEADER_BYTES", "HEADER_BYTES + WORDS", "OWNED_HEADERS"],
    readLate: ["HEADER_BYTES", "FIELDS"],
  },
  "host/key-files.ts": {
    "KeySetFile.readAgain": "KEYS",
    "KeyFiles.constructor": "ISSUERS + 1 + TENANTS",
    "KeyFiles.refresh": "ISSUERS",
  },
  "host/revocation-files.ts": {
    reserve: "2 * REVOCATION_BYTES / 4096",
    "RevocationFiles.refresh": "4",
    "RevocationFiles.read": "4",
  },
  "host/state-directory.ts": {
    "StateDirectory.at": "TEXT_BYTES",
    // A call of the host that tells of nothing is the last one.
    readNames: ["LISTED + 3", "ENTRIES"],
  },
  "host/provider-exchange.ts": {
    send: ["HEADER_BYTES", "ANSWER_HEADERS"],
    respond: ["4", "ANSWER_HEADERS"],
    removeAll: "2",
    removeEach: "RESPONSE_HEADER_BYTES",
    restOfBody: "(PROVIDER_ANSWER_BYTES + 1) * EMPTY_READS",
  },
  "host/mount.ts": {
    // Those that `settings.mounts` names.
    "Mount.of": "LIST_TEXTS",
    // A read of nothing is the last one.
    readAll: "TEXT_BYTES",
    withoutSlashes: "TEXT_BYTES",
  },
};
