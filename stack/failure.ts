/**
 * Why `npm start` ended: one line, and what to do. What a program wrote before it ended is kept in
 * a file.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** By the first line of an error's message. The last row takes the rest. */
const REMEDIES: [RegExp, string][] = [
  [
    /^Port \d+ is taken/,
    "choose another: npm start -- --port NUMBER; without --port a free one is found",
  ],
  [/^Traefik ended/, "read the file; TRAEFIK_BIN=/path/to/traefik names another Traefik"],
  [
    /^Traefik dropped routers|dynamic configuration is not in force/,
    "run npm run build, and again",
  ],
  [
    /^(Keycloak|Prefect) is late/,
    "run it again on a machine with 2 GiB of free memory and little else to do",
  ],
  [/^(Keycloak|Prefect) ended/, "read the file; mostly memory is short: 2 GiB must be free"],
  [/^the provider's keys /, "read the file; run it again when the machine has less to do"],
  [/SHA-256 is /, "run it again; if it stays so, look which proxy changes downloads"],
  [/\bpip\b|Python/, "install Python 3.10 or later with pip; Debian: apt-get install python3-pip"],
  [/\bJava\b/, "install Java 17 or later, or name it in JAVA_HOME"],
  [
    /fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|^https?:|ended with/,
    "look whether this machine reaches npm, PyPI and Maven's repository, then run it again",
  ],
  [/ENOSPC/, "make room: all parts together take 1 GB"],
  [/EACCES|EPERM/, "let ROLEGATE_CACHE name a folder that you may write to"],
];
const OTHERWISE = "run it again; if it stays so, please report it with the file";

export interface Failure {
  what: string;
  remedy: string;
  /** All that is known beside it: the log of a program, the stack of a bug. Empty: nothing. */
  details: string;
}

export function failureOf(error: unknown): Failure {
  const { message, stack = "", cause } = error instanceof Error ? error : new Error(String(error));
  const [first = "", ...rest] = message.trim().split("\n");
  const because = cause instanceof Error ? ` (${cause.message.split("\n")[0]})` : "";
  const what = first.replace(/:$/, "") + because;
  const remedy = REMEDIES.find(([words]) => words.test(what))?.[1];
  // The stack of what is understood is no help.
  const details = rest.length > 0 ? rest.join("\n") : remedy === undefined ? stack : "";
  return { what, remedy: remedy ?? OTHERWISE, details };
}

export function tell(error: unknown, report: (line: string) => void): void {
  const { what, remedy, details } = failureOf(error);
  report(`It did not work: ${what}`);
  report(`  what to do: ${remedy}`);
  if (details === "") return;
  const file = join(mkdtempSync(join(tmpdir(), "rolegate-failed-")), "log.txt");
  writeFileSync(file, `${what}\n${details}\n`);
  report(`  the file:   ${file}`);
}
