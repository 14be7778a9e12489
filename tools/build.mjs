/** Compiles the guest to plugin.wasm when a source is newer, bundles the command, and TypeScript entries for Node. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { install, root } from "./install.mjs";
import { packagesOf, writeNotices } from "./notices.mjs";

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true }).map(
      (file) => statSync(`${folder}/${file}`).mtimeMs,
    ),
  );

/** Not in asconfig.json: a local transform's path loses its `./` there and is not found. */
const TRANSFORMS = [
  ...["no-collector", "constants", "packed-texts", "packed-data", "own-copies", "inlining"],
].map((name) => `./tools/${name}.mjs`);

export function buildGuest() {
  const wasm = `${root}plugin.wasm`;
  const source = Math.max(
    newest(`${root}assembly`),
    ...["asconfig.json", ...TRANSFORMS].map((file) => statSync(`${root}${file}`).mtimeMs),
  );
  if (existsSync(wasm) && statSync(wasm).mtimeMs >= source) return;
  console.error("Compiling assembly/ to plugin.wasm …");
  compileGuest();
}

/** `more`: options of the compiler, for builds that tests look into (`node tools/build.mjs --debug --outFile FILE`). */
export function compileGuest(...more) {
  const transforms = TRANSFORMS.flatMap((file) => ["--transform", file]);
  const compiler = "node_modules/assemblyscript/bin/asc.js";
  const args = [compiler, "--target", "release", ...transforms, ...more];
  const { status, stdout, stderr } = spawnSync("node", args, { cwd: root, encoding: "utf8" });
  const said = stdout + stderr;
  if (said) process.stderr.write(said);
  if (status !== 0) process.exit(status ?? 1);
  if (!REMARK.test(said)) return;
  // What it made must not pass for the build of these sources the next time.
  if (more.length === 0) rmSync(`${root}plugin.wasm`);
  console.error("The compiler must have nothing to say: a warning is an error.");
  process.exit(1);
}

/** `INFO AS210: …`, `WARNING AS201: …`, in colours on a terminal. */
const REMARK = /\b(INFO|WARNING|PEDANTIC)\S* (AS|TS)?\d+:/;

/** What some packages expect of CommonJS; the first line makes the file a program. */
const BANNER = [
  "#!/usr/bin/env node",
  'import { createRequire as rolegateRequire } from "node:module";',
  "const require = rolegateRequire(import.meta.url);",
].join("\n");

/**
 * The command with all that it needs but plugin.wasm, in one file, dist/rolegate.mjs, and the licenses of the packages
 * that are in it.
 */
export async function buildCommand() {
  const program = `${root}dist/rolegate.mjs`;
  const source = Math.max(
    ...["src/cli", "src/guest", "src/session"].map((folder) => newest(`${root}${folder}`)),
    statSync(`${root}package.json`).mtimeMs,
    statSync(`${root}tools/build.mjs`).mtimeMs,
  );
  if (existsSync(program) && statSync(program).mtimeMs >= source) return;
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outfile: program,
    metafile: true,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "inline",
    banner: { js: BANNER },
    define: { "process.env.ROLEGATE_VERSION": JSON.stringify(version) },
    logLevel: "warning",
  });
  chmodSync(program, 0o755);
  writeNotices(packagesOf(metafile));
}

/** Bundles entries (paths from the root) into a folder, and returns the paths of the results in the same order. */
export async function bundle(entries, outdir = "build") {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
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
  return entries.map((entry) => `${root}${outdir}/${entry.replace(/\.ts$/, ".mjs")}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = process.argv.slice(2);
  install();
  if (options.length > 0) {
    compileGuest(...options);
  } else {
    buildGuest();
    await buildCommand();
  }
}
