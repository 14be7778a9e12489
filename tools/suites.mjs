/** The suites, and running them: what each needs is installed and built first. */
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { buildCommand, buildGuest } from "./build.mjs";
import { runNodeSuite } from "./suite-node.mjs";
import { runUnitSuite } from "./suite-unit.mjs";

// `npm run` puts node_modules/.bin first, and a dependency of as-pect's brings an npm of long ago there: tests that
// start npm must get the one that people have.
const { PATH = "" } = process.env;
process.env.PATH = PATH.split(delimiter)
  .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
  .join(delimiter);

const parallel = availableParallelism();

/** What each suite needs: the compiled guest, the bundled command, how many files at a time, minutes for one file. */
export const SUITES = {
  repo: { guest: true, concurrency: parallel, minutes: 5 },
  docs: { guest: true, concurrency: 1, minutes: 2 },
  unit: { run: runUnitSuite },
  vectors: { concurrency: parallel, minutes: 5 },
  pages: { concurrency: parallel, minutes: 2 },
  guest: { guest: true, concurrency: parallel, minutes: 5 },
  login: { guest: true, concurrency: parallel, minutes: 5 },
  providers: { guest: true, concurrency: 1, minutes: 5 },
  live: { guest: true, command: true, concurrency: 1, minutes: 30 },
  properties: { guest: true, concurrency: parallel, minutes: 5 },
  mutate: { guest: true, concurrency: 1, minutes: 10 },
  presets: { guest: true, concurrency: parallel, minutes: 5 },
  stack: { guest: true, concurrency: 1, minutes: 10 },
  cli: { guest: true, command: true, concurrency: parallel, minutes: 5 },
  site: { concurrency: 1, minutes: 10 },
  hosts: { guest: true, concurrency: parallel, minutes: 10 },
  e2e: { guest: true, concurrency: 1, minutes: 10 },
  conformance: { guest: true, concurrency: 1, minutes: 10 },
  attack: { guest: true, concurrency: 1, minutes: 10 },
  browser: { guest: true, command: true, concurrency: 1, minutes: 15 },
  faults: { guest: true, concurrency: 1, minutes: 10 },
  // It waits, most of the time.
  fleet: { guest: true, command: true, concurrency: 2, minutes: 5 },
  keycloak: { guest: true, command: true, concurrency: 1, minutes: 15 },
  upstreams: { guest: true, concurrency: 1, minutes: 10 },
  install: { guest: true, command: true, concurrency: 1, minutes: 10 },
  proxies: { guest: true, concurrency: 1, minutes: 10 },
  traefik: { guest: true, concurrency: 1, minutes: 10 },
  "oauth2-proxy": { guest: true, concurrency: 1, minutes: 30 },
  loops: { guest: true, concurrency: 1, minutes: 10 },
  prefect: { guest: true, command: true, concurrency: 1, minutes: 30 },
};

/** What `npm run check` and `npm test` run: all that needs nothing but Node and Traefik. */
export const FAST = [
  ...["repo", "docs", "unit", "vectors", "pages", "guest", "login", "properties", "mutate"],
  ...["presets", "stack", "cli", "e2e", "conformance"],
];

/**
 * Runs suites, or with `parts`, beginnings of paths below test/, those files of them; prints each one's time and counts.
 * Returns { passed, failed }. A suite in which no test ran has failed.
 */
export async function runSuites(names, parts = []) {
  if (names.some((name) => SUITES[name].guest)) buildGuest();
  if (names.some((name) => SUITES[name].command)) await buildCommand();
  const rows = [];
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    console.log(`\n── ${name}`);
    const start = performance.now();
    const suite = SUITES[name];
    const files = parts.filter((part) => suiteOf(part) === name);
    const counts = await (suite.run ? suite.run(files) : runNodeSuite(name, suite, files));
    if (counts.passed + counts.failed === 0) {
      counts.failed = 1;
      counts.complaints.push("no test ran");
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    rows.push({ name, seconds, ...counts });
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  console.log("");
  for (const { name, seconds, passed, failed, complaints, notes = [] } of rows) {
    console.log(
      `${name.padEnd(10)}${seconds.padStart(7)} s   passed: ${passed}${failed ? `   failed: ${failed}` : ""}`,
    );
    for (const note of notes) console.log(`             ${note}`);
    for (const complaint of complaints) console.log(`             ✖ ${complaint}`);
  }
  return total;
}

/** The suite of a path below test/. */
export function suiteOf(part) {
  return part.replace(/^test\//, "").split("/")[0];
}
