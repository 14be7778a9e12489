/**
 * Public reports of people with this job, each a kind of fault, and where it is tried: a file below test/, and the
 * beginning of a test's or row's name in it.
 */
export interface Report {
  what: string;
  tests: readonly (readonly [file: string, name: string])[];
}

// prettier-ignore
export const REPORTS: Record<string, Report> = {
  "DuendeArchive/IdentityModel.OidcClient#95": { what: "endpoints of other origins, used or not", tests: [["login/conformance-table.ts", "a userinfo endpoint that is not asked, of another origin"], ["login/internal-endpoints.test.ts", "endpoints that mode keys does not go to are of any origin"]] },
  "qbittorrent/qBittorrent#21106": { what: "Origin: null of a page's own form", tests: [["cases/browser.ts", "origin null, same-origin"], ["browser/forms.test.ts", "a page's own form passes under the referrer policy"]] },
  "authelia/authelia#4905": { what: "programs that send Basic only when asked for it", tests: [["e2e/programs.test.ts", "git ls-remote"]] },
  "googleapis/php-jwt#321": { what: "members of a JWK that are null", tests: [["vectors/keys.test.ts", "which is null: there is none"]] },
  "jenkinsci/oidc-provider-plugin#205": { what: "leading zeros, plain base64 and padding in a JWK", tests: [["vectors/keys.test.ts", "a leading zero"], ["vectors/keys.test.ts", "plain base64"]] },
  "mozilla/experimenter#881": { what: "a form or a frame after the session's end", tests: [["cases/session-answers.ts", "a person, in "], ["browser/forms.test.ts", "a form that is sent after the session's end"], ["browser/forms.test.ts", "a frame after the session's end"]] },
  "vouch/vouch-proxy#558": { what: "links of several kilobytes", tests: [["login/long-address.test.ts", "6,144 bytes, in three"], ["browser/long-links.test.ts", "a link of 5 kB ends where it leads"]] },
  "lukaszraczylo/traefikoidc#38": { what: "sessions without a refresh token", tests: [["login/conformance-table.ts", "no refresh token"], ["login/variants.test.ts", "no_refresh_token"]] },
  "GluuFederation/flex#969": { what: "key sets of more than 64 KiB, and what is wrong with an answer", tests: [["login/keys.test.ts", "more than 256 KiB"]] },
  "OpenLiberty/open-liberty#9200": { what: "endpoints with their default port, or in capitals", tests: [["login/conformance-table.ts", "with its default port"], ["login/conformance-table.ts", "with a host in capitals"]] },
  "Dokploy/dokploy#3583": { what: "Go templates in Traefik's file", tests: [["cli/template-table.ts", "TEMPLATE_HOST"]] },
  "NVIDIA/OSMO#588": { what: "signing out where the provider has no end-session endpoint", tests: [["login/signed-out.test.ts", "where the provider has no end-session endpoint"], ["browser/signed-out.test.ts", "where the provider has no end-session endpoint"]] },
  "keycloak/keycloak#13148": { what: "metadata with internal endpoints over plain http", tests: [["login/internal-endpoints.test.ts", "nobody signs in, and no code goes there"], ["login/internal-endpoints.test.ts", "people sign in, with the keys of the issuer's own name"]] },
  "tinyauthapp/tinyauth#155": { what: "a cookie of a parent domain in the way", tests: [["login/cookie-repeated.test.ts", "at each sign-in that begins with it twice"]] },
  "keycloak/keycloak#38102": { what: "an access token too large to be read", tests: [["login/conformance-table.ts", "an access token of more than 32 KiB"]] },
  "jellyfin/jellyfin#17082": { what: "an application with an Authorization of its own", tests: [["cases/applications.ts", 'token.header: ""']] },
  "envoyproxy/envoy#28201": { what: "times with an exponent", tests: [["cases/token-claims.ts", "exp with an exponent"]] },
  "rancher/rancher#49931": { what: "a token answer without token_type", tests: [["login/conformance-table.ts", "no token_type"]] },
  "zitadel/vue-auth#102": { what: "roles as names of a map, or in a list of objects", tests: [["cases/roles.ts", "a map of Zitadel"], ["cases/roles.ts", "a list of objects"]] },
  "Drenso/symfony-oidc#62": { what: "an access token that is not ours to verify", tests: [["login/conformance-table.ts", "a forged access token beside a good ID token"]] },
  "panva/openid-client#569": { what: "several audiences without azp", tests: [["login/conformance-table.ts", "aud several, azp missing"]] },
  "youssofal/MTPLX#473": { what: "origins of desktop and mobile shells", tests: [["cases/applications.ts", "tauri://localhost"]] },
  "oauth2-proxy/oauth2-proxy#1634": { what: "endpoints and secrets of another gate's configuration", tests: [["cli/migrate/options.test.ts", "redeem-url"]] },
  "camunda/camunda#44650": { what: "access tokens without aud", tests: [["cases/gates.ts", "audienceFrom"]] },
  "dvsekhvalnov/jose-jwt#271": { what: "tokens with padding", tests: [["cases/token-form.ts", "padding behind the signature"]] },
};
