/**
 * Python programs from pinned packages, installed once into a folder outside the checkout. A file
 * whose hash is not in the requirements is refused by pip.
 */
import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf, runShown } from "../machine/command.ts";
import { cached } from "./download.ts";
import { findPip } from "./python.ts";

export interface PythonPackages {
  /** The interpreter. */
  python: string;
  /** What PYTHONPATH must be. To be read only. */
  folder: string;
}

export interface Wanted {
  /** Name of the folder, and of the program: "prefect-3.8.8", "Prefect". */
  name: string;
  title: string;
  /** A file with hashes; see python-pins.ts. */
  requirements: string;
}

const says =
  "import sys, platform; print('%d.%d-%s-%s' % (*sys.version_info[:2], sys.platform, platform.machine()))";

/** Throws when there is no Python with pip, or one that is too old. */
export async function installPackages(wanted: Wanted): Promise<PythonPackages> {
  const { name, title, requirements } = wanted;
  const { program: python } = await findPip(`${title} is installed`);
  const platform = (await outputOf({ program: python, args: ["-c", says] }))?.trim() ?? "";
  const minor = Number(/^3\.(\d+)-/.exec(platform)?.[1] ?? 0);
  if (minor < 10) throw new Error(`${title} needs Python 3.10 or newer, not ${platform}`);
  const sha256 = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const folder = await cached({
    name: `${name}-${sha256.slice(0, 8)}-python${platform}`,
    sha256,
    async fetch(work) {
      const file = join(work, "requirements.txt");
      cpSync(requirements, file);
      return file;
    },
    async unpack(file, work) {
      console.error(`Installing ${title} (up to a minute) …`);
      const target = join(work, "packages");
      await runShown({
        program: python,
        args: [
          ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"],
          // No sdist: building one would fetch what no hash is pinned for. No warning about
          // packages elsewhere.
          ...["--only-binary", ":all:", "--require-hashes", "--no-deps", "--no-warn-conflicts"],
          ...["--root-user-action", "ignore", "--target", target, "--requirement", file],
        ],
      });
      return target;
    },
  });
  return { python, folder };
}
