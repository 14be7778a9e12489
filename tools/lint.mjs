/**
 * `npm run lint`: form (Prettier), types (tsc), and promises that nobody waits for (oxlint). All run, so that one look
 * shows all that is wrong.
 */
import { spawnSync } from "node:child_process";
import { install, root } from "./install.mjs";

const CHECKS = [
  ["prettier", "--check", "--log-level=warn", "."],
  ["tsc", "--project", "tsconfig.json"],
  [
    "oxlint",
    "--type-aware",
    "--tsconfig",
    "tsconfig.json",
    "src",
    "stack",
    "test",
    "bench",
    "tools",
  ],
];

install();
let failed = 0;
for (const [tool, ...args] of CHECKS) {
  const { status } = spawnSync(`${root}node_modules/.bin/${tool}`, args, {
    cwd: root,
    stdio: "inherit",
  });
  console.log(`${tool}: ${status === 0 ? "ok" : `ended with ${status}`}`);
  if (status !== 0) failed++;
}
console.log(`\n${CHECKS.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
