/** What some keys' values are, one of a few words: in the order of the enumerations that they stand for. */

/** `Mode`. */
export const MODES: Array<string> = ["protect", "login", "keys", "auth"];

/** `Audit`. */
export const AUDIT: Array<string> = ["off", "denied", "writes", "all"];

/** `LogLevel`. */
export const LOG_LEVEL: Array<string> = ["debug", "info", "warn", "error"];

/** `default`. */
export const DEFAULTS: Array<string> = ["deny", "authenticated"];

/** What to do with what cannot be read as it was meant: `encodedPath`, `session.revocationUnreadable`. */
export const REFUSE_OR_ALLOW: Array<string> = ["refuse", "allow"];

/** `SameSite`. */
export const SAME_SITE: Array<string> = ["lax", "strict", "none"];

/** `ClientAuth`. */
export const CLIENT_AUTH: Array<string> = ["basic", "post", "private_key_jwt", "none"];

/** `ClaimsFrom`. */
export const CLAIMS_FROM: Array<string> = ["access_token", "id_token"];
