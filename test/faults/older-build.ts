/** The plugin as another version of it would be: the same but for the options that a session's content depends on. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";

/** One that older versions did not count among them. */
const UNKNOWN = '  "emailUnverified",\n';
const TRANSFORMS = ["no-collector", "packed-texts", "own-copies"];

/** A folder with `.traefik.yml` and `plugin.wasm`. */
export function olderBuild(): string {
  const folder = join(root, "build", "faults", "older");
  const wasm = join(folder, "plugin.wasm");
  const source = join(root, "plugin.wasm");
  if (existsSync(wasm) && statSync(wasm).mtimeMs > statSync(source).mtimeMs) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["assembly", "tools", "asconfig.json", "package.json", ".traefik.yml"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const options = join(folder, "assembly", "config", "options.ts");
  const text = readFileSync(options, "utf8");
  if (!text.includes(UNKNOWN)) throw new Error(`${options} has no ${UNKNOWN}`);
  writeFileSync(options, text.replace(UNKNOWN, ""));
  const transforms = TRANSFORMS.flatMap((name) => ["--transform", `./tools/${name}.mjs`]);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["node_modules/assemblyscript/bin/asc.js", "--target", "release", ...transforms],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the older build does not compile:\n${stderr}`);
  return folder;
}
