/**
 * `node tools/test.mjs [SUITE…]`: runs suites, the fast ones if none is named, and prints `N passed, N failed` as the
 * last line. With `SUITE/NAME` among the arguments only those files run: `npm test -- login/refresh`. With `--live` real
 * providers are built and started as well: `npm run test:providers -- --live`.
 */
import { install } from "./install.mjs";
import { FAST, runSuites, suiteOf, SUITES } from "./suites.mjs";

const LIVE = "--live";
const asked = process.argv.slice(2);
const wanted = asked.map((name) => (name === LIVE ? "live" : name));
const parts = wanted.filter((name) => name.includes("/"));
const names = wanted.length === 0 ? FAST : [...new Set(wanted.map(suiteOf))];
const unknown = names.filter((name) => !Object.hasOwn(SUITES, name));
if (unknown.length > 0) {
  console.error(`Suites are ${Object.keys(SUITES).join(", ")}; not ${unknown.join(", ")}.`);
  process.exit(2);
}

install();
const { passed, failed } = await runSuites(names, parts);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
