/**
 * All sizes, counts and times that the guest limits, each with its reason. What exceeds a limit is
 * refused, never cut.
 */

/**
 * Bytes of a token. Keycloak puts the roles of 140 realms into 20 kB for an administrator; Traefik
 * accepts 1 MiB of headers.
 */
export const TOKEN_BYTES = 32 * 1024;
/**
 * Bytes of the token's header, of all cookies, and of all header names: servers accept as much in
 * total.
 */
export const HEADER_BYTES = 64 * 1024;
/** Bytes of a list of header names that a guest keeps: a browser's has 400. */
export const KNOWN_NAMES_BYTES = 2048;
/** Bytes of any other header's values that the guest reads. */
export const SMALL_HEADER_BYTES = 8 * 1024;
/**
 * Bytes of a path. Matching may read all of it once for each rule; common servers accept no more.
 */
export const PATH_BYTES = 8 * 1024;
/** Bytes of a path with its query. Browsers and servers accept far less. */
export const URI_BYTES = 64 * 1024;

/**
 * Nesting of JSON: the parser recurses, and a stack overflow is a trap. Real tokens need about 5.
 */
export const JSON_DEPTH = 32;
/** Members of one JSON object: the search for duplicates is quadratic. */
export const JSON_MEMBERS = 1024;

/**
 * Entries of a key's `key_ops`: RFC 7517 §4.3 defines eight, and each is compared with all others.
 */
export const KEY_OPERATIONS = 16;
/** Keys in a key set. Providers publish 2 to 10. */
export const KEYS = 64;
/** Bytes of a key file: 64 keys of the largest size with their certificates. */
export const KEY_FILE_BYTES = 512 * 1024;
/** Seconds between two looks at a key file: one system call a second in a busy guest. */
export const KEY_FILE_INTERVAL = 1;

/** API keys of one configuration, and of one file. */
export const API_KEYS = 4096;
/** Bytes of a file with as many API keys. */
export const API_KEYS_FILE_BYTES = 1024 * 1024;
/** Bytes of a file that holds a secret. */
export const SECRET_FILE_BYTES = 4096;

/** Bytes of a body that a rule reads. It is in memory once. */
export const BODY_BYTES = 1024 * 1024;
/**
 * Consecutive reads of a body that return nothing: a host that never reports the end would block
 * Traefik.
 */
export const EMPTY_READS = 100;

/** Rules: matching is linear, and an explanation shows the whole list. */
export const RULES = 512;
/** Bytes of `detail`, the text of a rule's refusals. */
export const RULE_DETAIL_BYTES = 200;
/** Bytes of a rule's expression. */
export const EXPRESSION_BYTES = 64 * 1024;
/** Nesting of a rule's expression: the evaluator recurses. */
export const EXPRESSION_DEPTH = 32;
/** Issuers: each one is trusted. */
export const ISSUERS = 16;
/** Tenants of all issuers: each is one in a list that new tokens are compared with. */
export const TENANTS = 64;
/** Paths of all rules together: each may be matched with each request. */
export const PATHS = 4096;
/** Bytes of a name in `{name}`. */
export const CAPTURE_BYTES = 128;
/** Texts of one list in the configuration: as many as there may be API keys. */
export const LIST_TEXTS = 4096;
/** Roles of a configuration, and pairs of its hierarchy: each role is a set of the others. */
export const ROLES = 8192;
/** Reported findings of a configuration: a new one is compared with those before it. */
export const FINDINGS = 1000;
/** Headers that the plugin owns: each is compared with every header of a request. */
export const OWNED_HEADERS = 32;

/** Seconds by which clocks may differ. More would make `exp` meaningless. */
export const CLOCK_SKEW = 300;
/** Bytes of verified tokens that a guest keeps: about 12 tokens of 1.2 kB. Guests are many. */
export const TOKEN_CACHE_BYTES = 20 * 1024;
/** A token with a larger record is verified each time, so that it cannot displace all others. */
export const TOKEN_CACHE_ENTRY_BYTES = 5 * 1024;

/**
 * Bytes of one text of a token in a log line: what is longer is cut there, and counts for nothing
 * else.
 */
export const LOG_TEXT_BYTES = 128;
/** Texts of one list of a token in a log line: the others are left out. */
export const LOG_TEXTS = 16;

/**
 * Bits of an RSA modulus: below, RFC 7518 §3.3 forbids it; above, one verification takes
 * milliseconds.
 */
export const RSA_BITS_MIN = 2048;
export const RSA_BITS_MAX = 8192;

/**
 * Bytes of all identity headers of one caller. Upstreams commonly take 8 or 16 KiB of headers in
 * all.
 */
export const FORWARDED_VALUE_BYTES = 16 * 1024;
/** Keys that are tried for a token without `kid`: each costs a verification. */
export const KEY_CANDIDATES = 4;

/**
 * Bytes of tables computed for keys in one guest: guests are many, and few keys sign at the same
 * time.
 */
export const KEY_TABLE_BYTES = 96 * 1024;
/**
 * Uses of a key before its table is made: a guest that sees a key once or twice would not recover
 * the cost.
 */
export const KEY_TABLE_USES = 4;

/**
 * Bytes of the configuration, and of the file that `configFile` names: as many API keys as there
 * may be, and the rest.
 */
export const CONFIG_FILE_BYTES = 1024 * 1024;

/**
 * Secrets of sessions: one that seals, and one or two that are being retired. Each guest derives
 * keys from all.
 */
export const SESSION_SECRETS = 4;
/** Bytes of a session's secret: derived keys are no stronger than it is. */
export const SESSION_SECRET_BYTES = 32;
/** Bytes of a cookie's value. Browsers accept 4,096 for name, value and attributes. */
export const COOKIE_CHUNK_BYTES = 3800;
/** Cookies that one session may take: servers commonly refuse more than 16 or 32 KiB of headers. */
export const COOKIE_CHUNKS = 5;
/**
 * Bytes of the address to return to after sign-in. Links of Kibana and Grafana have 2 to 5 kB;
 * servers take 8 KiB.
 */
export const RETURN_ADDRESS_BYTES = 6 * 1024;
/**
 * This many of them are sealed in `state`, through other servers' URL limits; a longer address is
 * in separate cookies.
 */
export const STATE_ADDRESS_BYTES = 1500;
/**
 * Bytes of the cookies that all sign-ins under way keep beside their own: proxies commonly take 16
 * KiB of headers.
 */
export const TRANSACTION_DATA_BYTES = 12 * 1024;
/** Bytes of the name that a third party proposes for a sign-in: an address has up to 254. */
export const LOGIN_HINT_BYTES = 256;
/** Sign-ins that one browser may have under way: each is a cookie. */
export const TRANSACTIONS = 12;
/**
 * Cookies of a request that are examined or expired only because of their names: browsers keep
 * about 180 for a host.
 */
export const COOKIES_CLEARED = 32;
/** Bytes of an authorization code: providers' have up to 2 kB. */
export const CODE_BYTES = 8 * 1024;
/** Seconds that a sign-in may take. */
export const TRANSACTION_SECONDS = 600;
/** Bytes of the provider's response: a key set with certificates, three tokens, metadata. */
export const PROVIDER_ANSWER_BYTES = 256 * 1024;
/** Bytes of a logout token's form. */
export const LOGOUT_FORM_BYTES = 16 * 1024;
/**
 * Seconds after which a refresh counts as lost, with the Traefik that ran it: more than its
 * service's timeout.
 */
export const REFRESH_LOCK_SECONDS = 30;
/** Seconds for which new cookies are kept for requests with the old ones. */
export const REFRESH_KEPT_SECONDS = 60;
/** Redirects of a request that waits for another request's refresh: browsers follow 20. */
export const REFRESH_ROUNDS = 8;
/** Seconds for which a valid session is not refreshed again after a failed refresh. */
export const REFRESH_PAUSE_SECONDS = 10;
/**
 * Bytes of all revocations in effect: 10,240 of them. Each guest holds them, and searches them at
 * each request.
 */
export const REVOCATION_BYTES = 320 * 1024;
/** Bytes of one period's unproven revocations: 1,024 of them, with separate room. */
export const UNPROVEN_BYTES = 32 * 1024;
/** The share of one network in those: an office signs out behind one address. */
export const UNPROVEN_SHARE = 128;
/**
 * Sign-outs of one subject in a period that are recorded singly; one more ends all sessions of the
 * subject.
 */
export const SUBJECT_SIGN_OUTS = 16;
/** Characters of a subject, OpenID Connect Core §2. */
export const SUBJECT_CHARACTERS = 255;
/** Greatest age of a logout token in seconds. */
export const LOGOUT_TOKEN_SECONDS = 300;

/**
 * Entries that one read of `store` brings: about 100 kB of its JSON, of the 256 KiB that are taken.
 */
export const STORE_PAGE = 256;
/** Trees of entries in a Consul, of which one read brings one. */
export const STORE_TREES = 16;
/** Entries that one visit writes. Consul takes 64 operations, etcd by default 128. */
export const STORE_PUSHED = 32;
/** Visits of one call of mode store: health checks follow 10 redirects. */
export const STORE_ROUNDS = 9;
/** Seconds after which all entries are read again. An engine that was restored has other ones. */
export const STORE_WHOLE_SECONDS = 600;
/** Seconds of a Traefik's lease, below which its locks and results of refreshes are. */
export const STORE_LEASE_SECONDS = 60;
/** Bytes of a refresh's result that is shared: as base64 it fits into a body of 64 KiB. */
export const STORE_VALUE_BYTES = 44 * 1024;
/** Seconds that a browser may take for a step by `store`. */
export const STORE_STEP_SECONDS = 60;

/** Bytes of the application's name on pages: a line on a phone. */
export const PAGE_NAME_BYTES = 80;
/** Bytes of its logo: each guest holds it, and each page carries it. */
export const PAGE_LOGO_BYTES = 8 * 1024;
/** Roles that a page names as those that would be enough: a longer list does not help. */
export const PAGE_ROLES = 12;
