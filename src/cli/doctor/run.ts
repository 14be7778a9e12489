/** Examines a running set-up from outside to inside, and reports the worst findings first. */
import type { Severity } from "../check/catalogue-table.ts";
import { CliError, reasonOf } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { looksAtApplication, looksAtWebSocket, looksPastTraefik } from "./application.ts";
import { FINDINGS } from "./catalogue-table.ts";
import { type Cause, causesOf } from "./causes.ts";
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
  found: Cause[];
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
  return { found: causesOf(found), skipped: skippedOf(target) };
}

const DOCS = "docs/";

export function print({ found, skipped }: Report, terminal: Terminal): void {
  const { colors } = terminal;
  const paint: Record<Severity, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    note: colors.cyan,
  };
  for (const { code, evidence, severity, consequences } of found) {
    const { title, remedy, docs } = FINDINGS[code];
    terminal.out(`${paint[severity](severity)}: ${colors.bold(title)} ${colors.dim(`[${code}]`)}`);
    terminal.out(`  seen:   ${evidence}`);
    terminal.out(`  remedy: ${remedy}`);
    // By itself nothing is to be done about these.
    const also = [...new Set(consequences.map((it) => it.code))].join(", ");
    if (also !== "") terminal.out(`  ${colors.dim(`so too: ${also}`)}`);
    terminal.out(`  ${colors.dim(`more:   ${DOCS}${docs}, ${DOCS}doctor.md#${code}`)}`);
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
  const findings = found.map(({ code, severity, evidence, consequences }) => {
    const { title, remedy, docs } = FINDINGS[code];
    return { code, severity, title, evidence, remedy, docs: DOCS + docs, consequences };
  });
  return JSON.stringify({ findings, skipped }, null, 2);
}
