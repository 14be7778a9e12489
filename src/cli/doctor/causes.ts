/**
 * Root causes first: what only comes of another finding stands below it, and each thing is said
 * once.
 */
import type { Severity } from "../check/catalogue-table.ts";
import { type Code, FINDINGS } from "./catalogue-table.ts";
import type { Finding } from "./target.ts";

export interface Cause extends Finding {
  /** The worst of itself and of what comes of it. */
  severity: Severity;
  /** The findings that this one causes. */
  consequences: Finding[];
}

/** With these, no token was issued and no sign-in begins. */
const NO_PROVIDER: Code[] = [
  ...(["login_failed", "login_not_offered", "token_not_given", "keys_unavailable"] as const),
  ...(["provider_not_reached", "token_refused", "no_usable_key"] as const),
];

/** A row's codes come of it; nearer to the root stands above. */
const FOLLOWS: [Code, Code[]][] = [
  [
    "config_error",
    ["login_not_offered", "login_failed", "websocket_refused", "keys_unavailable", "token_refused"],
  ],
  ["no_router", ["login_not_offered", "login_failed", "websocket_refused", "public_url_differs"]],
  ["issuer_differs", NO_PROVIDER],
  ["discovery_failed", NO_PROVIDER],
  ["endpoint_elsewhere", ["login_failed", "login_not_offered", "provider_not_reached"]],
  ["jwks_failed", ["keys_unavailable", "token_refused"]],
  ["no_usable_key", ["keys_unavailable", "token_refused"]],
  ["keys_router_missing", ["keys_unavailable"]],
  ["provider_not_reached", ["keys_unavailable", "login_failed"]],
  [
    "public_url_differs",
    ["login_failed", "redirect_uri_refused", "post_logout_refused", "cookie_flags"],
  ],
  ["client_unknown", ["login_failed", "token_not_given", "post_logout_refused"]],
  ["login_buffering_missing", ["client_refused"]],
  ["store_at_provider", ["store_down", "store_refused"]],
  ["store_buffering_missing", ["store_down", "store_refused"]],
  ["client_refused", ["token_not_given"]],
  ["header_taken", ["credential_lost", "cookie_lost", "websocket_refused"]],
  [
    "double_authentication",
    ["application_refuses", "not_rolegate", "login_not_offered", "websocket_refused"],
  ],
  ["application_down", ["login_not_offered", "websocket_refused"]],
  ["router_unprotected", ["not_protected", "websocket_open", "login_not_offered"]],
  ["not_protected", ["login_not_offered", "websocket_open"]],
  ["keys_unavailable", ["websocket_refused", "token_refused"]],
  ["credential_lost", ["websocket_refused"]],
  ["token_refused", ["websocket_refused"]],
  ["audience_missing", ["websocket_refused"]],
  ["application_refuses", ["websocket_refused"]],
  ["prefect_open", ["prefect_secrets"]],
];

/** Seen by several checks, of one thing. */
const ONCE = new Set<Code>([
  ...(["application_down", "config_error", "keys_unavailable", "token_refused"] as const),
  ...(["login_buffering_missing", "cookie_lost", "provider_not_reached"] as const),
]);

export function causesOf(found: Finding[]): Cause[] {
  const roots = withoutRepeats(found).map((it): Cause => {
    return { ...it, severity: FINDINGS[it.code].severity, consequences: [] };
  });
  const below = new Set<Cause>();
  for (const [code, codes] of FOLLOWS) {
    const root = roots.find((it) => it.code === code && !below.has(it));
    if (!root) continue;
    for (const it of roots) {
      if (it === root || below.has(it) || !codes.includes(it.code)) continue;
      below.add(it);
      root.consequences.push({ code: it.code, evidence: it.evidence }, ...it.consequences);
      if (RANK[it.severity] < RANK[root.severity]) root.severity = it.severity;
    }
  }
  return roots.filter((it) => !below.has(it)).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function withoutRepeats(found: Finding[]): Finding[] {
  const once = new Map<string, Finding>();
  for (const it of found) {
    const key = ONCE.has(it.code) ? it.code : `${it.code} ${it.evidence}`;
    if (!once.has(key)) once.set(key, it);
  }
  return [...once.values()];
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
