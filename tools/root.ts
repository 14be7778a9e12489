/** Where the checkout is: bundles run from build/, so the folder is found by its manifest, not by a fixed distance. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".traefik.yml"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no .traefik.yml in ${start} or above it`);
  }
}

/** Absolute, without a trailing slash. */
export const root = findRoot();
