/** Loops of the configuration: they run when a guest starts. */
export default {
  "config/read.ts": {
    warnOfUnknownRoles: ["ISSUERS + 1 + TENANTS", "NAMES"],
    readUpstreamAuthorization: "TEXT_BYTES",
    readCors: "LIST_TEXTS",
    readValidation: "LIST_TEXTS",
  },
  "config/report.ts": {
    "Report.error": "FINDINGS",
    "Report.hasErrorAt": "FINDINGS",
  },
  "config/settings.ts": {
    "Settings.allowsOrigin": "LIST_TEXTS",
    "Settings.originOf": "LIST_TEXTS",
    placeOfTenant: "TEXT_BYTES",
    isListed: "LIST_TEXTS",
  },
  "config/tenants.ts": {
    readTenants: "LIST_TEXTS",
    addTenants: ["ISSUERS + 1", "TENANTS"],
    warnOfNames: "JSON_MEMBERS",
    isThere: "ISSUERS + 1 + TENANTS",
    isId: "36",
  },
  "config/pages.ts": {
    // Types of pictures, digits of a color, an address.
    isPicture: "4",
    readColor: "7",
    isMailAddress: "TEXT_BYTES",
  },
  "config/colors.ts": {
    readable: "33",
  },
  "config/state.ts": {
    directory: "TEXT_BYTES",
    placeFetchedKeys: "ISSUERS + 1 + TENANTS",
  },
  "config/secret.ts": {
    problemOfSecret: "TEXT_BYTES / 2",
    unresolved: "WORDS",
    problemOfText: "WORDS",
    distinctBytes: "TEXT_BYTES",
  },
  "config/audit.ts": {
    userClaimOf: "JSON_MEMBERS",
  },
  "config/headers.ts": {
    // More than OWNED_HEADERS are an error of the configuration, but they are read.
    namesOf: ["JSON_MEMBERS", "JSON_MEMBERS"],
    readForwardHeaders: "JSON_MEMBERS",
    nameProblem: "WORDS",
    own: "JSON_MEMBERS * (ISSUERS + 2)",
    contains: "LIST_TEXTS",
  },
  "config/issuer-headers.ts": {
    checkSharedHeaders: ["ISSUERS + 1", "OWNED_HEADERS"],
    meetsKeys: "JSON_MEMBERS",
    firstThatShares: ["ISSUERS + 1", "OWNED_HEADERS"],
    refuseInherited: "JSON_MEMBERS",
  },
  "config/config-file.ts": {
    sort: "JSON_MEMBERS",
    insert: "JSON_MEMBERS",
    refuseNeighbours: "JSON_MEMBERS",
    take: "JSON_MEMBERS",
  },
  "config/issuers.ts": {
    readList: "ISSUERS + 1",
    refuseWithoutIssuer: "WORDS",
    readIssuer: "ISSUERS + 1",
    readRoles: ["LIST_TEXTS", "JSON_MEMBERS", "LIST_TEXTS"],
    readHierarchy: ["JSON_MEMBERS", "LIST_TEXTS"],
  },
  "config/api-keys.ts": {
    readApiKeys: "API_KEYS",
    nameRoles: ["API_KEYS", "LIST_TEXTS"],
    numberRoles: ["API_KEYS", "LIST_TEXTS"],
    otherRoles: "LIST_TEXTS",
  },
  "config/origins.ts": {
    readPublicUrl: "LIST_TEXTS",
    isLowerCase: "TEXT_BYTES",
  },
  "config/claim-spelling.ts": {
    warnOfSpelling: [
      "ISSUERS + 1 + TENANTS",
      "LIST_TEXTS",
      "JSON_MEMBERS",
      "CONDITIONS",
      "CONDITIONS",
    ],
  },
  "config/fingerprint.ts": {
    textOf: ["WORDS", "CONDITIONS", "ARGUMENTS", "CONDITIONS"],
    writeValue: "ELEMENTS",
    writeNames: "NAMES",
  },
  "config/forward-auth.ts": {
    readForwardAuth: ["WORDS", "JSON_MEMBERS * (ISSUERS + 2)"],
    readTrusted: "LIST_TEXTS",
    header: "WORDS",
  },
  "config/login.ts": {
    readIssuerName: "ISSUERS + 1 + TENANTS",
    readPath: "TEXT_BYTES",
    readScopes: ["LIST_TEXTS", "TEXT_BYTES"],
    readParameters: "JSON_MEMBERS",
    isOwn: "WORDS",
  },
  "config/rules.ts": {
    readAll: "RULES",
    countPaths: "RULES",
    closeRules: "RULES",
    sort: "RULES",
    readRule: "WORDS",
    placeOf: ["3", "6"],
    readDetail: "TEXT_BYTES",
    // Of each rule the paths, and of each path the rules before it.
    warnOfUnreachable: "RULES",
    firstThatCover: ["RULES", "PATHS", "RULES"],
    checkCaptures: "EXPRESSION_BYTES",
    partsLine: "EXPRESSION_BYTES",
  },
  "config/section.ts": {
    "Section.constructor": "MEMBERS",
    "Section.value": "MEMBERS",
    "Section.isNull": "MEMBERS",
    "Section.word": "WORDS",
    "Section.words": "LIST_TEXTS",
    "Section.share": "TEXT_BYTES",
    "Section.textsOf": "LIST_TEXTS",
    "Section.sections": ["ELEMENTS", "ELEMENTS"],
    "Section.refuseTwins": "MEMBERS",
    "Section.refuseOthers": "MEMBERS",
    isOneOf: "WORDS",
    bytesOf: "WORDS",
  },
  "config/session.ts": {
    readSecrets: "SESSION_SECRETS",
    contains: "SESSION_SECRETS",
    readDomain: "LIST_TEXTS",
    checkSurroundings: "LIST_TEXTS",
  },
  "config/keys.ts": {
    readPublicKeys: "LIST_TEXTS",
    readInlineSet: "KEYS",
    readSigningSecret: "WORDS",
    readAlgorithms: "LIST_TEXTS",
  },
  "config/endpoints.ts": {
    readEndpoints: "WORDS",
    checkEndpoint: "JSON_MEMBERS + 1",
    readServices: "JSON_MEMBERS",
    positionOf: "JSON_MEMBERS + 1",
  },
  "config/redirects.ts": {
    readRedirects: "LIST_TEXTS",
    mayReturnTo: "LIST_TEXTS",
  },
  "claims/path.ts": {
    "ClaimPath.parse": "TEXT_BYTES + 1",
    "ClaimPath.find": "TEXT_BYTES / 2",
  },
  "policy/parser.ts": {
    "Parser.alternatives": "EXPRESSION_BYTES",
    "Parser.conjunction": "EXPRESSION_BYTES",
    "Parser.call": "ARGUMENTS",
    "Parser.columnOf": ["EXPRESSION_BYTES", "EXPRESSION_BYTES"],
    "Parser.find": "WORDS",
    "Parser.unknown": "WORDS",
  },
  "policy/lexer.ts": {
    "Lexer.next": "EXPRESSION_BYTES",
    "Lexer.quoted": "EXPRESSION_BYTES",
    "Lexer.name": "EXPRESSION_BYTES",
  },
  "policy/arguments.ts": {
    "Builder.build": "ARGUMENTS",
    "Builder.claim": "ARGUMENTS",
    "Builder.body": "ARGUMENTS",
    isScope: "EXPRESSION_BYTES",
  },
  "policy/expression.ts": {
    "Node.close": "ARGUMENTS",
    "Node.uses": "ARGUMENTS",
    "Node.collectPaths": "ARGUMENTS",
    "Node.countPaths": "ARGUMENTS",
    "Node.asksClaims": "ARGUMENTS",
    "Node.collectScopes": "ARGUMENTS",
    "Node.collectCaptures": "ARGUMENTS",
    "Node.captures": "ARGUMENTS",
    "Node.isNarrow": "ARGUMENTS",
  },
  "policy/reach.ts": {
    covers: "ARGUMENTS",
    hasPaths: "ARGUMENTS",
    hasAll: "ARGUMENTS",
    isSame: "ARGUMENTS",
  },
  "policy/vocabulary.ts": {
    "Vocabulary.lower": "EXPRESSION_BYTES",
  },
  "jose/jwk.ts": {
    importJwk: "WORDS",
    withoutZeros: "TEXT_BYTES",
    readOperations: "KEY_OPERATIONS",
  },
  "jose/jwks.ts": {
    readKeySet: "KEYS",
    "Candidates.consider": "LIST_TEXTS + KEYS",
  },
  "jose/pem.ts": {
    decodeBody: "KEY_FILE_BYTES",
    "Reader.space": "TEXT_BYTES",
    "Reader.until": "TEXT_BYTES",
  },
  "jose/private-key.ts": {
    maySign: "SECRET_FILE_BYTES",
  },
  "jose/der.ts": {
    "Der.any": "4",
  },
  "jose/spki.ts": {
    importCertificate: "4",
  },
  "jose/curves.ts": {
    curveNamed: "WORDS",
    curveOfOid: "WORDS",
    nameOfCurve: "WORDS",
  },
  "jose/numbers.ts": {
    rsaKey: "4",
  },
  "jose/thumbprint.ts": {
    "Document.text": "WORD_BYTES",
  },
};
