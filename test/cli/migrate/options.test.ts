/** Every option that a tool's documentation has is known; what is not known denies everything. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Draft } from "../../../src/cli/migrate/draft.ts";
import { optionsOfFlags } from "../../../src/cli/migrate/oauth2-proxy/forms.ts";
import { optionOf, OPTIONS } from "../../../src/cli/migrate/oauth2-proxy/options-table.ts";
import { EVERYWHERE } from "../../../src/cli/migrate/region.ts";
import { denied } from "../../../src/cli/migrate/said.ts";
import { Source } from "../../../src/cli/migrate/source.ts";
import { take } from "../../../src/cli/migrate/take.ts";

/** docs/docs/configuration/overview.md of oauth2-proxy, as of v7.6. */
const FLAGS =
  `acr-values allow-query-semicolons api-route approval-prompt auth-logging auth-logging-format
  authenticated-emails-file azure-tenant backend-logout-url basic-auth-password client-id client-secret
  client-secret-file code-challenge-method config cookie-domain cookie-expire cookie-httponly cookie-name cookie-path
  cookie-refresh cookie-secret cookie-secure cookie-samesite cookie-csrf-per-request cookie-csrf-expire
  custom-templates-dir custom-sign-in-logo display-htpasswd-form email-domain errors-to-info-log extra-jwt-issuers
  exclude-logging-path flush-interval force-https force-json-errors banner footer github-org github-team github-repo
  github-token github-user gitlab-group gitlab-projects google-admin-email google-group google-service-account-json
  google-use-application-default-credentials google-target-principal htpasswd-file htpasswd-user-group http-address
  https-address logging-compress logging-filename logging-local-time logging-max-age logging-max-backups
  logging-max-size jwt-key jwt-key-file login-url insecure-oidc-allow-unverified-email
  insecure-oidc-skip-issuer-verification insecure-oidc-skip-nonce oidc-issuer-url oidc-jwks-url oidc-email-claim
  oidc-groups-claim oidc-roles-claim oidc-audience-claim oidc-extra-audience pass-access-token
  pass-authorization-header pass-basic-auth prefer-email-to-user pass-host-header pass-user-headers profile-url
  skip-claims-from-profile-url prompt provider provider-ca-file use-system-trust-store provider-display-name ping-path
  ping-user-agent ready-path metrics-address proxy-prefix proxy-websockets pubjwk-url real-client-ip-header redeem-url
  redirect-url relative-redirect-url redis-cluster-connection-urls redis-connection-url redis-insecure-skip-tls-verify
  redis-password redis-sentinel-password redis-sentinel-master-name redis-sentinel-connection-urls redis-use-cluster
  redis-use-sentinel redis-connection-idle-timeout request-id-header request-logging request-logging-format resource
  reverse-proxy scope session-cookie-minimal session-store-type set-xauthrequest set-authorization-header set-basic-auth
  show-debug-on-error signature-key silence-ping-logging skip-auth-preflight skip-auth-regex skip-auth-route
  skip-auth-strip-headers skip-jwt-bearer-tokens skip-oidc-discovery skip-provider-button ssl-insecure-skip-verify
  ssl-upstream-insecure-skip-verify standard-logging standard-logging-format tls-cert-file tls-cipher-suite tls-key-file
  tls-min-version upstream upstream-timeout allowed-group allowed-role validate-url version whitelist-domain trusted-ip
  encode-state user-id-claim`.split(/\s+/);

test("oauth2-proxy", () => {
  assert.deepEqual(
    FLAGS.filter((flag) => !Object.hasOwn(OPTIONS, optionOf(flag))),
    [],
  );
});

test("flags: with and without a value, and more than once", () => {
  const words = [
    "oauth2-proxy",
    "--reverse-proxy",
    "--email-domain=*",
    "-upstream",
    "http://a",
    "--upstream=http://b",
  ];
  assert.deepEqual(optionsOfFlags(words), {
    reverse_proxy: true,
    email_domains: "*",
    upstreams: ["http://a", "http://b"],
  });
});

describe("a denial is more than words", () => {
  const given = (draft: Draft) => {
    const everybody = { what: "everybody", region: EVERYWHERE, allow: "authenticated" };
    draft.decide([everybody], "authenticated");
    return draft.finished().map(({ allow, why }) => `${allow}: ${why}`);
  };
  test("what is denied denies whoever would sign in, with its reason", () => {
    const draft = new Draft("a tool");
    draft.tell("only_members", denied("who they are is not known"));
    assert.deepEqual(given(draft), ["deny: only_members: who they are is not known"]);
    assert.equal(draft.block.default, "deny");
  });
  test("an option that the table does not have denies everything, in front of all rules", () => {
    const draft = new Draft("a tool");
    new Source({ known: 1, onlyOnMondays: true }).give({ known: take.aside }, draft);
    const [first] = draft.finished();
    assert.deepEqual([first!.match, first!.allow], ["PathPrefix(`/`)", "deny"]);
    assert.match(first!.why!, /^onlyOnMondays: not known here, and it may restrict/);
  });
});
