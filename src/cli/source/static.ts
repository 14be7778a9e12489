/** Traefik's static configuration: from its file, or from the flags in a container's command. */
import type { PluginSettings, Static } from "./model.ts";
import {
  entriesAt,
  type Entry,
  type MapTree,
  textAt,
  textsAt,
  type Tree,
  valueAt,
} from "./tree.ts";

const KEYS = ["entryPoints", "providers", "experimental", "certificatesResolvers", "accessLog"];

/** Keys of Traefik's Helm chart that neither a static configuration nor a compose file has. */
const VALUES = [
  ...["additionalArguments", "globalArguments", "deployment", "ports", "ingressRoute"],
  ...["ingressClass", "additionalVolumeMounts", "persistence", "podSecurityContext"],
  ...["updateStrategy", "rbac", "extraObjects"],
];

/** True for values of the chart: they have keys of the same names, some with other meanings. */
export function isHelmValues(tree: Tree): boolean {
  const has = (key: string) => valueAt(tree, key) !== undefined;
  return VALUES.some(has) && !has("entryPoints");
}

export function isStatic(tree: Tree): boolean {
  return !isHelmValues(tree) && KEYS.some((key) => valueAt(tree, key) !== undefined);
}

/**
 * `--experimental.localPlugins.rolegate.moduleName=rolegate` and similar flags as one tree; null:
 * there are none.
 */
export function treeOfFlags(command: Tree | undefined): MapTree | null {
  const root = command && mapOfFlags(command);
  return root && isStatic(root) ? root : null;
}

/** All flags. */
export function mapOfFlags(command: Tree): MapTree {
  const root: MapTree = { kind: "map", entries: [], place: command.place };
  const words = command.kind === "list" ? command.items : [command];
  for (const word of words) {
    if (word.kind !== "scalar") continue;
    const flags = command.kind === "list" ? [word.written] : word.written.split(/\s+/);
    for (const flag of flags) {
      const match = /^--?([A-Za-z][\w.[\]-]*)(?:=(.*))?$/s.exec(flag);
      if (match) insert(root, match[1]!.split("."), match[2] ?? "true", word.place);
    }
  }
  return root;
}

/** Inserts a text at the segments' place, unless there is one already. */
export function insert(
  root: MapTree,
  segments: string[],
  value: string,
  place: MapTree["place"],
): void {
  const last = segments.pop()!;
  let at = root;
  for (const segment of segments) {
    let entry = at.entries.find(({ key }) => key.toLowerCase() === segment.toLowerCase());
    if (!entry) {
      entry = { key: segment, keyPlace: place, value: { kind: "map", entries: [], place } };
      at.entries.push(entry);
    }
    if (entry.value.kind !== "map") return;
    at = entry.value;
  }
  const scalar: Tree = { kind: "scalar", type: "text", text: value, written: value, place };
  if (at.entries.some(({ key }) => key.toLowerCase() === last.toLowerCase())) return;
  at.entries.push({ key: last, keyPlace: place, value: scalar });
}

/** All plugins that are loaded, from the catalogue or from a folder. */
export function pluginsOf({ tree }: Static): Entry[] {
  return ["plugins", "localPlugins"].flatMap((key) => entriesAt(tree, "experimental", key));
}

/**
 * True if an entry of the static configuration is Rolegate: by its module, which may be a fork's,
 * or by its own name.
 */
export function isRolegateModule({ key, value }: Entry): boolean {
  const module = textAt(value, "moduleName") ?? "";
  return /rolegate/i.test(key) || /(^|\/)[^/]*rolegate[^/]*(\/v\d+)?$/i.test(module);
}

/** True if a plugin's block can only be Rolegate's: it has rules with matches and conditions. */
export function isRolegateBlock(body: Tree): boolean {
  const rules = valueAt(body, "rules");
  const [first] = rules?.kind === "list" ? rules.items : [];
  return ["match", "allow"].every((key) => textAt(first, key) !== undefined);
}

export function settingsOf(statics: Static[], plugin: string): PluginSettings | null {
  for (const it of statics) {
    for (const entry of pluginsOf(it)) {
      if (entry.key.toLowerCase() !== plugin.toLowerCase()) continue;
      const settings = valueAt(entry.value, "settings");
      // In flags lists are texts with commas; `mounts[0]` has no meaning there (measured).
      const split = settings?.kind === "map";
      return {
        mounts: textsAt(settings, "mounts", split),
        envs: textsAt(settings, "envs", split),
        place: entry.keyPlace,
      };
    }
  }
  return null;
}

export function abortsOnFailure({ tree }: Static): boolean {
  return textAt(tree, "experimental", "abortOnPluginFailure") === "true";
}
