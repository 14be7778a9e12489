/**
 * `npm run check`: what a change must pass. Form, types and lint, then a compile without a warning and the fast suites.
 * All run, so that one look shows all that is wrong; the last line is `N passed, N failed`.
 */
import { install } from "./install.mjs";
import { lint } from "./lint.mjs";
import { FAST, runSuites } from "./suites.mjs";

install();
const form = lint();
const tests = await runSuites(FAST);
console.log(`\n${form.passed + tests.passed} passed, ${form.failed + tests.failed} failed`);
process.exit(form.failed + tests.failed > 0 ? 1 : 0);
