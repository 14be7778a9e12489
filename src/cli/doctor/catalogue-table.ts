/**
 * Every finding of `rolegate doctor`: its meaning, a remedy, and where to read more. docs/doctor.md
 * is made from it.
 */
import { findingKinds } from "./finding-kind.ts";
import { PREFECT } from "./prefect/catalogue-table.ts";

const GENERAL = findingKinds({
  unreachable: {
    severity: "error",
    title: "The application's address does not answer",
    remedy:
      "look whether Traefik runs, whether the name leads to it, and whether its certificate is trusted (--insecure looks past that)",
    docs: "cli.md",
  },
  no_router: {
    severity: "error",
    title: "No router of Traefik takes the request",
    remedy:
      "look at the host in the router's rule, its entry point and its tls, and whether Traefik has dropped it; --api shows that",
    docs: "cli.md",
  },
  application_down: {
    severity: "error",
    title: "Traefik does not reach the application",
    remedy:
      "look whether it runs, and at the service's address; when this is seen without a credential, the router has no middleware either",
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
    remedy:
      "run rolegate check on Traefik's files; the config lines of Traefik's log say more: check does not know the secrets",
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
  credential_lost: {
    severity: "error",
    title: "The header with the token does not reach the plugin",
    remedy:
      "look for a proxy or a middleware before Rolegate that takes it away (headers, forwardAuth), and at token.header: is it the one that clients send?",
    docs: "configuration.md#whose-tokens",
    needs: "-c or a token",
  },
  cookie_lost: {
    severity: "error",
    title: "The session's cookie does not reach the plugin",
    remedy:
      "look for a proxy or a middleware before Rolegate that takes Cookie away: people sign in, are asked again, and in the end told that sign-in keeps starting over",
    docs: "login.md",
    needs: "-c with session",
  },
  login_router_missing: {
    severity: "error",
    title: "The plugin's own paths reach the application's middleware",
    remedy: "add the login router with the middleware in mode login; rolegate init writes it",
    docs: "login.md",
    needs: "sign-in",
  },
  public_url_differs: {
    severity: "error",
    title: "No one can sign in under this address",
    remedy: "ask doctor about the address that browsers have, or add this one to publicUrl",
    docs: "login.md",
    needs: "sign-in",
  },
  login_failed: {
    severity: "error",
    title: "Sign-in does not begin",
    remedy:
      "look at the login lines in Traefik's log; the provider must be reachable from Traefik, and buffering must follow the middleware",
    docs: "login.md",
    needs: "sign-in",
  },
  login_not_offered: {
    severity: "error",
    title: "People are not sent to sign in",
    remedy:
      "set publicUrl to the address under which browsers see the application, and session.secrets",
    docs: "login.md",
    needs: "sign-in",
  },
  redirect_uri_refused: {
    severity: "error",
    title: "The provider does not take the redirect URI",
    remedy: "enter it at the provider, for this client, byte for byte",
    docs: "login.md",
    needs: "sign-in",
  },
  client_unknown: {
    severity: "error",
    title: "The provider does not know the client",
    remedy: "set clientId to the client's id at the provider, in the realm or tenant of issuer",
    docs: "login.md",
    needs: "sign-in",
  },
  client_refused: {
    severity: "error",
    title: "The provider does not accept the client's secret",
    remedy:
      "compare the secret that login.clientSecret names with the client's at the provider, and login.clientAuth with how the client authenticates there",
    docs: "doctor.md#a-made-up-code",
    needs: "sign-in, and -c or --issuer",
  },
  provider_not_reached: {
    severity: "error",
    title: "Traefik does not reach the provider",
    remedy:
      "look at the service of the login router: servers, passHostHeader: false, and whether Traefik trusts the provider's certificate (serversTransport, rootCAs)",
    docs: "login.md",
    needs: "sign-in",
  },
  post_logout_refused: {
    severity: "error",
    title: "The provider does not take the address after sign-out",
    remedy:
      "enter it at the provider among the client's post-logout redirect URIs, byte for byte: without it sign-out ends at an error page",
    docs: "login.md",
    needs: "sign-in",
  },
  cookie_too_large: {
    severity: "error",
    title: "Something before Rolegate refuses large cookies",
    remedy:
      "raise its limit for headers to 16 KiB (nginx: large_client_header_buffers 4 16k), or let rules and headers name fewer claims: the session's cookie has them",
    docs: "login.md",
    needs: "-c with session",
  },
  cookie_flags: {
    severity: "error",
    title: "A cookie lacks HttpOnly, Secure or SameSite",
    remedy: "look for a middleware or proxy that rewrites Set-Cookie; publicUrl must be https",
    docs: "login.md",
    needs: "sign-in",
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
  endpoint_elsewhere: {
    severity: "error",
    title: "An endpoint that the plugin calls is of another origin, and the block does not name it",
    remedy:
      "name the origin in login.endpointOrigins, and give it a router and a service of its own whose middleware has it as login.service; rolegate init writes them",
    docs: "providers/README.md",
    needs: "-c",
  },
  refresh_not_asked: {
    severity: "note",
    title: "The provider gives a refresh token only if it is asked for one",
    remedy:
      "add it to the block, so that people are not sent to the provider whenever the ID token ends; rolegate init --provider writes it",
    docs: "providers/README.md",
    needs: "-c",
  },
  jwks_failed: {
    severity: "error",
    title: "The provider's key set cannot be read",
    remedy: "look whether the jwks_uri of its discovery document is reachable",
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
    needs: "--jwks-file, or -c with mounts",
  },
  clock_skew: {
    severity: "warning",
    title: "Clocks differ by more than 30 seconds",
    remedy: "synchronise them (NTP): tokens are refused as expired, or as issued in the future",
    docs: "configuration.md#which-tokens",
  },
  token_not_given: {
    severity: "error",
    title: "The provider gives no token",
    remedy:
      "let the client have this flow at the provider, and look at its id, its secret and the password",
    docs: "cli.md#token",
    needs: "--device or --user",
  },
  token_refused: {
    severity: "error",
    title: "The plugin does not take the token",
    remedy:
      "with -c the reason is shown, otherwise it is in Traefik's log; docs/log.md has them all",
    docs: "log.md#reasons",
    needs: "a token",
  },
  audience_missing: {
    severity: "error",
    title: "The token is not for this application",
    remedy:
      "at Keycloak, add an audience mapper for the client to its dedicated scope; elsewhere ask for the audience when the token is requested",
    docs: "configuration.md#whose-tokens",
    needs: "a token and -c",
  },
  roles_missing: {
    severity: "warning",
    title: "The token has none of the block's roles",
    remedy:
      "let the provider put roles into the access token, where rolesFrom looks for them, and map their names in roles",
    docs: "configuration.md#who-may-do-what",
    needs: "a token and -c",
  },
  application_refuses: {
    severity: "error",
    title: "The application asks for credentials of its own",
    remedy:
      "turn its authentication off and let only Traefik reach it, or give it a credential with upstreamAuthorization; or another middleware behind Rolegate asks for them",
    docs: "configuration.md#what-the-application-gets",
    needs: "a token",
  },
  websocket_open: {
    severity: "error",
    title: "A WebSocket's handshake gets through without a credential",
    remedy: "protect its path: no rule that is public may be for it",
    docs: "policy.md",
    needs: "--websocket",
  },
  websocket_refused: {
    severity: "error",
    title: "A WebSocket does not open with a token",
    remedy:
      "look for a middleware that takes Upgrade away, for the role that its rule asks for, and whether the application answers there",
    docs: "policy.md",
    needs: "--websocket and a token",
  },
  application_exposed: {
    severity: "error",
    title: "The application can be reached past Traefik",
    remedy: "let it listen on an address that only Traefik reaches",
    docs: "security.md",
    needs: "--upstream",
  },
  traefik_too_old: {
    severity: "error",
    title: "Traefik is older than 3.3",
    remedy:
      "take 3.3 or later: an earlier one does not know abortOnPluginFailure, so a plugin that does not load leaves its routes to others",
    docs: "compatibility.md",
    needs: "--api",
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
  path_changed: {
    severity: "warning",
    title: "The path is changed before Rolegate sees it",
    remedy: "put that middleware behind Rolegate, or write rules for the changed path",
    docs: "policy.md#paths",
    needs: "--api",
  },
  header_taken: {
    severity: "error",
    title: "A middleware takes away a header that is needed",
    remedy:
      "take it out of customRequestHeaders: Authorization and Cookie must reach Rolegate, the handshake of WebSockets the application",
    docs: "configuration.md#what-the-application-gets",
    needs: "--api",
  },
  double_authentication: {
    severity: "warning",
    title: "Another middleware asks for credentials as well",
    remedy: "keep one: two that read Authorization rarely agree",
    docs: "configuration.md#whose-tokens",
    needs: "--api",
  },
  application_buffered: {
    severity: "warning",
    title: "The application's router has buffering",
    remedy:
      "take it away: it holds streams back until they end, and bodies in memory. Only the login router needs it",
    docs: "login.md",
    needs: "--api",
  },
  login_buffering_missing: {
    severity: "error",
    title: "The login router has no buffering behind the middleware",
    remedy:
      "add a buffering middleware after it: Traefik drops the body of the token request without",
    docs: "login.md",
    needs: "--api",
  },
  keys_router_missing: {
    severity: "error",
    title: "Nothing fetches the provider's keys",
    remedy:
      "add a router to a middleware in mode keys, on an entry point of the loopback address, and a service whose health check calls it; rolegate init writes them",
    docs: "login.md",
    needs: "--api",
  },
  store_router_missing: {
    severity: "error",
    title: "No router leads sign-outs to the `store`",
    remedy:
      "add a router for these paths with the login middleware and buffering, and the engine as its service; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes it. Without it the login router sends the provider what is for the engine",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  store_reader_missing: {
    severity: "error",
    title: "Nothing reads the `store`",
    remedy:
      "add a router to a middleware in mode store, on an entry point of the loopback address, with the engine as its service, and a service whose health check calls it; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes them",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  store_buffering_missing: {
    severity: "error",
    title: "The router of the middleware in mode store has no `buffering` behind it",
    remedy:
      "add a buffering middleware after it: Traefik drops the body of what the plugin asks the engine without",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  store_at_provider: {
    severity: "error",
    title: "A router of the `store` leads to the provider",
    remedy:
      "make the engine its service, and give the plugin another password or token for the engine: the provider has got what was sent for it",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  store_down: {
    severity: "error",
    title: "Traefik does not reach the engine of the `store`",
    remedy:
      "start it, and look at the service of its routers: servers, and whether Traefik trusts its certificate (serversTransport, rootCAs). The store_unreadable lines of Traefik's log say what came, and how old what is known of other Traefiks has become",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  store_refused: {
    severity: "error",
    title: "The engine of the `store` refuses the plugin",
    remedy:
      "etcd: compare store.username and the password that store.password names with the user there, which needs a role with readwrite on store.prefix; one without users takes no store.username. Consul: compare the token that store.token names with its policy, write on store.prefix",
    docs: "operations.md#several-traefiks",
    needs: "--api",
  },
  blocks_differ: {
    severity: "error",
    title: "The middlewares of one application differ in more than their mode",
    remedy: "make them the same: in YAML with an anchor and `<<`",
    docs: "login.md",
    needs: "--api",
  },
  login_retry: {
    severity: "error",
    title: "The login router has retry",
    remedy: "take it away: it would send a code or a refresh token twice",
    docs: "login.md",
    needs: "--api",
  },
  secret_shown: {
    severity: "warning",
    title: "A secret is readable in Traefik's API",
    remedy: "write env:NAME or file:/path in its place",
    docs: "configuration.md",
    needs: "--api",
  },
});

export const FINDINGS = { ...GENERAL, ...PREFECT };

export type Code = keyof typeof FINDINGS;
