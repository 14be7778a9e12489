/** Examines a set-up that runs, from outside to inside, and reports by the worst. */
import type { Severity } from "../check/catalogue-table.ts";
import { reasonOf } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import {
  looksAtApplication,
  looksAtClocks,
  looksAtWebSocket,
  looksPastTraefik,
} from "./application.ts";
import { AILMENTS } from "./catalogue-table.ts";
import type { Check, Patient, Symptom } from "./patient.ts";
import { looksAtPrefect } from "./prefect.ts";
import { looksAtProvider } from "./provider.ts";
import { followsSignIn } from "./sign-in.ts";
import { looksAtTraefik } from "./traefik.ts";

/** Those that ask the application need it to answer. */
const OF_APPLICATION: [string, Check][] = [
  ["the application", looksAtApplication],
  ["sign-in", followsSignIn],
  ["WebSockets", looksAtWebSocket],
  ["Prefect", looksAtPrefect],
];
const OTHERS: [string, Check][] = [
  ["the provider and the token", looksAtProvider],
  ["clocks", looksAtClocks],
  ["the way past Traefik", looksPastTraefik],
  ["Traefik", looksAtTraefik],
];

export async function examine(patient: Patient): Promise<Symptom[]> {
  const found: Symptom[] = [];
  const { terminal } = patient.context;
  let answers = true;
  try {
    await patient.ask({ path: "/" });
  } catch (error) {
    answers = false;
    found.push({ code: "unreachable", evidence: `${patient.url}: ${reasonOf(error)}` });
  }
  for (const [what, check] of [...(answers ? OF_APPLICATION : []), ...OTHERS]) {
    found.push(...(await terminal.progress(`Looking at ${what}`, () => check(patient))));
  }
  return found.sort((a, b) => RANK[severityOf(a)] - RANK[severityOf(b)]);
}

export const severityOf = ({ code }: Symptom): Severity => AILMENTS[code].severity;

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
const DOCS = "docs/";

export function print(found: Symptom[], terminal: Terminal): void {
  const { colors } = terminal;
  const paint: Record<Severity, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    note: colors.cyan,
  };
  for (const symptom of found) {
    const { severity, title, remedy, docs } = AILMENTS[symptom.code];
    terminal.out(
      `${paint[severity](severity)}: ${colors.bold(title)} ${colors.dim(`[${symptom.code}]`)}`,
    );
    terminal.out(`  seen:   ${symptom.evidence}`);
    terminal.out(`  remedy: ${remedy}`);
    terminal.out(`  ${colors.dim(`more:   ${DOCS}${docs}`)}`);
    terminal.out();
  }
  if (found.length === 0) terminal.out(colors.green("Nothing is wrong as far as could be seen."));
  else terminal.out(`${found.length} finding${found.length === 1 ? "" : "s"}.`);
}

export function jsonOf(found: Symptom[]): string {
  const list = found.map(({ code, evidence }) => ({ code, evidence, ...AILMENTS[code] }));
  return JSON.stringify({ findings: list.map(({ needs: _, ...it }) => it) }, null, 2);
}
