/**
 * The Traefik version that files name: by an image's tag, or by a Helm chart's version. An
 * ambiguous name is ignored.
 */
import type { Place } from "./file.ts";
import { entriesAt, textAt, type Tree, valueAt } from "./tree.ts";

/** The oldest version that Rolegate runs in; docs/compatibility.md describes earlier ones. */
export const LEAST_TRAEFIK = "3.3";
/** The first Helm chart that installs it. */
export const LEAST_CHART = 34;

export interface Release {
  /** As written: `traefik:v3.2`, `chart 33.2.1`. */
  name: string;
  isTooOld: boolean;
  place: Place;
}

/**
 * For `v3.2.1`, `3.2-alpine`, `2`. `3` means the newest of its kind, as does a text that is not a
 * version: `latest`, a digest.
 */
export function isTooOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)(?:\.(\d+))?(?:[.+-].*)?$/.exec(version) ?? [];
  if (major === undefined) return false;
  const [leastMajor, leastMinor] = LEAST_TRAEFIK.split(".").map(Number) as [number, number];
  if (Number(major) !== leastMajor) return Number(major) < leastMajor;
  return minor !== undefined && Number(minor) < leastMinor;
}

/** For `33.2.1`, `33.x`, `^33.0.0`; a range such as `>=33` may well mean a newer one. */
function isTooOldChart(version: string): boolean {
  const major = /^[v=~^]?\s*(\d+)(?:\.[\dx*]+)*(?:[+-]\S*)?$/.exec(version)?.[1];
  return major !== undefined && Number(major) < LEAST_CHART;
}

/** The tag of an image of Traefik: from Docker Hub, or from a registry that mirrors it. */
function traefikTag(image: string): string | undefined {
  const [, path = "", tag] = /^([^@]+?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  const parts = path.split("/");
  if (parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!)) parts.shift();
  const isOwn = /^traefik$|(^|\/)library\/traefik$|^traefik\/traefik$/.test(parts.join("/"));
  return isOwn ? tag : undefined;
}

/** Places of a chart's name and version in manifests and chart files. */
export const CHARTS: { name: string[]; version: string[] }[] = [
  // Flux: HelmRelease, OCIRepository.
  { name: ["spec", "chart", "spec", "chart"], version: ["spec", "chart", "spec", "version"] },
  { name: ["spec", "url"], version: ["spec", "ref", "tag"] },
  // k3s: HelmChart.
  { name: ["spec", "chart"], version: ["spec", "version"] },
  // Argo CD: Application.
  { name: ["spec", "source", "chart"], version: ["spec", "source", "targetRevision"] },
];

const items = (tree: Tree | undefined) => (tree?.kind === "list" ? tree.items : []);

/** Containers of a Pod, or of a resource that makes Pods. */
export function containersOf(tree: Tree): Tree[] {
  const pods = [valueAt(tree, "spec"), valueAt(tree, "spec", "template", "spec")];
  return pods.flatMap((pod) => items(valueAt(pod, "containers")));
}

export function releasesIn(tree: Tree): Release[] {
  const containers = [
    ...entriesAt(tree, "services").map(({ value }) => value),
    ...containersOf(tree),
  ];
  return [
    ...containers.flatMap((it) => ofImage(valueAt(it, "image"))),
    ...CHARTS.flatMap(({ name, version }) =>
      ofChart(textAt(tree, ...name), valueAt(tree, ...version)),
    ),
    ...items(valueAt(tree, "spec", "sources")).flatMap((it) =>
      ofChart(textAt(it, "chart"), valueAt(it, "targetRevision")),
    ),
    // Chart.yaml.
    ...items(valueAt(tree, "dependencies")).flatMap((it) =>
      ofChart(textAt(it, "name"), valueAt(it, "version")),
    ),
    ...(textAt(tree, "kind") === "List" ? items(valueAt(tree, "items")).flatMap(releasesIn) : []),
  ];
}

/** In the chart's values: the tag that replaces the chart's own. */
export function releasesInValues(values: Tree): Release[] {
  const repository = textAt(values, "image", "repository") ?? "traefik";
  const tag = valueAt(values, "image", "tag");
  return tag?.kind === "scalar" ? ofTag(`${repository}:${tag.written}`, tag.place) : [];
}

function ofImage(image: Tree | undefined): Release[] {
  return image?.kind === "scalar" ? ofTag(image.written, image.place) : [];
}

function ofTag(image: string, place: Place): Release[] {
  const tag = traefikTag(image);
  return tag === undefined ? [] : [{ name: image, isTooOld: isTooOld(tag), place }];
}

function ofChart(name: string | undefined, version: Tree | undefined): Release[] {
  if (!/(^|\/)traefik$/.test(name ?? "") || version?.kind !== "scalar") return [];
  const { written, place } = version;
  return [{ name: `chart ${written}`, isTooOld: isTooOldChart(written), place }];
}
