/** Which cases stand for which advisory of others, or for what was found in their sources. */

/** Class -> advisory or finding -> how the names of its cases begin. */
export const PROOFS: Record<string, Record<string, string[]>> = {
  "client header decides": {
    "CVE-2026-40575, CVE-2026-76835 (oauth2-proxy): X-Forwarded-Uri": [
      "advisory: client header decides: X-Forwarded-Uri opens no path",
      "advisory: client header decides: X-Forwarded-Uri lifts no denial",
      "advisory: client header decides: X-Original-URL opens no path",
      "advisory: client header decides: X-Rewrite-URL opens no path",
    ],
    "CVE-2026-34457 (oauth2-proxy): a health check's User-Agent": [
      "advisory: client header decides: User-Agent GoogleHC/1.0",
      "advisory: client header decides: User-Agent kube-probe/1.31",
    ],
    "CVE-2023-27487 (Envoy): x-envoy-original-path": [
      "advisory: client header decides: X-Envoy-Original-Path opens no path",
      "advisory: client header decides: X-Envoy-Original-Path lifts no denial",
    ],
    "CVE-2026-35051, CVE-2026-39858 (Traefik): X-Forwarded-* of the client": [
      "advisory: client header decides: X-Forwarded-Prefix opens no path",
      "advisory: client header decides: X-Forwarded-Method opens no method",
      "advisory: client header decides: X-Forwarded-Host is no host for rules",
      "advisory: client header decides: X-Forwarded-Host lifts no denial",
      "advisory: client header decides: X-Forwarded-Host makes no other host ours",
      "advisory: client header decides: X-Forwarded-Proto and -Host make no origin ours",
    ],
    "traefikoidc: Accept: text/event-stream": [
      "advisory: client header decides: a stream of events is no credential",
    ],
    "traefik-oidc-auth: bypass by X-Real-Ip": [
      "ClientIP: not by a header: /far",
      "advisory: client header decides: a trusted address is no credential",
    ],
    "jwt-middleware: unauthenticatedMethods": [
      "cors: no preflight without allowed origins",
      "cors: a preflight of another origin",
      "advisory: client header decides: a preflight's method is no credential",
    ],
    "X-HTTP-Method-Override, as SECURITY.md has it": [
      "advisory: client header decides: X-HTTP-Method-Override opens no method",
      "advisory: client header decides: X-HTTP-Method-Override makes no reader a writer",
      "advisory: client header decides: X-HTTP-Method-Override is the application's business",
    ],
  },
  "identity by a variant of the header's name": {
    "CVE-2025-64484 (oauth2-proxy), CVE-2026-33433, CVE-2026-54763 (Traefik): underscore": [
      "identity: x_forwarded_user of a caller is replaced",
      "identity: x_forwarded_user is removed on a public path",
      "identity: X-Forwarded_User of a caller is replaced",
      "advisory: identity by a variant: X_Forwarded_User where the claim is missing",
    ],
    "CVE-2026-88011 (Traefik): dot": [
      "identity: X.Forwarded.User of a caller is replaced",
      "identity: X.Forwarded.User is removed on a public path",
      "advisory: identity by a variant: X.Forwarded.User where the claim is missing",
      "advisory: identity by a variant: X-Forwarded-User with a bad token on a public path",
    ],
    "every other character of a name": [
      ..."!#$%&'*+^`|~"
        .split("")
        .flatMap((c) =>
          ["where the claim is missing", "on a public path"].map(
            (where) => `advisory: identity by a variant: X${c}Forwarded${c}User ${where}`,
          ),
        ),
    ],
    "traefik-oidc-auth, jwt-middleware: public requests keep the client's": [
      "identity: X-Forwarded-User is removed on a public path",
      "identity: an alias twice is removed twice",
      "report: a caller who may not goes on as nobody",
      "cors: a preflight cannot bring an identity",
    ],
    "traefikoidc: set only when there is something to set": [
      "advisory: identity by a variant: X-Forwarded-Groups of a caller without roles",
      "advisory: identity by a variant: X-Key of a caller with a token, who has none",
      "advisory: identity by a variant: X-Roles of an API key",
      "advisory: identity by a variant: the other issuer's header",
    ],
    "removed behind the plugin, by Connection": [
      "request: Connection names the identity, where Traefik leaves that to us",
      "request: Connection names the identity, and Traefik applies it itself",
    ],
  },
  "path or host walked around": {
    "CVE-2025-54576 (oauth2-proxy): the query is matched": [
      "advisory: path or host walked around: /internal?/public",
      "advisory: path or host walked around: /internal?a=/../public",
    ],
    "CVE-2026-41059 (oauth2-proxy), CVE-2021-39156 (Istio): the fragment is matched": [
      "path: a fragment",
      "advisory: path or host walked around: /internal#/public",
      "advisory: path or host walked around: /internal%23/public",
    ],
    "CVE-2025-66490, CVE-2025-47952 (Traefik): encoded characters": [
      "path: /api/a%2Fb",
      "path: /api/a%5Cb",
      "path: /api/a%3Fb",
      "path: /public%2F..%2Finternal",
      "advisory: path or host walked around: /%69nternal",
      "advisory: path or host walked around: /public/%252e%252e/internal",
    ],
    "CVE-2025-32431, CVE-2026-40912, CVE-2026-48020, GHSA-fvhj-4qfh-q2hm (Traefik): dot segments": [
      "path: /public/../internal",
      "path: not cleaned by Traefik: /public/../internal",
      "path: not cleaned by Traefik: /api/%2e%2E/internal",
      "advisory: path or host walked around: /public/%2e%2e/internal",
      "advisory: path or host walked around: /public/..;/internal",
    ],
    "CVE-2021-31920 (Istio): more than one slash": [
      "path: not cleaned by Traefik: //public",
      "advisory: path or host walked around: //internal",
      "advisory: path or host walked around: ///public/../internal",
    ],
    "CVE-2021-39155 (Istio): the host in another case": [
      "policy: Host ADMIN.example.com.:8080",
      "advisory: path or host walked around: host ADMIN.Example.COM is denied",
      "advisory: path or host walked around: host admin.example.com. is denied",
      "advisory: path or host walked around: host admin.example.com:8443 is denied",
      "advisory: path or host walked around: a whole URL as the target: its host is denied",
    ],
    "CVE-2021-32637 (Authelia): a path that is none": [
      "path: an asterisk is no path",
      "advisory: path or host walked around: /%zz/public",
      "advisory: path or host walked around: internal/public",
    ],
    "traefik-oidc-auth, traefikoidc: a prefix of characters, not of segments": [
      "path: /publicX is no /public",
      "advisory: path or host walked around: /public-x",
      "advisory: path or host walked around: /public%20",
      "advisory: path or host walked around: /api/healthz",
      "advisory: path or host walked around: /api/health/x",
    ],
  },
  "claim believed": {
    "CVE-2026-40574 (oauth2-proxy): an address with more than one @": [
      'advisory: claim believed: email "alice@example.com@evil.example"',
      'advisory: claim believed: email "evil@evil.example@alice@example.com"',
      "identity: email not verified",
    ],
    "jwt-middleware: `*` in the token": [
      "advisory: claim believed: `*` as a role",
      "advisory: claim believed: `*` as a scope",
      "advisory: claim believed: `*` where equals asks",
      "advisory: claim believed: `*` as a tenant",
      "advisory: claim believed: `*` in the path for a tenant",
      "advisory: claim believed: `*` as aud",
    ],
    "jwt-middleware: the key of one issuer for the token of another": [
      "signature: two issuers: the first one's key for the second's token",
      "signature: two issuers: a kid that only the other has",
      "signature: two issuers: without kid, a key of the other",
    ],
    "jwt-middleware: a kid that two issuers share": [
      "signature: two issuers: the second, whose key has the first one's kid",
    ],
    "CVE-2024-10318 (NGINX): an ID token": [
      "claims: an ID token: nonce",
      "claims: an ID token: typ ID",
      "claims: typ ID, where nonce is allowed",
    ],
  },
  crypto: {
    "CVE-2022-29226 (Envoy): any token is accepted": [
      "token: a word",
      "signature: a stranger's RSA key under our kid",
      "signature: a stranger's EC key under our kid",
      "signature: one character changed",
      "alg none without a signature",
      "header: jwk is no source of keys",
    ],
    "confusion of algorithms": [
      "HS256 signed with the public key's PEM",
      "HS256 signed with the EC public key's PEM",
      "signature: RS256 named ES256",
      "signature: RS256 where a secret is due",
    ],
    "traefik-oidc-auth, traefikoidc: a secret that everybody knows": [
      "signingSecret: an example",
      "signingSecret: what was to be changed",
      "signingSecret: too short",
    ],
  },
  "load and crash": {
    "CVE-2023-27496 (Envoy): a callback without its state": [
      "advisory: load: a callback without its state",
    ],
    "traefik-oidc-auth #290: the client's number bounds a loop": [
      "advisory: load: a number of chunks that only a loop would believe",
      "advisory: load: 6,000 cookies",
    ],
    "depth, size and number of what a token holds": [
      "token: depth 1,000",
      "token: 40 KiB",
      "token: 1,025 members",
      "request: a token of 64 KiB",
    ],
  },
  "fail open": {
    "GHSA-4mr2-fg2p-w63c (Traefik): a secret is missing, the route is published": [
      "policy: a configuration with a mistake lets nothing through",
      "signingSecret: a variable that is not there",
      "signingSecret: a file that is not there",
      "keys that are not there yet",
    ],
  },
  redirect: {
    "GHSA-qqxw-m5fj-f7gv (oauth2-proxy) and others: /\\": [
      "advisory: redirect: //evil.example leads nowhere",
      "advisory: redirect: /\\evil.example leads nowhere",
    ],
  },
};
