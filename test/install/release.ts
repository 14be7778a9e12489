/** The release that this suite installs: made by `npm run package` in a clone, of the checkout as it stands. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";

export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  description: string;
  repository: { url: string };
};
const { version } = manifest;

/** The files of a release, in the order of SHA256SUMS. */
export const FILES = {
  sbom: `rolegate-${version}.cdx.json`,
  tarball: `rolegate-${version}.tgz`,
  zip: `rolegate-plugin-v${version}.zip`,
} as const;

export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
}

/** What is committed, with changes of tracked files on top: a commit of its own, of this moment. */
function commitOfCheckout(): string {
  return git(root, "stash", "create") || git(root, "rev-parse", "HEAD");
}

/** Clones the checkout and packs a release of a commit there, into `out`. */
export function packInClone(commit: string, clone: string, out: string): void {
  git(root, "clone", "--quiet", "--shared", "--no-checkout", root, clone);
  git(clone, "checkout", "--quiet", "--detach", commit);
  // As `npm ci` would lay them, without asking a registry.
  execFileSync("cp", ["-al", join(root, "node_modules"), join(clone, "node_modules")]);
  execFileSync(process.execPath, ["tools/package.mjs", "--out", out], { cwd: clone });
}

/** The release, and the commit that it was made of: once for the files of this suite, anew when the checkout changes. */
export function release(): { folder: string; commit: string } {
  const commit = commitOfCheckout();
  const home = join(root, "build/install", git(root, "rev-parse", `${commit}^{tree}`));
  const folder = join(home, "release");
  if (!existsSync(home)) {
    const work = temporaryFolder("clone");
    try {
      packInClone(commit, join(work.path, "clone"), join(work.path, "release"));
      rmSync(`${home}.new`, { recursive: true, force: true });
      mkdirSync(`${home}.new`, { recursive: true });
      // Not a rename: the temporary folder may be another file system.
      execFileSync("cp", ["-r", join(work.path, "release"), `${home}.new`]);
      writeFileSync(`${home}.new/commit`, commit);
      const old = readdirSync(join(root, "build/install")).filter(
        (name) => `${home}.new` !== join(root, "build/install", name),
      );
      for (const name of old) rmSync(join(root, "build/install", name), { recursive: true });
      renameSync(`${home}.new`, home);
    } finally {
      work.remove();
    }
  }
  return { folder, commit: readFileSync(join(home, "commit"), "utf8") };
}

/** Unpacks the plugin's archive into `folder`, as `unzip` does. */
export function unpackPlugin(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(
    unzipSync(readFileSync(join(release().folder, FILES.zip))),
  )) {
    writeFileSync(join(folder, name), bytes);
  }
}
