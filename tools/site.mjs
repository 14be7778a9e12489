/** `npm run site`: docs/ as a site, in build/site/. `npm run site -- --serve` shows it while pages are edited. */
import { rmSync, symlinkSync } from "node:fs";
import { install, root, run } from "./install.mjs";

/** It has packages of its own: who works on the plugin need not install them. */
const site = `${root}site/`;

install(site);
// VitePress finds its own packages only from folders below its own.
rmSync(`${site}pages`, { force: true });
symlinkSync("../docs", `${site}pages`, "dir");
const verb = process.argv.includes("--serve") ? "dev" : "build";
run(process.execPath, ["node_modules/vitepress/bin/vitepress.js", verb, "."], { cwd: site });
