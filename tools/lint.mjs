/**
 * `npm run lint`: form (Prettier), types (tsc; of assembly/ as an editor sees it), promises that are not awaited
 * (oxlint), and exports, files and packages that are not used (knip). All run, so that one look shows all that is wrong.
 */
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { install, root } from "./install.mjs";

const SOURCES = ["src", "stack", "test", "bench", "tools"];
const CHECKS = [
  ["prettier", "--check", "--log-level=warn", "."],
  ["tsc", "--project", "tsconfig.json"],
  ["tsc", "--project", "assembly/tsconfig.json"],
  ["tsc", "--project", "test/unit/tsconfig.json"],
  ["oxlint", "--type-aware", "--tsconfig", "tsconfig.json", ...SOURCES],
  ["knip", "--no-progress"],
];

/** Returns { passed, failed }: checks. */
export function lint() {
  let failed = 0;
  for (const [tool, ...args] of CHECKS) {
    const { status } = spawnSync(`${root}node_modules/.bin/${tool}`, args, {
      cwd: root,
      stdio: "inherit",
    });
    const name = tool === "tsc" ? `${tool} ${args[1]}` : tool;
    console.log(`${name}: ${status === 0 ? "ok" : `ended with ${status}`}`);
    if (status !== 0) failed++;
  }
  return { passed: CHECKS.length - failed, failed };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  install();
  const { passed, failed } = lint();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
