/** What sign-in is configured by: the modes, sessions, the relying party, and who may ask for a decision. */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ClaimsFrom, ClientAuth, LoginOptions, SameSite, SessionOptions } from "./options";

/** Sessions in sealed cookies. Times in seconds; defaults are those of config/options.yaml. */
@final
export class SessionSettings {
  /** Decoded; the first seals, all open. */
  secrets: Array<Bytes> = [];
  /** As configured, without prefix. */
  cookieName: Bytes = Bytes.of(SessionOptions.COOKIE_NAME);
  /** Empty: the session is of one host. */
  domain: Bytes = Bytes.empty();
  sameSite: SameSite = SessionOptions.SAME_SITE;
  maxAge: i64 = 0;
  refreshEvery: i64 = 0;
  /** It was said: then it holds where nothing can be refreshed as well. */
  refreshIsSet: bool = false;
  revocationTtl: i64 = 0;
  /** Sessions go on when revocations cannot be read. */
  passUnreadable: bool = false;
  /** Applications that share sessions name the same. */
  audience: Bytes = Bytes.empty();
  /** The cookies' names as they are sent: the session's, the refresh token's, and what an attempt's begins with. */
  sessionCookie: Bytes = Bytes.empty();
  refreshCookie: Bytes = Bytes.empty();
  attemptCookie: Bytes = Bytes.empty();
  /** While it is there, a session that holds is not sent to be refreshed. */
  laterCookie: Bytes = Bytes.empty();
  /** Of what a session keeps, and of the roles' meaning: a session of another one is out of date. */
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

/** Whether the browser is sent there; to the others the plugin goes itself, by a router of Traefik's. */
export function isForBrowsers(endpoint: Endpoint): bool {
  return endpoint == Endpoint.Authorization || endpoint == Endpoint.EndSession;
}

@final
export class LoginSettings {
  /** The one of several issuers that people sign in with, as configured. */
  issuerName: Bytes | null = null;
  /** Its position in the configuration's list. */
  issuer: i32 = 0;
  path: Bytes = Bytes.of(LoginOptions.PATH);
  clientSecret: Bytes | null = null;
  /** Of private_key_jwt: a private key as jose/private-key.ts imports it, and what the provider calls it. */
  clientKey: Bytes | null = null;
  clientKeyId: Bytes | null = null;
  clientAuth: ClientAuth = LoginOptions.CLIENT_AUTH;
  scopes: Array<Bytes> = [];
  /** Of `max_age` among them: seconds since the user was last asked; -1: it is not there. */
  authenticationAge: i64 = -1;
  parameterNames: Array<Bytes> = [];
  parameterValues: Array<Bytes> = [];
  claimsFrom: Array<ClaimsFrom> = [];
  /** By `Endpoint`: what is configured; null: discovery says. */
  endpoints: StaticArray<Bytes | null> = new StaticArray<Bytes | null>(ENDPOINTS);
  /** Names of services and their origins, `provider` among them. */
  services: Array<Bytes> = [];
  serviceOrigins: Array<Bytes> = [];
  /** Which of them this router leads to. */
  service: i32 = 0;
  userinfo: bool = false;
  trustTransport: bool = false;
  /** Per mille of the session's life. */
  refreshAt: i64 = 0;
  refreshGrace: i64 = 0;
  /** A path of the application, or a URL. */
  postLogoutRedirect: Bytes = Bytes.of(LoginOptions.POST_LOGOUT_REDIRECT);
  allowedRedirects: Array<Bytes> = [];

  /** Whether its ID tokens are believed for the connection that they came by, and need no keys. */
  trusts(issuer: Bytes, isFirst: bool): bool {
    const name = this.issuerName;
    return this.trustTransport && (name ? name.equals(issuer) : isFirst);
  }

  /** Whether it is the path of a visit, or the base of them. */
  covers(path: Bytes): bool {
    const base = this.path;
    return (
      path.startsWith(base) && (path.length == base.length || path.at(base.length) == Char.Slash)
    );
  }
}

/** Mode auth: which headers carry the request to decide on, and whose word counts. */
@final
export class ForwardAuthSettings {
  /** As http/address.ts reads them. */
  trusted: Array<Bytes> = [];
  uriHeader: Bytes = Bytes.empty();
  methodHeader: Bytes = Bytes.empty();
  hostHeader: Bytes = Bytes.empty();
}
