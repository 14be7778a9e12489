/** Runs the as-pect specs, test/unit/**\/*.spec.ts, and reads the counts out of what it prints. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { root } from "./install.mjs";
import { isWanted } from "./suite-node.mjs";

const COLOURS = /\u001b\[\d+m/g;
const FILE = /^[✔❌] (\S+)\s+Pass: (\d+) \/ (\d+) Todo: (\d+)/;

/**
 * `parts`: beginnings of the paths of the specs that run; all run if there is none.
 * Returns { passed, failed, complaints }. as-pect ends with 0 when it found no spec: each file must report.
 */
export async function runUnitSuite(parts = []) {
  const specs = readdirSync(`${root}test/unit`, { recursive: true })
    .filter((file) => file.endsWith(".spec.ts"))
    .map((file) => `test/unit/${file}`)
    .filter((file) => isWanted(file, parts));
  if (specs.length === 0) return { passed: 0, failed: 0, complaints: [] };
  const { output, status } = await aspect(specs);
  const counts = { passed: 0, failed: 0, complaints: [] };
  const fail = (count, why) => {
    counts.failed += count;
    if (count > 0) counts.complaints.push(why);
  };
  const reported = new Set();
  for (const line of output.replace(COLOURS, "").split("\n")) {
    const match = FILE.exec(line);
    if (!match) continue;
    const [passed, total, todo] = match.slice(2).map(Number);
    reported.add(match[1]);
    counts.passed += passed;
    fail(total - passed, `${match[1]}: ${total - passed} of ${total}`);
    fail(todo, `${match[1]}: ${todo} to do`);
    if (total === 0) fail(1, `${match[1]}: no test in it`);
  }
  for (const spec of specs) if (!reported.has(spec)) fail(1, `${spec}: did not run`);
  if (status !== 0 && counts.failed === 0) fail(1, `as-pect ended with ${status}`);
  return counts;
}

function aspect(specs) {
  const child = spawn(
    process.execPath,
    [
      "node_modules/@as-pect/cli/bin/asp.js",
      "--config=test/unit/as-pect.config.js",
      "--as-config=test/unit/as-pect.asconfig.json",
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ROLEGATE_SPECS: specs.join(",") },
    },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve({ output, status })));
}
