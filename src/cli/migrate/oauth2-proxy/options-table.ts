/**
 * Options of oauth2-proxy by their names in its file (its page "Overview", v7), and what becomes of
 * each.
 */
import { isReference, isTrue, listOf, plainOr } from "../draft.ts";
import { denied, exactly, strictly } from "../said.ts";
import type { Taker } from "../source.ts";
import { callbackAt, take, urlOf } from "../take.ts";

/** They share a reason, or need none. */
const SIMPLE: [Taker, string][] = [
  // Read together by others: allow.ts, routes.ts, headers.ts.
  [
    take.aside,
    `allowed_groups allowed_roles email_domains authenticated_emails_file skip_auth_routes skip_auth_regex upstreams
    insecure_oidc_allow_unverified_email oidc_groups_claim oidc_roles_claim oidc_email_claim user_id_claim
    pass_basic_auth pass_user_headers prefer_email_to_user set_xauthrequest skip_jwt_bearer_tokens
    extra_jwt_issuers inject_request_headers oidc_extra_audiences`,
  ],
  // Redirects to sign-in, and its pages.
  [
    take.aside,
    `approval_prompt skip_provider_button provider_display_name footer banner custom_templates_dir custom_sign_in_logo
    display_htpasswd_form api_routes force_json_errors encode_state insecure_oidc_skip_nonce show_debug_on_error
    allow_query_semicolons skip_claims_from_profile_url cookie_secure cookie_httponly code_challenge_method force_code_challenge_method
    cookie_csrf_per_request cookie_csrf_per_request_limit cookie_csrf_expire cookie_csrf_samesite session_cookie_minimal
    relative_redirect_url version config alpha_config convert_config_to_alpha backend_logout_url
    skip_auth_strip_headers inject_response_headers google_admin_api_user_scope google_admin_email
    google_service_account_json google_use_application_default_credentials google_target_principal`,
  ],
  // Traefik does this: entry points, services, log.
  [
    take.aside,
    `http_address https_address bind_address secure_bind_address tls_cert_file tls_key_file tls_min_version tls_cipher_suites
    force_https reverse_proxy real_client_ip_header trusted_proxy_ips request_id_header ping_path ping_user_agent ready_path
    metrics_address metrics_secure_address metrics_tls_cert_file metrics_tls_key_file gcp_healthchecks
    standard_logging standard_logging_format auth_logging auth_logging_format request_logging request_logging_format
    logging_filename logging_max_size logging_max_age logging_max_backups logging_local_time logging_compress
    exclude_logging_paths exclude_logging_path silence_ping_logging errors_to_info_log flush_interval upstream_timeout
    proxy_websockets pass_host_header ssl_upstream_insecure_skip_verify disable_keep_alives server metrics_server`,
  ],
  [
    take.aside,
    `session_store_type redis_connection_url redis_password redis_username redis_ca_path redis_insecure_skip_tls_verify
    redis_use_sentinel redis_sentinel_password redis_sentinel_master_name redis_sentinel_connection_urls redis_use_cluster
    redis_cluster_connection_urls redis_connection_idle_timeout`,
  ],
  [
    take.noted("certificates of the provider are its service's: serversTransport"),
    "provider_ca_files use_system_trust_store ssl_insecure_skip_verify tls_insecure_skip_verify",
  ],
  [
    unlessEmpty(
      "these are people of that provider's, by what it says of them elsewhere than in tokens",
    ),
    `github_org github_team github_repo github_token github_users gitlab_group gitlab_groups gitlab_projects
    google_group google_groups bitbucket_team bitbucket_repository keycloak_group keycloak_groups gitea_org gitea_team
    azure_graph_group_field`,
  ],
  [audienceFrom, "oidc_audience_claims oidc_audience_claim"],
  [
    take.noted("tokens are verified by their signature, and sessions refreshed at the provider"),
    "validate_url",
  ],
  [take.stricter("it let in without a sign-in whoever came from these addresses"), "trusted_ips"],
  [
    take.stricter("accounts in a file are not used for sign-in: API keys are for programs"),
    "htpasswd_file htpasswd_user_groups",
  ],
  [
    take.stricter("cors.allowedOrigins lets true preflights of these origins through"),
    "skip_auth_preflight",
  ],
  [take.stricter("the issuer is always compared"), "insecure_oidc_skip_issuer_verification"],
  [
    take.noted("the application gets a token as Authorization (forwardAuthorization), or none"),
    "set_authorization_header set_basic_auth basic_auth_password signature_key",
  ],
  [
    take.stricter("the client proves itself by its secret: see login.clientAuth for others"),
    "jwt_key jwt_key_file pubjwk_url",
  ],
  [take.noted("the resource: see login.authorizationParams"), "resource"],
];

/** The first that is there is compared, here and there. */
function audienceFrom(...[draft, value]: Parameters<Taker>): ReturnType<Taker> {
  const claims = listOf(value);
  if (claims.some((it) => !["aud", "client_id", "azp"].includes(it)))
    return denied("validation.audienceFrom compares aud, client_id and azp");
  if (claims.length > 0) draft.put("validation.audienceFrom", claims);
  return exactly();
}

function unlessEmpty(why: string): Taker {
  return (_, value) => (listOf(value).length === 0 ? exactly() : denied(why));
}

const endpoint =
  (name: string): Taker =>
  (draft, value) => {
    const url = urlOf(value);
    if (url) {
      draft.note(
        `${name} was ${url.href}: if discovery does not say so, set login.endpoints.${name}`,
      );
    }
    return exactly();
  };

/** Providers of OpenID Connect, with the issuer if it is fixed. */
const PROVIDERS: Record<string, string | null> = {
  oidc: null,
  "keycloak-oidc": null,
  "entra-id": null,
  adfs: null,
  google: "https://accounts.google.com",
  gitlab: "https://gitlab.com",
};

const provider: Taker = (draft, value, all) => {
  const name = String(value);
  const issuer = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (issuer === undefined) {
    return denied(
      `${name} is not OpenID Connect here: who its people are at another provider is for you to say`,
    );
  }
  if (issuer !== null && all.text("oidc_issuer_url") === undefined) draft.put("issuer", issuer);
  return exactly();
};

const redirectUrl: Taker = (draft, value) => {
  const text = String(value);
  const url = urlOf(text);
  if (url && /^https?:$/.test(url.protocol)) draft.put("publicUrl", url.origin);
  const path = url ? url.pathname : (/^(?:\w+:\/\/[^/]*)?(\/[^?#]*)$/.exec(text)?.[1] ?? "");
  return path.length > 1 ? callbackAt(draft, path) : exactly();
};

const redirects: Taker = (draft, value) => {
  const list = listOf(value).map((it) => it.replace(/:\*$/, ""));
  const plain = list.filter((it) => /^[\w-]+(\.[\w-]+)*(:\d+)?$/.test(it));
  if (plain.length > 0)
    draft.put(
      "login.allowedRedirects",
      plain.map((it) => `https://${it}`),
    );
  const rest = list.filter((it) => !plain.includes(it));
  return rest.length > 0
    ? strictly(`people return to origins that are named one by one: ${rest.join(", ")} left out`)
    : exactly();
};

const prefix: Taker = (draft, value, all) =>
  all.has("redirect_url")
    ? exactly()
    : callbackAt(draft, `${String(value).replace(/\/$/, "")}/callback`);

const accessToken: Taker = (draft, value) => {
  if (isTrue(value)) draft.put("forwardAuthorization", true);
  return isTrue(value)
    ? exactly(
        "the application gets the access token as Authorization: Bearer, in place of another header or token",
      )
    : exactly();
};

const cookiePath: Taker = (_, value) =>
  value === "/" || value === "" ? exactly() : exactly("the session's cookie is for all paths");

const parameter =
  (name: string): Taker =>
  (draft, value) => {
    const text = String(value);
    if (text !== "" && !isReference(text)) draft.put(`login.authorizationParams.${name}`, text);
    return exactly();
  };

export const OPTIONS: Record<string, Taker> = {
  ...Object.fromEntries(
    SIMPLE.flatMap(([taker, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name) => [name, taker]),
    ),
  ),
  provider,
  oidc_issuer_url: take.text("issuer", "<https://sso.example.com/realms/main>"),
  client_id: take.text("clientId", "<client>"),
  client_secret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  client_secret_file: take.secret("login.clientSecret", "CLIENT_SECRET"),
  cookie_secret: take.sessionSecret,
  cookie_secret_file: take.sessionSecret,
  redirect_url: redirectUrl,
  proxy_prefix: prefix,
  cookie_domains: take.cookieDomain,
  cookie_path: cookiePath,
  cookie_name: take.cookieName,
  cookie_expire: take.duration("session.maxAge", 8760),
  cookie_refresh: take.duration("session.refreshEvery", 24),
  cookie_samesite: take.sameSite,
  scope: (draft, value) => {
    const scopes = String(value)
      .split(/[\s,]+/)
      .filter(Boolean);
    if (scopes.length > 0 && !scopes.some(isReference)) draft.put("login.scopes", scopes);
    return exactly();
  },
  prompt: parameter("prompt"),
  acr_values: parameter("acr_values"),
  azure_tenant: (draft, value, all) => {
    const tenant = plainOr(value, "");
    if (tenant === "" || ["common", "organizations", "consumers"].includes(tenant)) {
      return denied("an issuer is one tenant's: name it");
    }
    if (!all.has("oidc_issuer_url")) {
      draft.put("issuer", `https://login.microsoftonline.com/${tenant}/v2.0`);
    }
    return exactly();
  },
  entra_id_allowed_tenants: unlessEmpty("an issuer is one tenant's: name it"),
  entra_id_federated_token_auth: take.stricter(
    "the client proves itself by its secret, or by login.clientKey",
  ),
  login_url: endpoint("authorization"),
  redeem_url: endpoint("token"),
  profile_url: endpoint("userinfo"),
  oidc_jwks_url: endpoint("jwks"),
  skip_oidc_discovery: take.noted(
    "without discovery, login.endpoints has all addresses of the provider",
  ),
  oidc_public_key_files: take.stricter("give the keys as publicKeys"),
  whitelist_domains: redirects,
  pass_access_token: accessToken,
  pass_authorization_header: accessToken,
};

/** The name in the file of a flag or a variable: lists are plural there. */
export function optionOf(name: string): string {
  const plain = name.toLowerCase().replaceAll("-", "_");
  return !Object.hasOwn(OPTIONS, plain) && Object.hasOwn(OPTIONS, `${plain}s`)
    ? `${plain}s`
    : plain;
}
