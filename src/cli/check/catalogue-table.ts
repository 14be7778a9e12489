/**
 * Every finding of `rolegate check` except the guest's own. docs/cli.md's table of findings is made
 * from it.
 */

export type Severity = "error" | "warning" | "note";

export interface Kind {
  severity: Severity;
  /** A short description, the head of its row. */
  title: string;
  remedy: string;
}

const kinds = <T extends Record<string, Kind>>(table: T): Record<keyof T, Kind> => table;

export const CATALOGUE = kinds({
  unreadable: {
    severity: "error",
    title: "A file is not valid YAML or TOML",
    remedy: "correct the syntax: Traefik refuses the file as well",
  },
  template_refused: {
    severity: "error",
    title: "A Go template that Traefik cannot run",
    remedy:
      "correct it: Traefik refuses the whole file. Its templates have the functions of Go and of sprig, and no values of their own",
  },
  template_unread: {
    severity: "warning",
    title:
      "A file that is not valid YAML or TOML after check has left out template blocks with unknown conditions",
    remedy:
      "set the variables that its templates use in the environment of check; until then check does not look at the file",
  },
  block_left_out: {
    severity: "note",
    title: "A template block depends on something unknown here, and is left out",
    remedy:
      "set the variables that it uses in the environment of check; until then the block is not checked",
  },
  variable_unfilled: {
    severity: "warning",
    title: "`${NAME}` in a block: Traefik fills in no variables",
    remedy:
      'write the value, in a file of the file provider {{ env "NAME" }}, or for a secret env:NAME',
  },
  field_unknown: {
    severity: "error",
    title: "A name that Traefik does not know, and that is nearly one that it knows",
    remedy:
      "write it as Traefik does: for a name that it does not know it refuses the whole file, or all labels of the container",
  },
  guest_trap: {
    severity: "error",
    title: "The plugin stopped while it read the block",
    remedy: "this is a bug of Rolegate: please report it with the block",
  },
  config_file_unread: {
    severity: "warning",
    title: "The file of `configFile` cannot be read here",
    remedy:
      "give check the static configuration with its mounts as well, or --mount HOST:GUEST for the folder",
  },
  keys_missing: {
    severity: "warning",
    title: "A file of keys is not there",
    remedy:
      "rolegate keys sync brings a provider's keys, rolegate apikey new makes API keys; without jwksFile, a middleware in mode keys has them fetched into stateDir",
  },
  keys_refused: {
    severity: "error",
    title: "A file of keys that the plugin refuses",
    remedy: "write it again: rolegate keys sync, rolegate apikey new",
  },
  keys_skipped: {
    severity: "note",
    title: "A key that the plugin cannot use, beside others that it can",
    remedy: "nothing to do, unless tokens are signed with it; rolegate keys show lists all",
  },
  keys_stale: {
    severity: "warning",
    title: "Fetched keys are older than `keys.maxStale`",
    remedy:
      "see whether Traefik's health check reaches the router of the middleware in mode keys; until then the answer is 503",
  },
  unquoted_date: {
    severity: "error",
    title: "A date without quotes",
    remedy: "put it in quotes",
  },
  null_in_list: {
    severity: "error",
    title: "An empty element in a list",
    remedy: "remove it",
  },
  list_in_list: {
    severity: "error",
    title: "A list in a list",
    remedy: "make one list of it",
  },
  mixed_list: {
    severity: "error",
    title: "Booleans beside numbers in a list",
    remedy: "put the values in quotes",
  },
  number_in_list: {
    severity: "error",
    title: "A number in a list that Traefik cannot hand on",
    remedy: "put it in quotes",
  },
  element_lost: {
    severity: "error",
    title: "A text beside maps in a list: Traefik drops it",
    remedy: "write it as a map, like the others",
  },
  digits_change: {
    severity: "warning",
    title: "Digits that arrive as others: `010` is 8",
    remedy: "put the value in quotes",
  },
  label_order: {
    severity: "error",
    title: "Ten labels or more without padded indices: `rules[10]` comes before `rules[2]`",
    remedy: "write rules[00], rules[01] and so on, or give every rule an `order`",
  },
  label_case: {
    severity: "warning",
    title: "Labels that differ only in case",
    remedy: "keep one of them",
  },
  abort_missing: {
    severity: "warning",
    title: "`experimental.abortOnPluginFailure` is not set",
    remedy:
      "set experimental.abortOnPluginFailure: true; without it Traefik drops the routers of a plugin that does not load, and their requests go to the next router that matches",
  },
  plugin_not_loaded: {
    severity: "error",
    title: "The static configuration does not load the plugin",
    remedy: "add it below experimental.localPlugins or experimental.plugins",
  },
  plugin_version_missing: {
    severity: "error",
    title: "A plugin of the catalogue without `version`",
    remedy: "add version: Traefik does not start without",
  },
  plugin_twice: {
    severity: "error",
    title: "Two plugins with one name, or of one module",
    remedy: "take one away: Traefik does not start with both",
  },
  plugin_storage_missing: {
    severity: "error",
    title: "Chart values load a plugin of the catalogue by flags alone",
    remedy:
      "name the plugin below experimental.plugins as well, which makes the chart mount /plugins-storage: Traefik's root file system is read-only there, and it does not start",
  },
  settings_dropped: {
    severity: "error",
    title: "Chart values give the plugin `settings`, which Traefik's Helm chart drops",
    remedy:
      "give them as flags in additionalArguments: --experimental.localPlugins.rolegate.settings.mounts=/state:/state, or plugins instead of localPlugins; rolegate init --target helm writes them",
  },
  traefik_too_old: {
    severity: "error",
    title: "An image or a Helm chart with a Traefik before 3.3",
    remedy:
      "take Traefik 3.3 or later, or Helm chart 34.0.0 or later: earlier ones refuse abortOnPluginFailure, or answer 500; docs/compatibility.md has them",
  },
  log_level: {
    severity: "warning",
    title: "`log.level` hides the audit",
    remedy: "set log.level: INFO in the static configuration, or audit: off in the block",
  },
  middleware_missing: {
    severity: "error",
    title: "The plugin is loaded, but no middleware uses it",
    remedy:
      "define the middleware and name it among a router's middlewares, or give check the files with it as well; --plugin-name NAME takes one of another name",
  },
  middleware_unused: {
    severity: "warning",
    title: "No router uses the middleware",
    remedy: "name it among a router's middlewares",
  },
  middleware_unknown: {
    severity: "warning",
    title: "A router names a middleware that is not there",
    remedy:
      "Traefik drops such a router; define the middleware, or say which provider has it (name@provider)",
  },
  router_unprotected: {
    severity: "error",
    title: "A router leads to the same application without the middleware",
    remedy: "add the middleware to it, or make its rule one that the application does not answer",
  },
  host_shared: {
    severity: "warning",
    title: "A router is for the same host, to another application, without the middleware",
    remedy:
      "add the middleware to it, or give that application a host of its own: pages of one host share cookies",
  },
  public_url_differs: {
    severity: "error",
    title: "No router with the middleware is for a host of `publicUrl`",
    remedy:
      "make both the same: people sign in at publicUrl alone, and elsewhere the answer is 404 or 421",
  },
  public_url_plain: {
    severity: "warning",
    title: "`publicUrl` is https, and the router speaks plain http",
    remedy:
      "give the router tls; if something before Traefik ends TLS, name its addresses in the entry point's forwardedHeaders.trustedIPs; http for localhost is written so in publicUrl",
  },
  keys_router_missing: {
    severity: "error",
    title: "Nothing fetches the provider's keys",
    remedy:
      "add a router to a middleware in mode keys, on an entry point of the loopback address, and a service whose health check calls it; rolegate init writes them. Or name a file in jwksFile, which rolegate keys sync keeps",
  },
  keys_not_called: {
    severity: "warning",
    title: "No health check calls the router of the middleware in mode keys",
    remedy:
      "give a service healthCheck: {path: /oidc/keys, interval: 5s} and the entry point's own address; rolegate init writes it",
  },
  store_router_missing: {
    severity: "error",
    title: "No router leads sign-outs to the `store`",
    remedy:
      "add a router for these paths with the login middleware and buffering, and the engine as its service; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes it. Without it the login router sends the provider what is for the engine",
  },
  store_at_provider: {
    severity: "error",
    title: "A router of the `store` leads to the provider",
    remedy:
      "make the engine its service; if this was in force, give the plugin another password or token for the engine: the provider has got what was sent for it",
  },
  store_reader_missing: {
    severity: "error",
    title: "Nothing reads the `store`",
    remedy:
      "add a router to a middleware in mode store, on an entry point of the loopback address, with the engine as its service, and a service whose health check calls it; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes them",
  },
  store_buffering_missing: {
    severity: "error",
    title: "The router of the middleware in mode store has no `buffering` behind it",
    remedy:
      "add a buffering middleware after it: Traefik drops the body of what the plugin asks the engine without",
  },
  store_not_called: {
    severity: "error",
    title: "No health check calls the router of the middleware in mode store",
    remedy:
      "give a service healthCheck: {path: /oidc/store, interval: 2s} and the entry point's own address: without, no sign-out elsewhere is noticed; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes it",
  },
  replicas_apart: {
    severity: "warning",
    title: "Several Traefiks that share nothing",
    remedy:
      "let them share an engine, store: {kind: etcd}, or one volume as stateDir: docs/operations.md, Several Traefiks; rolegate init --replicas 2 --store etcd=http://etcd:2379 writes the engine's routers",
  },
  endpoint_router_missing: {
    severity: "error",
    title: "An endpoint of another origin has no router",
    remedy:
      "give it a router and a service of its own, and the router's middleware login.service; rolegate init writes them",
  },
  catch_all: {
    severity: "warning",
    title: "A catch-all router without the middleware",
    remedy:
      "add the middleware, or give its rule a host: when another router is dropped, its requests arrive here",
  },
  path_changed: {
    severity: "warning",
    title: "A middleware before Rolegate changes the path",
    remedy:
      "put it behind Rolegate, so that rules see the path that clients ask for, or write rules for the changed one",
  },
  buffering_on_websocket: {
    severity: "warning",
    title: "`buffering` on a router of the application",
    remedy:
      "take it away: it holds streams and downloads back until they end. Only the login router needs it",
  },
  double_authentication: {
    severity: "note",
    title: "Another middleware asks for credentials as well",
    remedy: "two middlewares that read Authorization rarely agree; keep one",
  },
  login_router_missing: {
    severity: "error",
    title: "Sign-in is set up, but no router leads to the middleware in mode login",
    remedy: "add the login router and its service; rolegate init writes them",
  },
  login_buffering_missing: {
    severity: "error",
    title: "The login router has no `buffering` behind the middleware",
    remedy:
      "add a buffering middleware after it: Traefik drops the body of the token request without",
  },
  login_retry: {
    severity: "error",
    title: "`retry` on the login router",
    remedy: "take it away: it would send a code or a refresh token twice",
  },
  blocks_differ: {
    severity: "error",
    title: "The middlewares of one application differ in more than their mode",
    remedy: "make them the same: in YAML with an anchor and `<<`",
  },
  state_missing: {
    severity: "warning",
    title: "Sign-in without `stateDir`",
    remedy:
      "mount a folder and set stateDir: without it, refresh tokens that rotate can sign people out, and sign-out elsewhere is not noticed",
  },
  cookie_domain: {
    severity: "warning",
    title: "`session.domain` is set",
    remedy:
      "leave it out where one host is enough: with a domain the cookie loses `__Host-` and its protection against sibling hosts",
  },
  cookie_size: {
    severity: "warning",
    title: "The session cookie may become too large",
    remedy:
      "let rules and headers name fewer claims and roles; @roles in a header keeps all of them in the cookie",
  },
  login_unverified: {
    severity: "error",
    title: "Answers of the provider that only TLS protects come over plain http",
    remedy:
      "let the login router's service reach the provider by https, or remove login.userinfo and login.trustTransport: anyone on the network path can write roles into such a response",
  },
  groups_of_anybody: {
    severity: "warning",
    title: "Roles come from groups that anyone can make",
    remedy:
      "name the groups that count, by their full path, in roles: anyone at GitLab can make a group and name it like a role",
  },
  claim_divided: {
    severity: "warning",
    title: "A claim whose name is an address, with dots that divide it",
    remedy: String.raw`write \. for a dot that belongs to the name: https://example\.com/roles`,
  },
  realm_secret_known: {
    severity: "error",
    title: "A realm of Keycloak has a well-known password or secret",
    remedy:
      "take the person out of the file, or put ${NAME} in the secret's place, which an import at the start takes from Keycloak's environment; without a secret Keycloak makes one",
  },
  realm_secret_clear: {
    severity: "warning",
    title: "A realm's file has a password or secret in clear text",
    remedy:
      "put ${NAME} in its place, which an import at the start takes from Keycloak's environment, and give people passwords that they change",
  },
  realm_direct_grant: {
    severity: "warning",
    title: "A public client takes names and passwords",
    remedy:
      "set directAccessGrantsEnabled: false: anyone could try passwords with it, past the page, its second factor and its limits (RFC 9700 §2.4); command lines have the device flow",
  },
  realm_admin_cli: {
    severity: "note",
    title: "The realm's own client `admin-cli` takes names and passwords",
    remedy:
      "put a client admin-cli into the file that is not enabled; administrators use the one of realm master",
  },
  realm_implicit_flow: {
    severity: "warning",
    title: "A client gets tokens in addresses",
    remedy: "set implicitFlowEnabled: false (RFC 9700 §2.1.2)",
  },
  realm_redirect_any: {
    severity: "error",
    title: "A redirect URI that fits other hosts",
    remedy: "write out the address: https://app.example.com/oidc/callback",
  },
  realm_redirect_wildcard: {
    severity: "warning",
    title: "A redirect URI with a wildcard",
    remedy:
      "write out the address: with a wildcard, any page of the host that sends people on can be sent the code",
  },
  realm_redirect_insecure: {
    severity: "warning",
    title: "A redirect URI over plain http",
    remedy: "write https: a code in such an address can be read on the way",
  },
  realm_web_origins: {
    severity: "warning",
    title: "Pages of every site may ask the provider in a client's name",
    remedy: "leave webOrigins empty: sign-in by Rolegate needs none",
  },
  realm_ssl: {
    severity: "error",
    title: "The realm takes passwords over plain http",
    remedy: "set sslRequired: external, or all",
  },
  realm_registration: {
    severity: "warning",
    title: "Anyone can sign up",
    remedy:
      "set registrationAllowed: false, or see that no rule says `authenticated` and no role is a default role",
  },
  realm_username_editable: {
    severity: "warning",
    title: "People can choose another user name",
    remedy:
      "set editUsernameAllowed: false, or forward `sub` in place of preferred_username: anyone can take a name that is free again",
  },
  realm_brute_force: {
    severity: "warning",
    title: "Passwords can be tried without end",
    remedy: "set bruteForceProtected: true",
  },
});
