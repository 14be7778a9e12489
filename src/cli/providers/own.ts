/** Providers that people run themselves. */
import { OFFLINE, rows } from "./row.ts";

const GROUPS = { viewer: ["app-viewers"], owner: ["app-owners"] };
const ROLES = { viewer: ["app-viewer"], owner: ["app-owner"] };
const WITH_GROUPS = ["openid", "profile", "email", "groups"];

export const OWN = rows({
  keycloak: {
    title: "Keycloak",
    looksLike: /\/realms\/[^/]+$/,
    issuer: "https://sso.example.com/realms/main",
    clientId: "app",
    block: {},
    roles: ROLES,
    user: "preferred_username",
  },
  authentik: {
    title: "authentik",
    looksLike: /\/application\/o\/[^/]+\/$/,
    issuer: "https://auth.example.com/application/o/app/",
    clientId: "app",
    block: { login: { scopes: OFFLINE }, rolesFrom: ["groups"] },
    roles: { viewer: ["App viewers"], owner: ["App owners"] },
    user: "preferred_username",
  },
  zitadel: {
    title: "ZITADEL",
    looksLike: /^https:\/\/[\w.-]+\.zitadel\.cloud$/,
    issuer: "https://example.zitadel.cloud",
    clientId: "344373908297744388",
    exampleAudience: "344374183645413380",
    block: {
      login: { scopes: [...OFFLINE, "urn:zitadel:iam:org:project:id:<audience>:aud"] },
      rolesFrom: ["urn:zitadel:iam:org:project:roles"],
    },
    roles: ROLES,
    user: "preferred_username",
  },
  dex: {
    title: "Dex",
    looksLike: /\/dex$|^https:\/\/dex\./,
    issuer: "https://dex.example.com",
    clientId: "app",
    block: { login: { scopes: [...WITH_GROUPS, "offline_access"] }, rolesFrom: ["groups"] },
    roles: GROUPS,
    user: "preferred_username",
  },
  authelia: {
    title: "Authelia",
    looksLike: /^https:\/\/authelia\./,
    issuer: "https://auth.example.com",
    clientId: "app",
    block: {
      login: { scopes: [...WITH_GROUPS, "offline_access"], userinfo: true },
      rolesFrom: ["groups"],
    },
    roles: GROUPS,
    user: "preferred_username",
  },
  hydra: {
    title: "Ory Hydra",
    looksLike: /^https:\/\/hydra\.|\.oryapis\.com$/,
    issuer: "https://hydra.example.com",
    clientId: "app",
    audience: "<publicUrl>",
    block: {
      login: { scopes: OFFLINE, authorizationParams: { audience: "<audience>" } },
      rolesFrom: ["roles", "ext.roles"],
    },
    roles: ROLES,
    user: "email",
  },
  kanidm: {
    title: "Kanidm",
    looksLike: /\/oauth2\/openid\/[^/]+$/,
    issuer: "https://idm.example.com/oauth2/openid/app",
    clientId: "app",
    block: {
      validation: { allowNonce: true },
      login: { scopes: WITH_GROUPS },
      rolesFrom: ["groups"],
    },
    policy: {
      roles: {
        viewer: ["app_viewers@idm.example.com"],
        owner: ["app_owners@idm.example.com"],
      },
      roleHierarchy: { owner: ["viewer"] },
      rules: [
        { name: "admin", match: "PathPrefix(`/admin`)", allow: "Role(`owner`)" },
        { name: "api", match: "PathPrefix(`/api`)", allow: "Role(`viewer`) || Scope(`groups`)" },
        { name: "use", match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
      ],
    },
    user: "preferred_username",
  },
  kubernetes: {
    title: "Kubernetes service accounts",
    looksLike: /^https:\/\/kubernetes\.default\.svc/,
    issuer: "https://kubernetes.default.svc.cluster.local",
    clientId: null,
    bearerOnly: true,
    audience: "<publicUrl>",
    block: {
      login: { endpoints: { jwks: "<issuer>/openid/v1/jwks" } },
      rolesFrom: ["sub"],
    },
    policy: {
      roles: { runner: ["system:serviceaccount:jobs:runner"] },
      rules: [{ name: "run", match: "PathPrefix(`/`)", allow: "Role(`runner`)" }],
    },
    user: "sub",
    everybody: "every pod of the cluster",
  },
});
