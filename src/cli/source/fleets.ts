/**
 * Several Traefiks of one set-up, and whether they have a folder in common: replicas of a
 * Deployment, of a chart, of a compose service.
 */
import type { Place } from "./file.ts";
import type { Fleet, Static } from "./model.ts";
import { pluginsOf, isRolegateModule, settingsOf } from "./static.ts";
import { textAt, type Tree, valueAt } from "./tree.ts";

/** In values of Traefik's chart. */
export function fleetOfValues(values: Tree, flags: Static): Fleet[] {
  const deployment = valueAt(values, "deployment");
  const scaling = valueAt(values, "autoscaling");
  const isScaled = textAt(scaling, "enabled") === "true";
  const count = isScaled ? valueAt(scaling, "maxReplicas") : valueAt(deployment, "replicas");
  const isEverywhere = textAt(deployment, "kind")?.toLowerCase() === "daemonset";
  const shares = sharesVolume(
    flags,
    itemsAt(values, "additionalVolumeMounts"),
    itemsAt(deployment, "additionalVolumes"),
  );
  return fleetOf(count, isEverywhere ? valueAt(deployment, "kind") : undefined, shares);
}

/** A Deployment, DaemonSet or StatefulSet, by its container's flags. */
export function fleetOfManifest(manifest: Tree, container: Tree, flags: Static): Fleet[] {
  const kind = valueAt(manifest, "kind");
  const isEverywhere = textAt(manifest, "kind") === "DaemonSet";
  const shares = sharesVolume(
    flags,
    itemsAt(container, "volumeMounts"),
    itemsAt(manifest, "spec", "template", "spec", "volumes"),
  );
  return fleetOf(valueAt(manifest, "spec", "replicas"), isEverywhere ? kind : undefined, shares);
}

/** A service of a compose file: its containers mount the folders of their machine. */
export function fleetOfService(service: Tree, flags: Static): Fleet[] {
  const count = valueAt(service, "deploy", "replicas") ?? valueAt(service, "scale");
  const targets = itemsAt(service, "volumes").flatMap((it) =>
    it.kind === "scalar" ? (it.text.split(":")[1] ?? []) : volumeTarget(it),
  );
  const folders = foldersOf(flags);
  return fleetOf(
    count,
    undefined,
    folders.length > 0 && folders.some((it) => targets.includes(it)),
  );
}

const volumeTarget = (it: Tree) =>
  textAt(it, "type") === "tmpfs" ? [] : (textAt(it, "target") ?? []);

function fleetOf(count: Tree | undefined, everywhere: Tree | undefined, shares: boolean): Fleet[] {
  const made = (name: string, place: Place) => [{ name, place, shares }];
  if (everywhere) return made("one Traefik on each node", everywhere.place);
  const number = count?.kind === "scalar" ? Number(count.text) : 1;
  return count && number > 1 ? made(`${number} Traefiks`, count.place) : [];
}

/** Paths that the plugin's mounts lead to, as the container has them. */
function foldersOf(flags: Static): string[] {
  return pluginsOf(flags)
    .filter(isRolegateModule)
    .flatMap(({ key }) => settingsOf([flags], key)?.mounts ?? [])
    .filter((mount) => !mount.endsWith(":ro"))
    .map((mount) => mount.split(":")[0]!);
}

/** Volumes that end with their pod, or are read only. */
const NOT_SHARED = ["emptyDir", "configMap", "secret", "ephemeral", "projected", "image"];

function sharesVolume(flags: Static, mounts: Tree[], volumes: Tree[]): boolean {
  const names = mounts
    .filter((it) => foldersOf(flags).includes(textAt(it, "mountPath") ?? ""))
    .map((it) => textAt(it, "name"));
  return volumes.some(
    (it) =>
      names.includes(textAt(it, "name")) &&
      NOT_SHARED.every((kind) => valueAt(it, kind) === undefined),
  );
}

function itemsAt(tree: Tree | undefined, ...keys: string[]): Tree[] {
  const list = valueAt(tree, ...keys);
  return list?.kind === "list" ? list.items : [];
}
