/** Providers that others run. */
import { OFFLINE, rows } from "./row.ts";

const ENTRA = "https://login.microsoftonline.com/<tenant>";
const TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const APP = { viewer: ["App.Viewer"], owner: ["App.Owner"] };
const GROUPS = { viewer: ["App viewers"], owner: ["App owners"] };
const ROLES = { viewer: ["app-viewer"], owner: ["app-owner"] };

export const HOSTED = rows({
  entra: {
    title: "Microsoft Entra ID",
    looksLike: /^https:\/\/login\.microsoftonline\.com\/.+\/v2\.0$/,
    issuer: `${ENTRA.replace("<tenant>", TENANT)}/v2.0`,
    clientId: "6731de76-14a6-49ae-97bc-6eba6914391e",
    block: { login: { scopes: OFFLINE, clientAuth: "post" } },
    roles: APP,
    user: "preferred_username",
  },
  "entra-v1": {
    title: "Microsoft Entra ID, version 1.0",
    looksLike: /^https:\/\/sts\.windows\.net\//,
    issuer: `https://sts.windows.net/${TENANT}/`,
    clientId: "6731de76-14a6-49ae-97bc-6eba6914391e",
    audience: "api://<clientId>",
    block: { login: { scopes: OFFLINE, clientAuth: "post", claimsFrom: ["id_token"] } },
    roles: APP,
    user: "unique_name",
    metadata: {
      authorization_endpoint: "https://login.microsoftonline.com/<project>/oauth2/authorize",
      token_endpoint: "https://login.microsoftonline.com/<project>/oauth2/token",
      end_session_endpoint: "https://login.microsoftonline.com/<project>/oauth2/logout",
      jwks_uri: "https://login.microsoftonline.com/<project>/discovery/keys",
    },
  },
  google: {
    title: "Google",
    looksLike: /^https:\/\/accounts\.google\.com$/,
    issuer: "https://accounts.google.com",
    isOnlyIssuer: true,
    clientId: "1234567890-abc.apps.googleusercontent.com",
    block: {
      login: { authorizationParams: { access_type: "offline", prompt: "consent" } },
      rolesFrom: ["hd"],
    },
    policy: {
      roles: { viewer: ["example.com"] },
      rules: [
        {
          name: "admin",
          match: "PathPrefix(`/admin`)",
          allow: "Role(`viewer`) && OneOf(`email`, `owner@example.com`)",
        },
        { name: "use", match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
      ],
    },
    user: "email",
    metadata: {
      authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
      token_endpoint: "https://oauth2.googleapis.com/token",
      jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
    },
    everybody: "whoever has a Google account",
  },
  auth0: {
    title: "Auth0",
    looksLike: /^https:\/\/[\w-]+(\.\w+)?\.auth0\.com\/$/,
    issuer: "https://example.eu.auth0.com/",
    clientId: "app",
    audience: "<publicUrl>/api",
    block: {
      login: { scopes: OFFLINE, authorizationParams: { audience: "<audience>" } },
      rolesFrom: ["<claimUrl>/roles"],
    },
    roles: ROLES,
    user: "nickname",
  },
  okta: {
    title: "Okta",
    looksLike: /^https:\/\/[\w-]+\.okta(preview|-emea)?\.com/,
    issuer: "https://example.okta.com/oauth2/default",
    clientId: "app",
    audience: "api://default",
    block: { login: { scopes: OFFLINE, claimsFrom: ["id_token"] }, rolesFrom: ["groups"] },
    roles: GROUPS,
    user: "preferred_username",
  },
  cognito: {
    title: "Amazon Cognito",
    looksLike: /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\//,
    issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE",
    clientId: "7lhlkkfbfb4q5kpp90urffao",
    block: {
      validation: { audienceFrom: ["aud", "client_id"] },
      rolesFrom: ["cognito:groups"],
    },
    needsMetadata: true,
    hasOtherLogout: true,
    roles: { viewer: ["viewers"], owner: ["owners"] },
    user: "email",
  },
  gitlab: {
    title: "GitLab",
    looksLike: /^https:\/\/gitlab\./,
    issuer: "https://gitlab.com",
    clientId: "app",
    block: { rolesFrom: ["groups_direct"] },
    roles: { viewer: ["example/app/viewers"], owner: ["example/app/owners"] },
    user: "preferred_username",
    everybody: "whoever has an account at this GitLab",
  },
  ping: {
    title: "PingOne",
    looksLike: /^https:\/\/auth\.pingone\.\w+\//,
    issuer: "https://auth.pingone.eu/12345678-0000-4000-8000-000000000001/as",
    clientId: "app",
    audience: "<publicUrl>",
    block: { login: { scopes: ["openid", "profile", "email", "app:use"] } },
    roles: ROLES,
    user: "preferred_username",
  },
  firebase: {
    title: "Firebase Authentication",
    looksLike: /^https:\/\/securetoken\.google\.com\//,
    issuer: "https://securetoken.google.com/example-app",
    clientId: null,
    bearerOnly: true,
    audience: "<project>",
    block: {},
    roles: ROLES,
    user: "email",
    metadata: {
      jwks_uri:
        "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
    },
    everybody: "whoever signs up",
  },
  "github-actions": {
    title: "GitHub Actions",
    looksLike: /^https:\/\/token\.actions\.githubusercontent\.com$/,
    issuer: "https://token.actions.githubusercontent.com",
    isOnlyIssuer: true,
    clientId: null,
    bearerOnly: true,
    audience: "<publicUrl>",
    block: { rolesFrom: ["sub"] },
    policy: {
      roles: { deployer: ["repo:octo-org/octo-repo:ref:refs/heads/main"] },
      rules: [{ name: "deploy", match: "PathPrefix(`/`)", allow: "Role(`deployer`)" }],
    },
    user: "repository",
    everybody: "every workflow at GitHub",
  },
});
