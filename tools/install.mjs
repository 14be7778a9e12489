/** Installs the npm packages when they are missing or older than the lock file. Uses nothing but Node. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * How npm is started. Not by name: `npm run` puts node_modules/.bin first, and a dependency of as-pect's has an npm of
 * long ago there.
 */
export const NPM = process.env.npm_execpath
  ? [process.execPath, process.env.npm_execpath]
  : ["npm"];

/** Runs a command with its output on standard error, so that a caller's `--json` stays alone on standard output. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    ...options,
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(`${command} ${args.join(" ")} ended with ${status}`);
    process.exit(status ?? 1);
  }
}

/** `folder`: one with a lock file of its own, and a slash at its end. */
export function install(folder = root) {
  const lock = createHash("sha256")
    .update(readFileSync(`${folder}package-lock.json`))
    .digest("hex");
  const marker = `${folder}node_modules/.rolegate-lock`;
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  console.error("Installing npm packages …");
  const [program, ...npm] = NPM;
  // Only the folder above has an .npmrc that says so.
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  run(program, [...npm, "ci", ...options], { cwd: folder });
  writeFileSync(marker, lock);
}
