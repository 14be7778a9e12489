/** Every size, count and time that the guest bounds, each with its reason. Over a limit is refused, never cut. */

/** Bytes of a token. Keycloak puts the roles of 140 realms into 20 kB for an administrator; Traefik takes 1 MiB of headers. */
export const TOKEN_BYTES = 32 * 1024;
/** Bytes of the header that carries the token, of all cookies, and of all header names: what servers take in all. */
export const HEADER_BYTES = 64 * 1024;
/** Bytes of all header names in a list that a guest keeps: a browser's are 400. */
export const KNOWN_NAMES_BYTES = 1024;
/** Bytes of any other header's values that the guest reads. */
export const SMALL_HEADER_BYTES = 8 * 1024;
/** Bytes of a path. Matching may look at all of it once for each rule; common servers take no more. */
export const PATH_BYTES = 8 * 1024;
/** Bytes of a path with its query. Browsers and servers stop far below. */
export const URI_BYTES = 64 * 1024;

/** Nesting of JSON: the parser recurses, and a stack overflow is a trap. Real tokens need about 5. */
export const JSON_DEPTH = 32;
/** Members of one JSON object: looking for duplicates is quadratic in it. */
export const JSON_MEMBERS = 1024;

/** Uses that a key names in `key_ops`: RFC 7517 §4.3 knows eight, and each is compared with all others. */
export const KEY_OPERATIONS = 16;
/** Keys in a key set. Providers publish 2 to 10. */
export const KEYS = 64;
/** Bytes of a key file: 64 keys of the largest size with their certificates. */
export const KEY_FILE_BYTES = 512 * 1024;
/** Seconds between two looks at a key file: one system call a second in a busy guest. */
export const KEY_FILE_INTERVAL = 1;

/** API keys of one configuration, and of one file. */
export const API_KEYS = 4096;
/** Bytes of a file of API keys: that many of them. */
export const API_KEYS_FILE_BYTES = 1024 * 1024;
/** Bytes of a file that holds a secret. */
export const SECRET_FILE_BYTES = 4096;

/** Bytes of a body that a rule looks into. It stands in memory once. */
export const BODY_BYTES = 1024 * 1024;
/** Reads of a body in a row that bring nothing: a host that never says that it ends would hold all of Traefik. */
export const EMPTY_READS = 100;

/** Rules: matching is linear, and the whole list is shown when a decision is explained. */
export const RULES = 512;
/** Bytes of what a rule says to those whom it refuses. */
export const RULE_DETAIL_BYTES = 200;
/** Bytes of a rule's expression. */
export const EXPRESSION_BYTES = 64 * 1024;
/** Nesting of a rule's expression: the evaluator recurses. */
export const EXPRESSION_DEPTH = 32;
/** Issuers: each is a place where trust is given. */
export const ISSUERS = 16;
/** Paths of all rules together: each is looked at with each request. */
export const PATHS = 4096;
/** Bytes of the name of a part of a path, in `{name}`. */
export const CAPTURE_BYTES = 128;
/** Texts of one list in the configuration: as many as there may be API keys. */
export const LIST_TEXTS = 4096;
/** Roles of a configuration, and pairs of its hierarchy: each role is a set of the others. */
export const ROLES = 8192;
/** Mistakes of a configuration that are told: a new one is compared with those before it. */
export const FINDINGS = 1000;
/** Headers that the plugin owns; all are compared with every header of a request. */
export const OWNED_HEADERS = 32;

/** Seconds that clocks may differ. More would make `exp` meaningless. */
export const CLOCK_SKEW = 300;
/** Bytes of verified tokens that a guest keeps: about 12 tokens of 1.2 kB. Guests are many. */
export const TOKEN_CACHE_BYTES = 20 * 1024;
/** A token whose record is larger is verified each time, so that it cannot push all others out. */
export const TOKEN_CACHE_ENTRY_BYTES = 5 * 1024;

/** Bits of an RSA modulus: below, RFC 7518 §3.3 forbids it; above, one verification takes milliseconds. */
export const RSA_BITS_MIN = 2048;
export const RSA_BITS_MAX = 8192;

/** Bytes of all identity headers of one caller. Upstreams commonly take 8 or 16 KiB of headers in all. */
export const FORWARDED_VALUE_BYTES = 16 * 1024;
/** Keys that are tried for a token that names none of them: each costs a verification. */
export const KEY_CANDIDATES = 4;

/** Bytes of what is precomputed for keys in one guest: guests are many, and few keys sign at a time. */
export const KEY_TABLE_BYTES = 96 * 1024;
/** Which use of a key pays for precomputing: a guest that sees a key once or twice would never earn it back. */
export const KEY_TABLE_USES = 4;

/** Bytes of the configuration, and of the file that `configFile` names: as many API keys as there may be, and the rest. */
export const CONFIG_FILE_BYTES = 1024 * 1024;

/** Secrets of sessions: one that seals, one or two that are on their way out. Each guest derives keys from all. */
export const SESSION_SECRETS = 4;
/** Bytes of a session's secret: what its keys are derived from is as strong as they are. */
export const SESSION_SECRET_BYTES = 32;
/** Bytes of a cookie's value. Browsers take 4,096 for name, value and attributes. */
export const COOKIE_CHUNK_BYTES = 3800;
/** Cookies that one session may take: servers commonly refuse more than 16 or 32 KiB of headers. */
export const COOKIE_CHUNKS = 5;
/** Bytes of the address to return to after sign-in: it travels sealed in `state`, through other servers' URL limits. */
export const RETURN_ADDRESS_BYTES = 1500;
/** Sign-ins that one browser may have under way: each is a cookie. */
export const ATTEMPTS = 12;
/** Cookies of a request that are looked at or cleared for no more than their names: browsers keep about 180 for a host. */
export const COOKIES_CLEARED = 32;
/** Bytes of an authorization code: providers' have up to 2 kB. */
export const CODE_BYTES = 8 * 1024;
/** Seconds that a sign-in may take. */
export const ATTEMPT_SECONDS = 600;
/** Bytes of the provider's answer: a key set with certificates, three tokens, metadata. */
export const PROVIDER_ANSWER_BYTES = 256 * 1024;
/** Bytes of a logout token's form. */
export const LOGOUT_FORM_BYTES = 16 * 1024;
/** Seconds after which a refresh counts as lost with the Traefik that made it: more than its service's timeout. */
export const REFRESH_LOCK_SECONDS = 30;
/** Seconds that new cookies are kept for those who ask with the old ones. */
export const REFRESH_KEPT_SECONDS = 60;
/** Visits that a request makes while it waits for another one's refresh: browsers follow 20 redirects. */
export const REFRESH_ROUNDS = 8;
/** Seconds that a session which holds is left alone after a refresh that came to nothing. */
export const REFRESH_PAUSE_SECONDS = 10;
/** Bytes of all revocations that count: 10,240 of them. Each guest holds them, and looks through them at each request. */
export const REVOCATION_BYTES = 320 * 1024;
/** Bytes of those of one period that nothing vouches for: 1,024 of them, a room of their own. */
export const UNPROVEN_BYTES = 32 * 1024;
/** Of those, the share of one network: an office signs out behind one address. */
export const UNPROVEN_SHARE = 128;
/** Sign-outs of one subject in a period that are kept one by one; each one after that ends all its sessions. */
export const SUBJECT_SIGN_OUTS = 16;
/** Characters of a subject, OpenID Connect Core §2. */
export const SUBJECT_CHARACTERS = 255;
/** Seconds that a logout token may be old. */
export const LOGOUT_TOKEN_SECONDS = 300;
