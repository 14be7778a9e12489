/**
 * oauth2-proxy's YAML (its page "Alpha Configuration"): its fields under the names of the
 * equivalent options.
 */
import { type Tree, treeOf } from "../draft.ts";

export const isAlpha = (document: Tree): boolean =>
  Array.isArray(document.providers) ||
  (document.upstreamConfig !== undefined && document.injectRequestHeaders !== undefined);

/** Field of a provider → option; fields of a map follow a dot. */
const PROVIDER: Record<string, string> = {
  provider: "provider",
  clientID: "client_id",
  clientSecret: "client_secret",
  clientSecretFile: "client_secret_file",
  name: "provider_display_name",
  id: "",
  scope: "scope",
  loginURL: "login_url",
  redeemURL: "redeem_url",
  profileURL: "profile_url",
  validateURL: "validate_url",
  resource: "resource",
  caFiles: "provider_ca_files",
  useSystemTrustStore: "use_system_trust_store",
  allowedGroups: "allowed_groups",
  code_challenge_method: "code_challenge_method",
  loginURLParameters: "",
  skipClaimsFromProfileURL: "skip_claims_from_profile_url",
  backendLogoutURL: "backend_logout_url",
  "oidcConfig.issuerURL": "oidc_issuer_url",
  "oidcConfig.insecureAllowUnverifiedEmail": "insecure_oidc_allow_unverified_email",
  "oidcConfig.insecureSkipIssuerVerification": "insecure_oidc_skip_issuer_verification",
  "oidcConfig.insecureSkipNonce": "insecure_oidc_skip_nonce",
  "oidcConfig.skipDiscovery": "skip_oidc_discovery",
  "oidcConfig.jwksURL": "oidc_jwks_url",
  "oidcConfig.publicKeys": "oidc_public_key_files",
  "oidcConfig.emailClaim": "oidc_email_claim",
  "oidcConfig.groupsClaim": "oidc_groups_claim",
  "oidcConfig.userIDClaim": "user_id_claim",
  "oidcConfig.audienceClaims": "oidc_audience_claims",
  "oidcConfig.extraAudiences": "oidc_extra_audiences",
  "keycloakConfig.groups": "keycloak_groups",
  "keycloakConfig.roles": "allowed_roles",
  "azureConfig.tenant": "azure_tenant",
  "azureConfig.graphGroupField": "azure_graph_group_field",
  "ADFSConfig.skipScope": "",
  "bitbucketConfig.team": "bitbucket_team",
  "bitbucketConfig.repository": "bitbucket_repository",
  "githubConfig.org": "github_org",
  "githubConfig.team": "github_team",
  "githubConfig.repo": "github_repo",
  "githubConfig.token": "github_token",
  "githubConfig.users": "github_users",
  "gitlabConfig.group": "gitlab_groups",
  "gitlabConfig.projects": "gitlab_projects",
  "googleConfig.group": "google_groups",
  "googleConfig.adminEmail": "google_admin_email",
  "googleConfig.serviceAccountJson": "google_service_account_json",
  "googleConfig.useApplicationDefaultCredentials": "google_use_application_default_credentials",
  "googleConfig.targetPrincipal": "google_target_principal",
  "microsoftEntraIDConfig.allowedTenants": "entra_id_allowed_tenants",
  "microsoftEntraIDConfig.federatedTokenAuth": "entra_id_federated_token_auth",
  "loginGovConfig.jwtKey": "jwt_key",
  "loginGovConfig.jwtKeyFile": "jwt_key_file",
  "loginGovConfig.pubjwkURL": "pubjwk_url",
};

/** A field that is missing in the table keeps its own name, which is no option: it may restrict. */
export function optionsOfAlpha(document: Tree): Tree {
  const options: Tree = {};
  const { providers, upstreamConfig, injectRequestHeaders, injectResponseHeaders, ...others } =
    document;
  const [first, ...more] = Array.isArray(providers) ? providers.map(treeOf) : [];
  for (const [field, value] of fieldsOf(first ?? {})) {
    const option = Object.hasOwn(PROVIDER, field) ? PROVIDER[field]! : `providers[0].${field}`;
    if (option !== "") options[option] = value;
  }
  if (more.length > 0) options["providers[1]"] = more;
  const list = treeOf(upstreamConfig).upstreams;
  if (Array.isArray(list)) options.upstreams = list.map((it) => treeOf(it));
  for (const key of Object.keys(treeOf(upstreamConfig))) {
    if (key !== "upstreams" && key !== "proxyRawPath") options[`upstreamConfig.${key}`] = true;
  }
  options.inject_request_headers = injectRequestHeaders ?? [];
  if (injectResponseHeaders !== undefined) options.inject_response_headers = injectResponseHeaders;
  const renamed: Record<string, string> = { metricsServer: "metrics_server", server: "server" };
  for (const [name, value] of Object.entries(others)) options[renamed[name] ?? name] = value;
  return options;
}

function fieldsOf(provider: Tree): [string, unknown][] {
  return Object.entries(provider).flatMap(([name, value]): [string, unknown][] =>
    name.endsWith("Config")
      ? Object.entries(treeOf(value)).map(([field, it]) => [`${name}.${field}`, it])
      : [[name, value]],
  );
}
