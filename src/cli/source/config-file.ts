/**
 * `configFile`: the block is in a JSON file on a mount, and Traefik's files have the path that the
 * plugin sees. If a mount shows which file that is, it is read here as well; otherwise the gate
 * says why not.
 */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { DEFAULTS } from "../defaults.ts";
import { SourceFile } from "./file.ts";
import type { Gate, Setup } from "./model.ts";
import { behind, mountsOf } from "./mounts.ts";
import { settingsOf } from "./static.ts";
import { textAt, type Tree } from "./tree.ts";
import { parseYaml } from "./yaml.ts";

/**
 * The gate with its file's block instead of its own. Only `mode` may be beside the file, and
 * overrides the file's.
 */
export function withConfigFile(gate: Gate, setup: Setup, given: readonly string[]): Gate {
  const path = textAt(gate.body, "configFile");
  // The plugin refuses a path that is not absolute.
  if (!path?.startsWith("/")) return gate;
  const plugin = gate.plugin ?? "rolegate";
  const found = behind(mountsOf(setup.statics, plugin, given), path);
  if (!found) {
    // With a static configuration at hand, a mount that is missing there is missing: the plugin
    // reports that itself.
    if (settingsOf(setup.statics, plugin)) return gate;
    return { ...gate, unread: `no mount is known here that holds ${path}` };
  }
  const { host, folder, guest } = found.mount;
  if (!existsSync(folder)) {
    return { ...gate, unread: `the folder ${host}, mounted as ${guest}, is not here` };
  }
  // The plugin reports that itself.
  if (!existsSync(found.here)) return gate;
  const file = SourceFile.at(relative(".", found.here));
  setup.files.push(file);
  return inside(gate, file);
}

function inside(gate: Gate, file: SourceFile): Gate {
  let content: unknown;
  try {
    content = JSON.parse(file.text);
  } catch {
    return gate;
  }
  // JSON is YAML, and the YAML parser knows the places.
  const [tree] = parseYaml(file).trees;
  if (tree?.kind !== "map" || gate.body.kind !== "map") return gate;
  const body: Tree = { ...gate.body, entries: [...gate.body.entries, ...tree.entries] };
  return { ...gate, body, content, mode: textAt(body, "mode") ?? DEFAULTS.mode };
}
