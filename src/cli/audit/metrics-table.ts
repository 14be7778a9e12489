/** The metrics that a log is counted into: names, kinds and help, as Prometheus shows them. */

export interface Metric {
  type: "counter" | "gauge";
  help: string;
  labels: readonly string[];
}

export const METRICS = {
  rolegate_decisions_total: {
    type: "counter",
    help: "Decisions in the log, by what was decided and why. Which are logged is the option audit.",
    labels: ["middleware", "decision", "reason"],
  },
  rolegate_sign_ins_total: {
    type: "counter",
    help: "People who were signed in.",
    labels: ["middleware"],
  },
  rolegate_refreshes_total: {
    type: "counter",
    help: "Sessions that were renewed.",
    labels: ["middleware"],
  },
  rolegate_sign_outs_total: {
    type: "counter",
    help: "Sign-outs, by who asked for them: the user, the provider, or the provider by a frame.",
    labels: ["middleware", "by"],
  },
  rolegate_login_failures_total: {
    type: "counter",
    help: "Sign-ins, refreshes, sign-outs and fetches of keys that went wrong, by event and reason.",
    labels: ["middleware", "event", "reason"],
  },
  rolegate_keys_read_timestamp_seconds: {
    type: "gauge",
    help: "When a key file was last read. Fetched keys are read after each fetch.",
    labels: ["issuer", "file"],
  },
  rolegate_keys_stale: {
    type: "gauge",
    help: "1 while the fetched keys are older than keys.maxStale and not believed.",
    labels: ["issuer", "file"],
  },
  rolegate_key_file_failures_total: {
    type: "counter",
    help: "Key files that were missing, unreadable or refused.",
    labels: ["file", "event"],
  },
  rolegate_config_findings_total: {
    type: "counter",
    help: "Mistakes of the configuration, once for each guest that read it.",
    labels: ["severity", "code"],
  },
  rolegate_revocation_failures_total: {
    type: "counter",
    help: "Times at which the revocations in stateDir could not be read.",
    labels: [],
  },
  rolegate_store_unread_seconds: {
    type: "gauge",
    help: "How old the latest reading of the store's engine was when it failed; 0: it is read again.",
    labels: ["middleware"],
  },
  rolegate_recovered_total: {
    type: "counter",
    help: "Requests that ended in a trap of the plugin: a bug, please report it.",
    labels: [],
  },
  rolegate_starts_total: {
    type: "counter",
    help: "Middlewares that Traefik built, by the plugin's version.",
    labels: ["version"],
  },
  rolegate_log_lines_total: {
    type: "counter",
    help: "Lines of the plugin that were read; broken ones were cut off.",
    labels: ["state"],
  },
  rolegate_log_last_line_timestamp_seconds: {
    type: "gauge",
    help: "When the latest line of the plugin was written.",
    labels: [],
  },
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** Events of sign-in that are as they should be: the others are failures. */
export const GOOD_EVENTS = ["begun_anew", "no_refresh_token", "store_read", "store_foreign"];
/** Event -> who asked for the sign-out. */
export const SIGN_OUTS: Record<string, string> = {
  signed_out: "user",
  signed_out_by_provider: "provider",
  signed_out_by_frame: "frame",
};
