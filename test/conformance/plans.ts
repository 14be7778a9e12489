/**
 * The plans of the OpenID Foundation's suite that are played, and for each of their modules what has to come out: the
 * suite's verdict, and what our own log says. A negative module passes at the suite for any refusal, so the reason
 * counts as much.
 */

/** What the browser does. */
export type Play =
  | "sign-in"
  /** Signs in, and again in a browser without cookies. */
  | "twice"
  /** Signs in, and comes back when the session is to be renewed. */
  | "refresh"
  | "sign-out"
  /** Signs in, and waits until the provider has ended the session. */
  | "signed-out-by-provider"
  /** Nothing: the module looks at what is fetched before anybody signs in. */
  | "none";

export type Verdict = "PASSED" | "SKIPPED" | "REVIEW" | "WARNING" | "FAILED";

export interface Expectation {
  play: Play;
  /** `event`, or `event reason`, one of which is in the log. */
  says: string[];
  /** Further verdicts that are no failure. */
  orElse?: Verdict;
}

const signsIn = (play: Play = "sign-in"): Expectation => ({ play, says: ["signed_in"] });
const refuses = (reason: string, event = "id_token_refused"): Expectation => ({
  play: "sign-in",
  says: [`${event} ${reason}`],
});
const refusesLogout = (...reasons: string[]): Expectation => ({
  play: "sign-out",
  says: reasons.map((reason) => `logout_token_refused ${reason}`),
});

/** By the module's name after `oidcc-client-test`. The client is registered for RS256. */
export const MODULES: Record<string, Expectation> = {
  "": signsIn(),
  "-client-secret-basic": signsIn(),
  "-scope-userinfo-claims": signsIn(),
  "-kid-absent-single-jwks": signsIn(),
  "-kid-absent-multiple-jwks": signsIn(),
  "-idtoken-sig-rs256": signsIn(),
  "-userinfo-signed": signsIn(),
  "-invalid-iss": refuses("issuer_unknown"),
  "-missing-sub": refuses("subject_missing"),
  "-invalid-aud": refuses("audience_mismatch"),
  "-missing-aud": refuses("audience_mismatch"),
  "-missing-iat": refuses("issued_at_invalid"),
  "-nonce-invalid": refuses("nonce_mismatch"),
  // The specification lets a client refuse `none` in the code flow, and the suite then skips it.
  "-idtoken-sig-none": { ...refuses("algorithm_unsupported"), orElse: "SKIPPED" },
  "-invalid-sig-rs256": refuses("signature_invalid"),
  "-invalid-sig-es256": refuses("algorithm_not_allowed"),
  "-invalid-sig-hs256": refuses("algorithm_not_allowed"),
  "-userinfo-invalid-sub": refuses("subject_mismatch", "userinfo_refused"),
  "-discovery-openid-config": { play: "none", says: ["read"] },
  "-discovery-jwks-uri-keys": { play: "none", says: ["read"] },
  "-discovery-issuer-mismatch": { play: "none", says: ["keys_not_fetched"] },
  "-signing-key-rotation": signsIn("twice"),
  "-signing-key-rotation-just-before-signing": signsIn(),
  "-refresh-token": { play: "refresh", says: ["refreshed"] },
  "-refresh-token-invalid-issuer": {
    play: "refresh",
    says: ["refresh_refused issuer_unknown"],
  },
  "-refresh-token-invalid-sub": { play: "refresh", says: ["refresh_refused subject_mismatch"] },
  "-rp-init-logout": { play: "sign-out", says: ["signed_out"] },
  // A person looks at the page that says so.
  "-rp-init-logout-other-state": {
    ...{ play: "sign-out", says: ["sign_out_unconfirmed"], orElse: "REVIEW" },
  },
  "-rp-init-logout-no-state": {
    ...{ play: "sign-out", says: ["sign_out_unconfirmed"], orElse: "REVIEW" },
  },
  "-rp-backchannel-rpinitlogout": { play: "sign-out", says: ["signed_out_by_provider"] },
  "-rp-backchannel-rpinitlogout-alg-none": refusesLogout("algorithm_unsupported"),
  "-rp-backchannel-rpinitlogout-no-event": refusesLogout("not_a_logout_token"),
  "-rp-backchannel-rpinitlogout-with-nonce": refusesLogout("not_a_logout_token"),
  "-rp-backchannel-rpinitlogout-wrong-alg": refusesLogout("algorithm_not_allowed"),
  "-rp-backchannel-rpinitlogout-wrong-aud": refusesLogout("audience_mismatch"),
  "-rp-backchannel-rpinitlogout-wrong-event": refusesLogout("not_a_logout_token"),
  "-rp-backchannel-rpinitlogout-wrong-iss": refusesLogout("issuer_unknown"),
  "-rp-frontchannel-rpinitlogout": {
    ...{ play: "sign-out", says: ["signed_out", "signed_out_by_frame"], orElse: "REVIEW" },
  },
  "-rp-frontchannel-opinitlogout": {
    ...{ play: "signed-out-by-provider", says: ["signed_out_by_frame"], orElse: "REVIEW" },
  },
};

const PREFIX = "oidcc-client-test";

/** Null: there is no row for it. */
export const expectationOf = (module: string): Expectation | null =>
  module.startsWith(PREFIX) ? (MODULES[module.slice(PREFIX.length)] ?? null) : null;

export interface Plan {
  /** As the suite has it. */
  name: string;
  /** Members of the client beside what every plan has. */
  client?: (origin: string) => Record<string, unknown>;
  /** Merged into the plugin's block. */
  block?: Record<string, unknown>;
}

const backChannel = (origin: string) => ({
  backchannel_logout_uri: `${origin}/oidc/backchannel-logout`,
  backchannel_logout_session_required: true,
});
const frontChannel = (origin: string) => ({
  frontchannel_logout_uri: `${origin}/oidc/frontchannel-logout`,
  frontchannel_logout_session_required: true,
});

/** By the name that `--plan` takes. */
export const PLANS: Record<string, Plan> = {
  basic: { name: "oidcc-client-basic-certification-test-plan" },
  config: { name: "oidcc-client-config-certification-test-plan" },
  "rp-logout": { name: "oidcc-client-rp-initiated-logout-rp-basic", client: backChannel },
  "back-channel": { name: "oidcc-client-back-channel-logout-rp-basic", client: backChannel },
  "front-channel": { name: "oidcc-client-front-channel-logout-rp-basic", client: frontChannel },
  refresh: {
    name: "oidcc-client-refreshtoken-test-plan",
    block: { session: { refreshEvery: "4s" } },
  },
};
