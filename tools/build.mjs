/** Compiles the guest to plugin.wasm when a source is newer, and bundles a TypeScript entry for Node. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { install, root, run } from "./install.mjs";

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true }).map(
      (file) => statSync(`${folder}/${file}`).mtimeMs,
    ),
  );

export function buildGuest() {
  const wasm = `${root}plugin.wasm`;
  const source = Math.max(newest(`${root}assembly`), statSync(`${root}asconfig.json`).mtimeMs);
  if (existsSync(wasm) && statSync(wasm).mtimeMs >= source) return;
  console.error("Compiling assembly/ to plugin.wasm …");
  // Not in asconfig.json: a local transform's path loses its `./` there and is not found.
  const transform = ["--transform", "./tools/no-collector.mjs"];
  run("node", ["node_modules/assemblyscript/bin/asc.js", "--target", "release", ...transform]);
}

/** Bundles entries (paths from the root) into build/, and returns the paths of the results in the same order. */
export async function bundle(entries) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: "build",
    outbase: ".",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "linked",
    logLevel: "warning",
  });
  return entries.map((entry) => `${root}build/${entry.replace(/\.ts$/, ".mjs")}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  install();
  buildGuest();
}
