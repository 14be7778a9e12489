/** `npm run site`: docs/ as a site, in build/site/. `npm run site -- --serve` shows it while pages are edited. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NPM, root } from "./install.mjs";

/** It has packages of its own: who works on the plugin need not install them. */
export const site = join(root, "site");

function run([program, ...words]) {
  const { status, error } = spawnSync(program, words, { cwd: site, stdio: ["ignore", 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
}

function prepare() {
  const lock = createHash("sha256")
    .update(readFileSync(join(site, "package-lock.json")))
    .digest("hex");
  const marker = join(site, "node_modules", ".rolegate-lock");
  if (!existsSync(marker) || readFileSync(marker, "utf8") !== lock) {
    run([...NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    writeFileSync(marker, lock);
  }
  // VitePress finds its own packages only from folders below its own.
  rmSync(join(site, "pages"), { force: true });
  symlinkSync("../docs", join(site, "pages"), "dir");
}

const vitepress = (verb) =>
  run([process.execPath, join(site, "node_modules/vitepress/bin/vitepress.js"), verb, "."]);

export function buildSite() {
  prepare();
  vitepress("build");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--serve")) {
    prepare();
    vitepress("dev");
  } else buildSite();
}
