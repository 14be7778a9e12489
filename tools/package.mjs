/**
 * `npm run package [-- --out FOLDER]`: all that a release consists of, built anew from what is committed. The same
 * commit makes the same bytes, wherever it is checked out.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildCommand, buildGuest } from "./build.mjs";
import { install, NPM, root } from "./install.mjs";
import { bom } from "./sbom.mjs";

/** What Traefik's catalogue takes: no folder around it, and nothing but what the plugin needs. */
const PLUGIN_FILES = [".traefik.yml", "plugin.wasm", "LICENSE", "NOTICE"];
/** npm adds them by itself, wherever they are. */
const ALWAYS = ["README.md", "LICENSE"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const read = (path) => readFileSync(`${root}${path}`);

function output(program, ...args) {
  return execFileSync(program, args, { cwd: root, encoding: "utf8" }).trim();
}

/** Where what is built is nothing but what is committed. */
function mustBeClean() {
  const changes = output("git", "status", "--porcelain");
  if (changes === "") return;
  console.error(`A release is made of what is committed, and this is not:\n${changes}`);
  process.exit(1);
}

/** AssemblyScript's own NOTICE goes along with what of its library is compiled in (Apache-2.0, section 4d). */
function notice() {
  return Buffer.concat([
    read("NOTICE"),
    Buffer.from("\n\n"),
    read("node_modules/assemblyscript/NOTICE"),
  ]);
}

/** The entries have one date, which a zip's 16 bits hold in local time: midnight of their first day, everywhere. */
async function pluginZip() {
  const { zipSync } = await import("fflate");
  const mtime = new Date(1980, 0, 1);
  const entries = PLUGIN_FILES.map((name) => [
    name,
    [name === "NOTICE" ? notice() : read(name), { mtime, level: 9, os: 3, attrs: 0o100644 << 16 }],
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

/** Packed from a folder that holds what package.json names, all of it: npm passes over a file that is not there. */
function npmTarball(manifest, out) {
  const stage = mkdtempSync(join(tmpdir(), "rolegate-stage-"));
  try {
    const files = [...manifest.files, ...ALWAYS].filter((path) => !path.startsWith("!"));
    for (const path of files) {
      if (!existsSync(`${root}${path}`)) throw new Error(`${path} is to be packed, and not there`);
      cpSync(`${root}${path}`, join(stage, path), { recursive: true });
    }
    writeFileSync(join(stage, "NOTICE"), notice());
    const { scripts: _s, devDependencies: _d, overrides: _o, private: _p, ...shipped } = manifest;
    writeFileSync(join(stage, "package.json"), `${JSON.stringify(shipped, null, 2)}\n`);
    const [program, ...npm] = NPM;
    const [packed] = JSON.parse(
      output(
        program,
        ...npm,
        "pack",
        stage,
        "--json",
        "--ignore-scripts",
        "--pack-destination",
        out,
      ),
    );
    const there = packed.files.map(({ path }) => path);
    const missing = files.filter(
      (file) => !there.some((path) => path === file || path.startsWith(`${file}/`)),
    );
    if (missing.length > 0) throw new Error(`npm left out ${missing.join(", ")}`);
    return packed.filename;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

const { values } = parseArgs({ options: { out: { type: "string" } } });
mustBeClean();
install();
const out = resolve(values.out ?? `${root}build/release`);
for (const made of [out, `${root}dist`, `${root}plugin.wasm`])
  rmSync(made, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
buildGuest();
await buildCommand();

const manifest = JSON.parse(read("package.json"));
const { name, version } = manifest;
const zip = `${name}-plugin-v${version}.zip`;
writeFileSync(join(out, zip), await pluginZip());
const tarball = npmTarball(manifest, out);
const sbom = `${name}-${version}.cdx.json`;
const date = new Date(1000 * output("git", "log", "-1", "--format=%ct")).toISOString();
writeFileSync(join(out, sbom), bom(manifest, date));
const made = [zip, tarball, sbom].sort();
const sums = made.map((file) => `${sha256(readFileSync(join(out, file)))}  ${file}\n`);
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
console.error(`${out}:\n${sums.join("")}`);
