/** Files in which a result once let in more than the original, or less without a word: who gets in now. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fixtures } from "../run.ts";
import { gateOf, migrated } from "./gate.ts";

type Claims = Record<string, unknown> | null;
type Row = [who: Claims, request: string, status: number, host?: string];

const folder = join(fixtures, "migrate/cases");
const NOBODY = null;
const SOMEBODY = {};
const admin = { groups: ["admins"], amr: ["mfa"] };
const user = { groups: ["users"] };

const CASES: Record<string, { rows: Row[]; says?: RegExp; middleware?: string }> = {
  "authelia-default2fa.yml": {
    rows: [
      [SOMEBODY, "GET /", 403],
      [{ amr: ["pwd", "mfa"] }, "GET /", 200],
    ],
  },
  "authelia-deny-narrow.yml": {
    rows: [
      [SOMEBODY, "GET /administrator", 403],
      [SOMEBODY, "GET /x", 200],
    ],
  },
  "authelia-fallthrough.yml": {
    rows: [
      [user, "GET /", 200],
      [admin, "GET /", 200],
      [user, "GET /", 403, "wiki.example.com"],
      [admin, "GET /", 200, "wiki.example.com"],
    ],
  },
  "authelia-misc.yml": {
    rows: [
      [NOBODY, "GET /api", 401],
      [SOMEBODY, "GET /", 403, "x.example.com"],
    ],
    says: /rules\[5\]: domain_regex/,
  },
  "authelia-networks.yml": { rows: [[NOBODY, "GET /metrics", 401]], says: /X-Forwarded-For/ },
  "authelia-subjects.yml": {
    rows: [
      [admin, "GET /admin", 200],
      [SOMEBODY, "GET /x", 200],
      [{ preferred_username: "bob" }, "GET /x", 403],
    ],
  },
  "hub.yml": {
    rows: [
      [{ grp: "admin" }, "GET /", 200],
      [SOMEBODY, "GET /", 403],
    ],
  },
  "jwt-objects.yml": { rows: [[NOBODY, "GET /", 401]], says: /aud: a template: name the audience/ },
  "jwt-plain.yml": {
    rows: [[{ groups: ["dev"], level: 3 }, "GET /", 403]],
    says: /require\.level/,
  },
  "jwt-secret.yml": { rows: [[NOBODY, "GET /", 401]], says: /optional: without a token/ },
  "jwt-two.yml": {
    middleware: "admin-api",
    rows: [
      [{ roles: ["admin"] }, "GET /", 403],
      [{ roles: ["admin"], "https://example\\.com/dept": "it" }, "GET /", 200],
    ],
  },
  "nginx-alpha.conf": {
    rows: [
      [NOBODY, "GET /exact%20path", 200],
      [NOBODY, "GET /v12/x", 401],
    ],
  },
  "nginx-asked-query.conf": {
    rows: [
      [user, "GET /", 403],
      [admin, "GET /", 200],
      [NOBODY, "GET /oauth2/x", 401],
      [admin, "GET /oauth2/x", 403],
    ],
  },
  "nginx-basic.conf": {
    rows: ["/metrics", "/api", "/internal", "/hook", "/cert"].flatMap((path): Row[] => [
      [NOBODY, `GET ${path}`, 401],
      [SOMEBODY, `GET ${path}`, 403],
    ]),
    says: /auth_basic: a password/,
  },
  "nginx-glob.conf": {
    rows: [
      [NOBODY, "GET /files/secret", 401],
      [NOBODY, "GET /files/*", 200],
    ],
  },
  "nginx-groups.conf": {
    rows: [
      [user, "GET /admin", 403],
      [admin, "GET /admin", 200],
      [user, "GET /x", 200],
      [SOMEBODY, "GET /x", 403],
    ],
  },
  "nginx-http-level.conf": {
    rows: [
      [NOBODY, "GET /open/x", 401, "a.example.com"],
      [NOBODY, "GET /open/x", 200, "b.example.com"],
      [SOMEBODY, "GET /", 403, "b.example.com"],
    ],
  },
  "nginx-include.conf": {
    rows: [
      [SOMEBODY, "GET /admin", 403],
      [SOMEBODY, "GET /reports", 200],
      [NOBODY, "GET /", 401],
    ],
    says: /include snippets\/authelia-authrequest\.conf: it is not here/,
  },
  "nginx-nested.conf": {
    rows: [
      [NOBODY, "GET /files/a", 200],
      [NOBODY, "GET /files/private", 401],
      [SOMEBODY, "GET /files/private/x", 200],
    ],
  },
  "nginx-open-server.conf": {
    rows: [
      [NOBODY, "GET /open/x", 401, "a.example.com"],
      [NOBODY, "GET /priv/x", 401, "a.example.com"],
      [NOBODY, "GET /open/x", 200, "b.example.com"],
    ],
  },
  "nginx-regex.conf": {
    rows: [
      [NOBODY, "GET /static/a.css", 200],
      [NOBODY, "GET /static/.env", 401],
      [SOMEBODY, "GET /static/.env", 403],
      [SOMEBODY, "GET /x/dump.SQL", 403],
      [SOMEBODY, "GET /admin/x/y.php", 403],
      [SOMEBODY, "GET /y.php", 200],
    ],
  },
  "nginx-two-servers.conf": {
    rows: [
      [NOBODY, "GET /files/secret.pdf", 401, "wiki.example.com"],
      [NOBODY, "GET /files/secret.pdf", 200, "shop.example.com"],
      [SOMEBODY, "GET /", 403, "other.example.com"],
    ],
  },
  "oauth2-proxy-alpha.yaml": { rows: [[admin, "GET /", 403]], says: /email_domains: neither/ },
  "oauth2-proxy-bad.cfg": { rows: [[SOMEBODY, "GET /", 403]] },
  "oauth2-proxy-compose.yml": {
    rows: [
      [NOBODY, "GET /health", 200],
      [user, "GET /", 403],
      [admin, "GET /", 200],
      [{ ...admin, email_verified: false }, "GET /", 403],
    ],
  },
  "oauth2-proxy-emails.cfg": {
    rows: [[{ email: "mallory@evil.example", email_verified: true }, "GET /secret", 403]],
    says: /\/etc\/emails\.txt is not here/,
  },
  "oauth2-proxy-groups.cfg": {
    rows: [
      [{ groups: ["admin"] }, "GET /z", 403],
      [{ groups: ["Domain"] }, "GET /z", 403],
      [{ groups: ["Domain Admins"] }, "GET /z", 200],
      [{ "realm_access.roles": ["admin"] }, "GET /z", 200],
      [{ "realm_access.roles": ["Domain Admins"] }, "GET /z", 403],
    ],
    says: /whitelist_domains: .*\.example\.com left out/,
  },
  "oauth2-proxy-helm.yaml": {
    rows: [
      [admin, "GET /", 200],
      [user, "GET /", 403],
    ],
  },
  "oauth2-proxy-old.cfg": {
    rows: [
      [NOBODY, "GET /health", 200],
      [NOBODY, "GET /x", 401],
    ],
  },
  "oauth2-proxy.env": { rows: [[admin, "GET /", 403]] },
  "static-and-dynamic.yml": {
    rows: [
      [user, "GET /", 403],
      [admin, "GET /", 200],
    ],
  },
  "test-data.yml": {
    rows: [
      [NOBODY, "GET /health", 200],
      [{ email: "a@example.com" }, "GET /", 403],
    ],
  },
  "toa-bypass.yml": {
    rows: [
      [NOBODY, "OPTIONS /x", 401],
      [NOBODY, "GET /public/x", 200],
    ],
  },
  "toa-labels.yml": {
    rows: [
      [{ roles: ["media"] }, "GET /", 403],
      [{ roles: ["media ops"] }, "GET /", 200],
    ],
  },
  "toa-more.yml": { rows: [[NOBODY, "GET /", 401]], says: /Provider\.DisableSomething: not known/ },
  "traefikoidc-domains.yml": {
    rows: [[{ email: "a@example.com", email_verified: true }, "GET /", 403]],
  },
  "traefikoidc-glob.yml": {
    rows: [
      [NOBODY, "GET /api/secrets", 401],
      [NOBODY, "GET /u/7", 401],
    ],
  },
  "traefikoidc-roles.yml": {
    rows: [
      [{ "https://example\\.com/roles": ["admin"] }, "GET /", 200],
      [{ roles: ["admin"] }, "GET /", 403],
    ],
  },
};

test("every file has its row", () => {
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(CASES).sort());
});

for (const [name, { rows, says, middleware }] of Object.entries(CASES)) {
  describe(name, () => {
    test("who gets in", async () => {
      const { text } = migrated(join(folder, name), name);
      if (says) assert.match(text.replaceAll(/\n# +/g, " "), says);
      const gate = await gateOf(text, middleware);
      // Twice, and the other way round: one guest must not remember.
      for (const [claims, request, status, host] of [...rows, ...rows.toReversed()]) {
        const seen = await gate.ask(request, { claims, ...(host === undefined ? {} : { host }) });
        assert.equal(seen, status, `${JSON.stringify(claims)} ${host ?? ""} ${request}\n${text}`);
      }
      gate.remove();
    });
  });
}
