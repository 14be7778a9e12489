/**
 * Pinned files from elsewhere, kept outside the checkout. A file whose SHA-256 is not the pinned
 * one is refused before anything of it is used.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { temporaryFolder } from "../machine/cleanup.ts";
import { withSignsOfLife } from "../machine/step.ts";

export interface Artifact {
  /** File or folder name in the cache; carries the version, so that a new pin is a new name. */
  name: string;
  /** SHA-256 of the file that `fetch` returns, lower-case hex. */
  sha256: string;
  /** Brings the file into `folder` and gives its path. */
  fetch(folder: string): Promise<string>;
  /** Makes from the checked file what is kept, inside `folder`, and gives its path. */
  unpack(file: string, folder: string): Promise<string>;
}

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
  return env.ROLEGATE_CACHE || join(base, "rolegate");
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * The artifact's path in the cache, fetched when it is not there yet. Two processes may do this at
 * once: each works in a folder of its own, and one rename publishes the result.
 */
export async function cached(artifact: Artifact, cache = cacheFolder()): Promise<string> {
  const target = join(cache, artifact.name);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  // In the cache itself: a rename does not cross file systems.
  const work = temporaryFolder("partial", cache);
  try {
    const { name } = artifact;
    const file = await withSignsOfLife(`fetching ${name}`, console.error, () =>
      artifact.fetch(work.path),
    );
    const found = await sha256(file);
    if (found !== artifact.sha256) {
      throw new Error(
        `${artifact.name}: SHA-256 is ${found}, pinned is ${artifact.sha256}; the download is refused`,
      );
    }
    const make = () => artifact.unpack(file, work.path);
    publish(await withSignsOfLife(`installing ${name}`, console.error, make), target);
    return target;
  } finally {
    work.remove();
  }
}

function publish(made: string, target: string): void {
  try {
    renameSync(made, target);
  } catch (error) {
    // A folder that another process has published meanwhile cannot be renamed over, and serves as
    // well.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}
