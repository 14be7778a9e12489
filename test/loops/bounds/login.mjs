/** Loops of sign-in. */
export default {
  "login/answers.ts": {
    addSecurityHeaders: "ANSWER_HEADERS",
  },
  "login/router.ts": {
    "Router.constructor": "LIST_TEXTS",
    find: "WORDS",
    allows: "WORDS",
  },
  "login/context.ts": {
    "Context.parameter": "URI_BYTES",
    "Context.has": "URI_BYTES",
  },
  "login/metadata.ts": {
    "Metadata.knowsPrompt": "TOKEN_ELEMENTS",
    complete: "WORDS",
    serviceOf: "JSON_MEMBERS + 1",
  },
  "login/authorize.ts": {
    authorizationUrl: "JSON_MEMBERS",
    setCookies: "COOKIES_CLEARED",
  },
  "login/backchannel-logout.ts": {
    tokenOf: "LOGOUT_FORM_BYTES",
    useOnce: "LISTED",
  },
  "login/logout.ts": {
    clearAll: "HEADER_BYTES",
  },
  "login/session-info.ts": {
    sessionInfo: "NAMES + TOKEN_ELEMENTS",
  },
  "login/transaction.ts": {
    findTransaction: "HEADER_BYTES",
    surplusTransactions: ["HEADER_BYTES", "COOKIES_CLEARED", "COOKIES_CLEARED"],
    isId: "HEADER_BYTES",
  },
  "login/transaction-data.ts": {
    makeRoom: ["HEADER_BYTES", "COOKIES_CLEARED"],
  },
  "login/return-address.ts": {
    isOwnPath: "RETURN_ADDRESS_BYTES",
  },
  "login/redirect-loop.ts": {
    count: ["HEADER_BYTES", "3"],
  },
  "login/single-flight.ts": {
    "SingleFlight.read": "PROVIDER_ANSWER_BYTES",
    "SingleFlight.finish": "COOKIES_SET",
    "SingleFlight.tidy": "LISTED",
  },
  "login/etcd.ts": {
    "Etcd.page": "TOKEN_ELEMENTS",
    "Etcd.write": ["STORE_PUSHED", "STORE_PUSHED", "WORDS"],
  },
  "login/consul.ts": {
    "Consul.page": "TOKEN_ELEMENTS",
    "Consul.write": ["STORE_PUSHED", "STORE_TREES * WORDS"],
  },
  "login/ids.ts": {
    "Ids.constructor": ["32", "REVOCATION_BYTES / 16"],
    // As if all began with the same bytes.
    "Ids.add": "REVOCATION_BYTES / 16 + TOKEN_ELEMENTS",
  },
  "login/merge.ts": {
    filesOf: "4",
    merge: ["TOKEN_ELEMENTS", "4"],
    lacking: ["4", "REVOCATION_BYTES / 32"],
  },
  "login/store.ts": {
    joined: "TOKEN_ELEMENTS",
  },
  "login/store-cron.ts": {
    isPlain: "SMALL_HEADER_BYTES",
  },
  "login/claims.ts": {
    mergedClaims: "3",
    merge: "JSON_MEMBERS",
    replace: "JSON_MEMBERS * 3",
  },
};
