/**
 * Values of Traefik's Helm chart: what the chart makes of them, as far as it matters here, and what
 * it drops.
 */
import type { Static } from "./model.ts";
import { insert, isRolegateModule, isStatic, mapOfFlags, pluginsOf, settingsOf } from "./static.ts";
import {
  entriesAt,
  type Entry,
  entryOf,
  type MapTree,
  textAt,
  type Tree,
  valueAt,
} from "./tree.ts";

const KINDS = ["plugins", "localPlugins"];
/** A plugin's members that the chart hands on; of its settings only `useUnsafe`. */
const OF_PLUGIN = ["moduleName", "version", "hash"];

/** Flags count too. Null when the values have no static configuration. */
export function treeOfValues(values: Tree): MapTree | null {
  const flags = valueAt(values, "additionalArguments");
  const root: MapTree = flags
    ? mapOfFlags(flags)
    : { kind: "map", entries: [], place: values.place };
  const handOn = (from: string[], to: string[]) => {
    const value = textAt(values, ...from);
    if (value !== undefined) insert(root, [...to], value, valueAt(values, ...from)!.place);
  };
  for (const kind of KINDS) {
    for (const { key } of entriesAt(values, "experimental", kind)) {
      for (const name of OF_PLUGIN) {
        const path = ["experimental", kind, key, name];
        handOn(path, path);
      }
    }
  }
  const abort = ["experimental", "abortOnPluginFailure"];
  handOn(abort, abort);
  // The first is its name from chart 41 on.
  for (const path of [["log"], ["logs", "general"]]) handOn([...path, "level"], ["log", "level"]);
  return isStatic(root) ? root : null;
}

/** A plugin of the catalogue, named by a flag that the chart does not read. */
export function pluginWithoutStorage(values: Tree): Entry | undefined {
  const flags = valueAt(values, "additionalArguments");
  const [plugin] = flags ? entriesAt(mapOfFlags(flags), "experimental", "plugins") : [];
  const mounts = valueAt(values, "additionalVolumeMounts");
  const isMounted = (mounts?.kind === "list" ? mounts.items : []).some((it) =>
    /^\/plugins-storage\/?$/.test(textAt(it, "mountPath") ?? ""),
  );
  const isWritable = textAt(values, "securityContext", "readOnlyRootFilesystem") === "false";
  const isKnown = entriesAt(values, "experimental", "plugins").length > 0;
  return isKnown || isMounted || isWritable ? undefined : plugin;
}

/** Places where values give Rolegate settings that no flag gives it. */
export function droppedSettings(values: Tree, tree: MapTree | null): Entry[] {
  if (!tree) return [];
  const made: Static = { tree, place: tree.place, source: tree.place.file };
  return pluginsOf(made)
    .filter(isRolegateModule)
    .flatMap(({ key }) => {
      const known = settingsOf([made], key);
      if (known && known.mounts.length + known.envs.length > 0) return [];
      return KINDS.flatMap((kind) => {
        const entry = entryOf(valueAt(values, "experimental", kind, key), "settings");
        const given = ["mounts", "envs"].some((it) => valueAt(entry?.value, it) !== undefined);
        return entry && given ? [entry] : [];
      });
    });
}
