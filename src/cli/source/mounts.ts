/**
 * The folders that the plugin sees: those of `--mount`, then those of the static configuration's
 * `settings.mounts`.
 */
import { dirname, join, resolve } from "node:path";
import { parseMount } from "../../guest/wasi.ts";
import { CliError } from "../failure.ts";
import type { Static } from "./model.ts";
import { settingsOf } from "./static.ts";

export interface Mounted {
  /** As written. */
  host: string;
  /** The folder here. */
  folder: string;
  /** The folder's path for the plugin. */
  guest: string;
}

/**
 * Relative paths are relative to the static configuration's folder; those of `--mount` to the
 * current one.
 */
export function mountsOf(statics: Static[], plugin: string, given: readonly string[]): Mounted[] {
  const settings = settingsOf(statics, plugin);
  const base = settings ? dirname(settings.place.file.name) : ".";
  return [
    ...given.map((spec) => mounted(spec, ".")),
    ...(settings?.mounts ?? []).map((spec) => mounted(spec, base)),
  ];
}

function mounted(spec: string, base: string): Mounted {
  try {
    const { host, guest } = parseMount(spec);
    return { host, guest, folder: resolve(base, host) };
  } catch {
    throw new CliError(
      "mount_invalid",
      `${spec} is no mount`,
      "it is HOST:GUEST, as in ./state:/state",
    );
  }
}

/** The mount that covers a path of the plugin's, and the path here. */
export function behind(mounts: Mounted[], path: string): { mount: Mounted; here: string } | null {
  const mount = mounts.find(({ guest }) => isBelow(path, guest));
  return mount ? { mount, here: within(mount, path) } : null;
}

/** The path here of a plugin's path on a mount. */
export function within({ folder, guest }: Pick<Mounted, "folder" | "guest">, path: string): string {
  return join(folder, path.slice(guest.length));
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
