/**
 * Settings of sign-in: modes, sessions, the relying party, and the proxies that may ask for a
 * decision.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ClaimsFrom, ClientAuth, LoginOptions, SameSite, SessionOptions } from "./options";

/** Sessions in sealed cookies. Times in seconds; defaults are those of config/options.yaml. */
@final
export class SessionSettings {
  /** Decoded; the first one seals, all of them open. */
  secrets: Array<Bytes> = [];
  /** As configured, without prefix. */
  cookieName: Bytes = Bytes.of(SessionOptions.COOKIE_NAME);
  /** Empty: cookies are for one host. */
  domain: Bytes = Bytes.empty();
  sameSite: SameSite = SessionOptions.SAME_SITE;
  maxAge: i64 = 0;
  refreshEvery: i64 = 0;
  /** The option was set, so it applies also where nothing can be refreshed. */
  refreshIsSet: bool = false;
  revocationTtl: i64 = 0;
  revocationMaxStale: i64 = 0;
  /** Sessions remain valid when revocations cannot be read. */
  passUnreadable: bool = false;
  /** Applications with the same audience share sessions. */
  audience: Bytes = Bytes.empty();
  /**
   * Names of the cookies as sent: the session's, the refresh token's, and the beginning of a
   * sign-in's.
   */
  sessionCookie: Bytes = Bytes.empty();
  refreshCookie: Bytes = Bytes.empty();
  transactionCookie: Bytes = Bytes.empty();
  /** While this cookie is there, a valid session is not refreshed. */
  laterCookie: Bytes = Bytes.empty();
  /**
   * Fingerprint of what a session keeps and of the roles' meaning: a session with another one is
   * out of date.
   */
  fingerprint: Bytes = Bytes.empty();
}

/** The provider's endpoints. */
export enum Endpoint {
  Authorization,
  Token,
  UserInfo,
  EndSession,
  Jwks,
}

export const ENDPOINTS = Endpoint.Jwks + 1;

/** Its name in `login.endpoints`. */
export function optionOf(endpoint: Endpoint): string {
  switch (endpoint) {
    case Endpoint.Authorization:
      return "authorization";
    case Endpoint.Token:
      return "token";
    case Endpoint.UserInfo:
      return "userinfo";
    case Endpoint.EndSession:
      return "endSession";
    case Endpoint.Jwks:
      return "jwks";
    default:
      return "";
  }
}

/** Its name in the provider's metadata: OpenID Connect Discovery §3, RP-Initiated Logout §2.1. */
export function memberOf(endpoint: Endpoint): string {
  switch (endpoint) {
    case Endpoint.Authorization:
      return "authorization_endpoint";
    case Endpoint.Token:
      return "token_endpoint";
    case Endpoint.UserInfo:
      return "userinfo_endpoint";
    case Endpoint.EndSession:
      return "end_session_endpoint";
    case Endpoint.Jwks:
      return "jwks_uri";
    default:
      return "";
  }
}

/**
 * True if the browser goes there; the plugin itself calls the others, through a router of
 * Traefik's.
 */
export function isForBrowsers(endpoint: Endpoint): bool {
  return endpoint == Endpoint.Authorization || endpoint == Endpoint.EndSession;
}

/** Name of the visit that shows the page after signing out. */
export const SIGNED_OUT = "signed-out";

@final
export class LoginSettings {
  /** Name of the issuer that users sign in with, as configured. */
  issuerName: Bytes | null = null;
  /** Its position in the configuration's list. */
  issuer: i32 = 0;
  path: Bytes = Bytes.of(LoginOptions.PATH);
  clientSecret: Bytes | null = null;
  /**
   * private_key_jwt: a private key as jose/private-key.ts imports it, and its id at the provider.
   */
  clientKey: Bytes | null = null;
  clientKeyId: Bytes | null = null;
  clientAuth: ClientAuth = LoginOptions.CLIENT_AUTH;
  scopes: Array<Bytes> = [];
  /** -1: what the provider can do. */
  otherAccount: i32 = -1;
  /** `max_age` of the parameters: seconds since the user was last asked; -1: absent. */
  authenticationAge: i64 = -1;
  parameterNames: Array<Bytes> = [];
  parameterValues: Array<Bytes> = [];
  claimsFrom: Array<ClaimsFrom> = [];
  /** By `Endpoint`: the configured URL; null: discovery gives it. */
  endpoints: StaticArray<Bytes | null> = new StaticArray<Bytes | null>(ENDPOINTS);
  /** Names of services and their origins, `provider` among them. */
  services: Array<Bytes> = [];
  serviceOrigins: Array<Bytes> = [];
  /** The service that this router leads to. */
  service: i32 = 0;
  userinfo: bool = false;
  trustTransport: bool = false;
  /** Per mille of the session's life. */
  refreshAt: i64 = 0;
  refreshGrace: i64 = 0;
  /** A path of the application, or a URL. */
  postLogoutRedirect: Bytes = Bytes.of(LoginOptions.POST_LOGOUT_REDIRECT);
  allowedRedirects: Array<Bytes> = [];

  /** True if the issuer's ID tokens are trusted by their connection, and need no keys. */
  trusts(issuer: Bytes, isFirst: bool): bool {
    const name = this.issuerName;
    return this.trustTransport && (name ? name.equals(issuer) : isFirst);
  }

  /** True if it is the path of a login endpoint, or their base path. */
  covers(path: Bytes): bool {
    const base = this.path;
    return (
      path.startsWith(base) && (path.length == base.length || path.at(base.length) == Char.Slash)
    );
  }
}

/**
 * Mode auth: the headers that carry the request to decide on, and the proxies that may send them.
 */
@final
export class ForwardAuthSettings {
  /** Ranges as http/address.ts reads them. */
  trusted: Array<Bytes> = [];
  uriHeader: Bytes = Bytes.empty();
  methodHeader: Bytes = Bytes.empty();
  hostHeader: Bytes = Bytes.empty();
}
