/** Every finding of `rolegate doctor`: what it is, what to do, where to read. docs/doctor.md is made from this. */
import type { Severity } from "../check/catalogue-table.ts";

export interface Ailment {
  severity: Severity;
  /** What is wrong. */
  title: string;
  remedy: string;
  /** A page below docs/, and a section. */
  docs: string;
  /** What has to be given for it to be looked for, beside the URL. */
  needs?: string;
}

const ailments = <T extends Record<string, Ailment>>(table: T): Record<keyof T, Ailment> => table;

export const AILMENTS = ailments({
  unreachable: {
    severity: "error",
    title: "The application's address does not answer",
    remedy:
      "look whether Traefik runs, whether the name leads to it, and whether its certificate is trusted (--insecure looks past that)",
    docs: "cli.md",
  },
  not_protected: {
    severity: "error",
    title: "A request without a credential gets through",
    remedy:
      "put the middleware on the router, or narrow the rule that is public; --path names a path that should be protected",
    docs: "policy.md",
  },
  not_rolegate: {
    severity: "warning",
    title: "Something else than Rolegate refuses requests",
    remedy:
      "look which middleware or router answers: a refusal of Rolegate's is application/problem+json with a requestId",
    docs: "log.md",
  },
  config_error: {
    severity: "error",
    title: "The block has errors, and nothing gets through",
    remedy: "run rolegate check on Traefik's files; Traefik's log has the same lines",
    docs: "configuration.md",
  },
  keys_unavailable: {
    severity: "error",
    title: "The plugin has no keys yet",
    remedy:
      "look at the keys lines in Traefik's log: the fetcher's router, entry point and health check, or the key file's mount",
    docs: "configuration.md#whose-tokens",
  },
  xhr_redirected: {
    severity: "error",
    title: "A script's request is redirected instead of refused",
    remedy:
      "look for another middleware that redirects (forwardAuth, errors); scripts cannot follow to another site's sign-in page",
    docs: "log.md",
  },
  path_ambiguous: {
    severity: "warning",
    title: "Paths with %2F get through",
    remedy:
      "leave encodedPath at refuse where the application can do without: many decode before they route, and rules see another path than they do",
    docs: "policy.md#paths",
  },
  login_router_missing: {
    severity: "error",
    title: "The plugin's own paths reach the application's middleware",
    remedy: "add the login router with the middleware in mode login; rolegate init writes it",
    docs: "login.md",
    needs: "a block with session",
  },
  login_failed: {
    severity: "error",
    title: "Sign-in does not begin",
    remedy:
      "look at the login lines in Traefik's log; the provider must be reachable from Traefik, and buffering stand behind the middleware",
    docs: "login.md",
    needs: "a block with session",
  },
  login_not_offered: {
    severity: "error",
    title: "People are not sent to sign in",
    remedy:
      "set publicUrl to the address under which browsers see the application, and session.secrets",
    docs: "login.md",
    needs: "a block with session",
  },
  redirect_uri_refused: {
    severity: "error",
    title: "The provider does not take the redirect URI",
    remedy: "enter it at the provider, for this client, byte for byte",
    docs: "login.md",
    needs: "a block with session",
  },
  cookie_flags: {
    severity: "error",
    title: "A cookie lacks HttpOnly, Secure or SameSite",
    remedy: "look for a middleware or proxy that rewrites Set-Cookie; publicUrl must be https",
    docs: "login.md",
    needs: "a block with session",
  },
  discovery_failed: {
    severity: "error",
    title: "The provider's discovery document cannot be read",
    remedy: "look whether the issuer is right and reachable",
    docs: "configuration.md#whose-tokens",
    needs: "-c or --issuer",
  },
  issuer_differs: {
    severity: "error",
    title: "The provider calls itself otherwise than the block",
    remedy: "set issuer to what the document says, byte for byte",
    docs: "configuration.md#whose-tokens",
    needs: "-c or --issuer",
  },
  no_usable_key: {
    severity: "error",
    title: "The provider publishes no key that the plugin can use",
    remedy: "rolegate keys show says why of each",
    docs: "configuration.md#whose-tokens",
    needs: "-c or --issuer",
  },
  keys_stale: {
    severity: "warning",
    title: "The key file lacks a key that the provider publishes",
    remedy:
      "run rolegate keys sync, as a service with --watch or from a timer, or let mode keys fetch them",
    docs: "configuration.md#whose-tokens",
    needs: "--jwks-file",
  },
  clock_skew: {
    severity: "warning",
    title: "Clocks differ by more than 30 seconds",
    remedy: "synchronise them (NTP): tokens are refused as expired, or as issued in the future",
    docs: "configuration.md#which-tokens",
  },
  token_refused: {
    severity: "error",
    title: "The plugin does not take the token",
    remedy: "see the reason in docs/log.md",
    docs: "log.md#reasons",
    needs: "--token and -c",
  },
  audience_missing: {
    severity: "error",
    title: "The token is not for this application",
    remedy:
      "at Keycloak, add an audience mapper for the client to its dedicated scope; elsewhere ask for the audience when the token is requested",
    docs: "configuration.md#whose-tokens",
    needs: "--token and -c",
  },
  roles_missing: {
    severity: "warning",
    title: "The token has none of the block's roles",
    remedy:
      "let the provider put roles into the access token, where rolesFrom looks for them, and map their names in roles",
    docs: "configuration.md#who-may-do-what",
    needs: "--token and -c",
  },
  application_refuses: {
    severity: "error",
    title: "The application asks for credentials of its own",
    remedy:
      "turn its authentication off and let only Traefik reach it, or give it a credential with upstreamAuthorization",
    docs: "configuration.md#what-the-application-gets",
    needs: "--token",
  },
  websocket_open: {
    severity: "error",
    title: "A WebSocket opens without a credential",
    remedy: "protect its path: no rule that is public may be for it",
    docs: "policy.md",
    needs: "--websocket",
  },
  websocket_refused: {
    severity: "error",
    title: "A WebSocket does not open with a token",
    remedy:
      "look for buffering or compress on the router, for the role that its rule asks for, and whether the application answers there",
    docs: "policy.md",
    needs: "--websocket and --token",
  },
  application_exposed: {
    severity: "error",
    title: "The application can be reached past Traefik",
    remedy: "let it listen on an address that only Traefik reaches",
    docs: "security.md",
    needs: "--upstream",
  },
  router_unprotected: {
    severity: "error",
    title: "Another router leads to the application without Rolegate",
    remedy: "add the middleware to it",
    docs: "security.md",
    needs: "--api",
  },
  router_broken: {
    severity: "error",
    title: "Traefik has dropped a router",
    remedy: "its error says why; its requests go to the next router that matches",
    docs: "security.md",
    needs: "--api",
  },
  secret_shown: {
    severity: "warning",
    title: "A secret stands in clear in Traefik's API",
    remedy: "write env:NAME or file:/path in its place",
    docs: "configuration.md",
    needs: "--api",
  },
  prefect_health: {
    severity: "warning",
    title: "Prefect's health check needs a credential",
    remedy: "let GET and HEAD of /api/health and /api/ready be public; the preset does",
    docs: "prefect.md",
    needs: "--preset prefect",
  },
  prefect_scheme: {
    severity: "error",
    title: "Prefect redirects to http",
    remedy:
      "set FORWARDED_ALLOW_IPS on Prefect's server to Traefik's address, so that it believes X-Forwarded-Proto",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_prefix: {
    severity: "error",
    title: "Prefect's API is not below /api",
    remedy:
      "let PREFECT_SERVER_API_BASE_PATH and Traefik's stripPrefix agree; the preset takes --api-base",
    docs: "prefect.md",
    needs: "--preset prefect",
  },
  prefect_open: {
    severity: "error",
    title: "Prefect's API answers without a credential",
    remedy:
      "only GET and HEAD of /api/health and /api/ready are public; look for rules or routers by the end of a path",
    docs: "prefect.md",
    needs: "--preset prefect",
  },
  prefect_cors: {
    severity: "warning",
    title: "Any page may read Prefect's API",
    remedy:
      "set PREFECT_SERVER_CORS_ALLOWED_ORIGINS on the server to the public address, and let no preflight through",
    docs: "prefect.md",
    needs: "--preset prefect",
  },
  prefect_socket_open: {
    severity: "error",
    title: "One of Prefect's WebSockets opens without a credential",
    remedy: "no rule that is public may be for it",
    docs: "prefect.md",
    needs: "--preset prefect",
  },
  prefect_socket_refused: {
    severity: "error",
    title: "One of Prefect's WebSockets does not open with the token",
    remedy:
      "task runs and logs get lost silently: look for buffering or compress on the router, and for the server's path",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_subprotocol: {
    severity: "error",
    title: "The WebSocket's sub-protocol gets lost",
    remedy:
      "look for a middleware that takes Sec-WebSocket-Protocol away: clients need `prefect` back",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_preflight: {
    severity: "error",
    title: "What every client asks first is refused",
    remedy: "let everybody with a role GET /api/admin/version and /api/csrf-token; the preset does",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_version: {
    severity: "warning",
    title: "Prefect's server is older than 3.6.22",
    remedy: "update it: before, a path that ended in health was open",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_ui_url: {
    severity: "error",
    title: "Prefect's pages ask another address for the API",
    remedy: "set PREFECT_UI_API_URL on the server to /api",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_csrf: {
    severity: "warning",
    title: "Prefect's own CSRF protection is on",
    remedy:
      "turn it off (PREFECT_SERVER_CSRF_PROTECTION_ENABLED): Rolegate refuses other sites' requests, and clients such as Terraform's do not know it",
    docs: "prefect.md",
    needs: "--preset prefect and --token",
  },
  prefect_client_key: {
    severity: "error",
    title: "PREFECT_API_KEY or PREFECT_API_AUTH_STRING is set beside the custom headers",
    remedy: "unset both: they replace Authorization on some requests, and WebSockets have neither",
    docs: "prefect.md",
    needs: "--preset prefect and --client-env",
  },
  prefect_client_headers: {
    severity: "error",
    title: "PREFECT_CLIENT_CUSTOM_HEADERS does not bring a token",
    remedy: "rolegate token -f prefect prints it: nothing else reaches all of Prefect's WebSockets",
    docs: "prefect.md",
    needs: "--preset prefect and --client-env",
  },
  prefect_client_url: {
    severity: "error",
    title: "PREFECT_API_URL is not the API's address",
    remedy: "it ends in /api, and is https as browsers have it",
    docs: "prefect.md",
    needs: "--preset prefect and --client-env",
  },
});

export type Code = keyof typeof AILMENTS;
