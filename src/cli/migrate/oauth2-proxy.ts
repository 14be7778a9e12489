/** From oauth2-proxy: its configuration file, whose keys are those of its flags. */
import { parseTOML, getStaticTOMLValue } from "toml-eslint-parser";
import { CliError } from "../failure.ts";
import { Draft, isTrue, listOf, Source, take, type Taker, type Tree } from "./draft.ts";
import { differenceOf, matchOfRegex } from "./pattern.ts";

export function isOAuth2Proxy(text: string): boolean {
  return /^\s*(oidc_issuer_url|cookie_secret|skip_auth_routes|email_domains|upstreams)\s*=/m.test(
    text,
  );
}

const traefiks = (key: string): Taker =>
  take.no(key, "Traefik does this: entry points, services, log");
const HEADERS: Taker = (draft, value) => {
  if (!isTrue(value)) return;
  draft.put("forwardHeaders", {
    "X-Forwarded-User": "preferred_username",
    "X-Forwarded-Email": "email",
    "X-Forwarded-Groups": "@roles",
  });
};

const TAKERS: Record<string, Taker> = {
  provider: (draft, value) => {
    if (!["oidc", "keycloak-oidc", "entra-id"].includes(String(value))) {
      draft.leave("provider", `${String(value)}: only OpenID Connect`);
    }
  },
  oidc_issuer_url: take.to("issuer"),
  client_id: take.to("clientId"),
  client_secret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  client_secret_file: take.secret("login.clientSecret", "CLIENT_SECRET"),
  cookie_secret: take.sessionSecret,
  cookie_secret_file: take.sessionSecret,
  redirect_url: (draft, value) => {
    const { origin, pathname } = new URL(String(value));
    draft.put("publicUrl", origin);
    if (pathname !== "/oidc/callback") {
      draft.note(
        `at the provider, the redirect URI becomes ${origin}/oidc/callback, instead of ${pathname}`,
      );
    }
  },
  cookie_domains: (draft, value) => {
    const [first, ...others] = listOf(value);
    if (first !== undefined) draft.put("session.domain", first.replace(/^\./, ""));
    if (others.length > 0) draft.leave("cookie_domains", `only one: ${others.join(", ")} left out`);
  },
  cookie_name: (draft, value) =>
    draft.put("session.cookieName", String(value).replace(/^_+|^__(Host|Secure)-/, "")),
  cookie_expire: take.duration("session.maxAge", "cookie_expire"),
  cookie_refresh: take.duration("session.refreshEvery", "cookie_refresh"),
  cookie_samesite: (draft, value) => value !== "" && draft.put("session.sameSite", value),
  cookie_secure: take.always("cookie_secure", "cookies are Secure where publicUrl is https"),
  cookie_httponly: take.always("cookie_httponly", "cookies are HttpOnly"),
  scope: take.texts("login.scopes"),
  prompt: take.to("login.authorizationParams.prompt"),
  approval_prompt: take.nothing,
  acr_values: take.to("login.authorizationParams.acr_values"),
  code_challenge_method: (draft, value) => {
    if (value !== "S256") draft.leave("code_challenge_method", "S256, always");
  },
  oidc_groups_claim: take.texts("rolesFrom"),
  allowed_groups: take.nothing,
  allowed_roles: take.nothing,
  email_domains: (draft, value) => {
    if (!listOf(value).includes("*")) {
      draft.leave(
        "email_domains",
        "an address is more than its last part: ask the provider for a group, or name whole addresses with OneOf(`email`, …)",
      );
    }
  },
  authenticated_emails_file: take.no(
    "authenticated_emails_file",
    "name the addresses: OneOf(`email`, …)",
  ),
  skip_auth_routes: take.nothing,
  skip_auth_regex: take.nothing,
  skip_auth_preflight: take.no(
    "skip_auth_preflight",
    "cors.allowedOrigins lets true preflights of these origins through",
  ),
  skip_jwt_bearer_tokens: take.nothing,
  extra_jwt_issuers: (draft, value) => {
    draft.put(
      "issuers",
      listOf(value).map((pair) => {
        const [issuer = "", audience = ""] = pair.split("=");
        const name = new URL(issuer).hostname;
        draft.note(`bring the keys of ${issuer} into state/${name}.json: rolegate keys sync`);
        return { issuer, audience: [audience], jwksFile: `/state/${name}.json` };
      }),
    );
  },
  pass_access_token: take.flag("forwardAuthorization"),
  pass_authorization_header: take.flag("forwardAuthorization"),
  set_authorization_header: take.no(
    "set_authorization_header",
    "only the application gets a token, with forwardAuthorization",
  ),
  pass_user_headers: HEADERS,
  set_xauthrequest: HEADERS,
  pass_basic_auth: take.no(
    "pass_basic_auth",
    "upstreamAuthorization gives the application one credential for all",
  ),
  insecure_oidc_skip_issuer_verification: take.no(
    "insecure_oidc_skip_issuer_verification",
    "the issuer is always compared",
  ),
  insecure_oidc_allow_unverified_email: take.flag("emailUnverified"),
  upstreams: (draft, value) =>
    draft.note(`the application, ${listOf(value).join(", ")}, becomes a service of Traefik's`),
  whitelist_domains: (draft, value) =>
    draft.put(
      "login.allowedRedirects",
      listOf(value)
        .filter((it) => !it.startsWith("."))
        .map((it) => `https://${it}`),
    ),
  session_store_type: (draft, value) =>
    value !== "cookie" && draft.leave("session_store_type", "sessions are in cookies alone"),
  redis_connection_url: take.no("redis_connection_url", "sessions are in cookies alone"),
  http_address: traefiks("http_address"),
  https_address: traefiks("https_address"),
  reverse_proxy: take.nothing,
  standard_logging: traefiks("standard_logging"),
  auth_logging: take.nothing,
  request_logging: traefiks("request_logging"),
  skip_provider_button: take.nothing,
  custom_templates_dir: take.no("custom_templates_dir", "the plugin's pages are its own"),
};

export function fromOAuth2Proxy(text: string): Draft {
  let tree: Tree;
  try {
    tree = getStaticTOMLValue(parseTOML(text)) as Tree;
  } catch (error) {
    throw new CliError(
      "unreadable",
      `it is no configuration file of oauth2-proxy: ${(error as Error).message}`,
    );
  }
  const draft = new Draft("oauth2-proxy");
  const source = new Source(tree);
  source.give(TAKERS, draft);
  draft.put("stateDir", "/state");
  if (draft.block.issuers && draft.block.issuer) draft.put("login.issuer", draft.block.issuer);
  nameApart(draft);
  publicRoutes(
    [...listOf(source.get("skip_auth_routes")), ...listOf(source.get("skip_auth_regex"))],
    draft,
  );
  const groups = listOf(source.get("allowed_groups"));
  const roles = listOf(source.get("allowed_roles"));
  const names = [...groups, ...roles].map((name) => `\`${name}\``).join(", ");
  draft.rules.push({
    name: "everything",
    match: "PathPrefix(`/`)",
    allow: names ? `Role(${names})` : "authenticated",
  });
  if (groups.length > 0 && !draft.block.rolesFrom)
    draft.put("rolesFrom", ["groups", "realm_access.roles"]);
  return draft;
}

/** Their users are others than those of the first issuer, whatever they are called. */
function nameApart(draft: Draft): void {
  const headers = Object.entries((draft.block.forwardHeaders ?? {}) as Record<string, string>);
  for (const issuer of (draft.block.issuers ?? []) as Tree[]) {
    if (headers.length === 0) return;
    const host = new URL(String(issuer.issuer)).hostname;
    const named = ([header, value]: [string, string]): [string, string] => [
      header,
      value.startsWith("@") ? value : `\`${host}:\`${value}`,
    ];
    issuer.forwardHeaders = Object.fromEntries(headers.map(named));
    draft.note(
      `the application sees users of ${String(issuer.issuer)} with ${host}: before their names`,
    );
  }
}

/** `GET=^/health$`, `!=…`, or a regular expression alone. */
function publicRoutes(routes: string[], draft: Draft): void {
  for (const route of routes) {
    const [, not, method, regex = ""] = /^(?:([!])?([A-Z]*)=)?(.*)$/s.exec(route) ?? [];
    const match = not ? null : matchOfRegex(regex);
    if (!match || match.text.includes("PathPrefix(`/`)")) {
      draft.leave(
        `skip_auth_routes: ${route}`,
        "write a rule for it: allow: public, with Path or PathPrefix",
      );
      continue;
    }
    const path = match.text.includes("||") ? `(${match.text})` : match.text;
    draft.rules.push({
      match: method ? `${path} && Method(\`${method}\`)` : path,
      allow: "public",
    });
    for (const note of differenceOf(route, match)) draft.note(note);
  }
}
