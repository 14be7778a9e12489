/** Examines a running set-up from outside to inside, and reports the worst findings first. */
import type { Severity } from "../check/catalogue-table.ts";
import { CliError, reasonOf } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { looksAtApplication, looksAtWebSocket, looksPastTraefik } from "./application.ts";
import { FINDINGS, type Code } from "./catalogue-table.ts";
import { looksAtClocks } from "./clocks.ts";
import { looksAtCredentials } from "./credentials.ts";
import type { Check, Target, Finding } from "./target.ts";
import { looksAtPrefect } from "./prefect/look.ts";
import { looksAtProvider } from "./provider.ts";
import { followsSignIn } from "./sign-in.ts";
import { type Skipped, skippedOf } from "./skipped.ts";
import { looksAtToken } from "./token.ts";
import { looksAtTraefik } from "./traefik.ts";

/** In this order, because some checks use the results of others. */
const CHECKS: { what: string; check: Check; needsApplication: boolean }[] = [
  { what: "the application", check: looksAtApplication, needsApplication: true },
  { what: "credentials", check: looksAtCredentials, needsApplication: true },
  { what: "sign-in", check: followsSignIn, needsApplication: true },
  { what: "the provider", check: looksAtProvider, needsApplication: false },
  { what: "the token", check: looksAtToken, needsApplication: true },
  { what: "WebSockets", check: looksAtWebSocket, needsApplication: true },
  { what: "Prefect", check: looksAtPrefect, needsApplication: true },
  { what: "clocks", check: looksAtClocks, needsApplication: false },
  { what: "the way past Traefik", check: looksPastTraefik, needsApplication: false },
  { what: "Traefik", check: looksAtTraefik, needsApplication: false },
];

export interface Report {
  found: Finding[];
  skipped: Skipped[];
}

/** `before`: findings from preparing the target. */
export async function examine(target: Target, before: Finding[]): Promise<Report> {
  const found = [...before];
  const { terminal, signal } = target.context;
  let answers = true;
  try {
    await target.ask({ path: "/" });
  } catch (error) {
    signal.throwIfAborted();
    answers = false;
    found.push({ code: "unreachable", evidence: `${target.url}: ${reasonOf(error)}` });
  }
  for (const { what, check, needsApplication } of CHECKS) {
    if (needsApplication && !answers) continue;
    try {
      found.push(...(await terminal.progress(`Looking at ${what}`, () => check(target))));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CliError) throw error;
      // It was reachable a moment ago: one request got no answer.
      const evidence = `${target.url}, while looking at ${what}: ${reasonOf(error)}`;
      found.push({ code: "unreachable", evidence });
    }
  }
  return { found: inOrder(found), skipped: skippedOf(target) };
}

/** Findings that follow from another, and add nothing to it. */
const FOLLOWS: Partial<Record<Code, Code[]>> = {
  no_router: ["login_not_offered", "websocket_refused"],
  application_down: ["login_not_offered", "websocket_refused"],
  not_protected: ["login_not_offered"],
  config_error: ["login_not_offered", "login_failed", "websocket_refused"],
  keys_unavailable: ["websocket_refused"],
  credential_lost: ["websocket_refused"],
  token_refused: ["websocket_refused"],
  audience_missing: ["websocket_refused"],
  application_refuses: ["websocket_refused"],
  prefect_open: ["prefect_secrets"],
};
/** Several checks find these, about one fault. */
const ONCE = new Set<Code>(["application_down", "keys_unavailable", "token_refused"]);

/** The worst first, each fault once. */
function inOrder(found: Finding[]): Finding[] {
  const codes = new Set(found.map(({ code }) => code));
  const follows = new Set([...codes].flatMap((code) => FOLLOWS[code] ?? []));
  const once = new Map<string, Finding>();
  for (const it of found) {
    const key = ONCE.has(it.code) ? it.code : `${it.code} ${it.evidence}`;
    if (!follows.has(it.code) && !once.has(key)) once.set(key, it);
  }
  return [...once.values()].sort((a, b) => RANK[severityOf(a)] - RANK[severityOf(b)]);
}

export const severityOf = ({ code }: Finding): Severity => FINDINGS[code].severity;

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
const DOCS = "docs/";

export function print({ found, skipped }: Report, terminal: Terminal): void {
  const { colors } = terminal;
  const paint: Record<Severity, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    note: colors.cyan,
  };
  for (const finding of found) {
    const { severity, title, remedy, docs } = FINDINGS[finding.code];
    terminal.out(
      `${paint[severity](severity)}: ${colors.bold(title)} ${colors.dim(`[${finding.code}]`)}`,
    );
    terminal.out(`  seen:   ${finding.evidence}`);
    terminal.out(`  remedy: ${remedy}`);
    terminal.out(`  ${colors.dim(`more:   ${DOCS}${docs}`)}`);
    terminal.out();
  }
  if (found.length === 0) terminal.out(colors.green("Nothing is wrong as far as could be seen."));
  else terminal.out(`${found.length} finding${found.length === 1 ? "" : "s"}.`);
  if (skipped.length === 0) return;
  terminal.out(`\n${colors.dim("Not looked at:")}`);
  for (const { what, needs } of skipped) terminal.out(colors.dim(`  ${what} (${needs})`));
}

/** docs/doctor.md describes its form. */
export function jsonOf({ found, skipped }: Report): string {
  const findings = found.map(({ code, evidence }) => {
    const { severity, title, remedy, docs } = FINDINGS[code];
    return { code, severity, title, evidence, remedy, docs: DOCS + docs };
  });
  return JSON.stringify({ findings, skipped }, null, 2);
}
