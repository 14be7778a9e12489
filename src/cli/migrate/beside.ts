/** Files that the current file names: searched for at their path, and beside it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";

export interface Beside {
  /** Null: the file is missing or unreadable. */
  read(path: string): string | null;
  /** The files that match a name with `*`. */
  list(pattern: string): string[];
}

const BYTES = 1 << 20;

export const nothingBeside: Beside = { read: () => null, list: () => [] };

export function besideOf(file: string): Beside {
  if (file === "-") return nothingBeside;
  const folder = dirname(file);
  // nginx resolves names from its own folder, above sites-enabled and conf.d.
  const places = (path: string) =>
    isAbsolute(path)
      ? [path, join(folder, basename(path))]
      : [join(folder, path), join(dirname(folder), path)];
  return {
    read: (path) =>
      places(path)
        .map(textOf)
        .find((text) => text !== null) ?? null,
    list(pattern) {
      if (!basename(pattern).includes("*") || dirname(pattern).includes("*")) return [pattern];
      const parts = basename(pattern).split("*");
      const fits = (name: string) =>
        name.length >= parts.join("").length &&
        name.startsWith(parts[0]!) &&
        name.endsWith(parts.at(-1)!) &&
        parts.length === 2;
      for (const place of places(pattern)) {
        const names = namesIn(dirname(place)).filter(fits).sort();
        if (names.length > 0) return names.map((name) => join(dirname(place), name));
      }
      return [];
    },
  };
}

function textOf(path: string): string | null {
  try {
    return statSync(path).size <= BYTES ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
