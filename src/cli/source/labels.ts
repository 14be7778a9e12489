/**
 * Docker labels, as Traefik's parser (traefik/paerser) reads them: dots for maps, `[n]` for
 * elements that are sorted as text, siblings merged when they differ only in case, every scalar a
 * text.
 */
import { interpolated } from "./compose-variables.ts";
import { addUnknown, type Place } from "./file.ts";
import type { Entry, List, MapTree, Tree } from "./tree.ts";

export interface Label {
  key: string;
  value: string;
  keyPlace: Place;
  valuePlace: Place;
}

/** Labels of one container, read by the Docker provider, or of one service of a swarm. */
export interface Labelled {
  provider: "docker" | "swarm";
  /** The service's name in the compose file. */
  service: string;
  labels: Label[];
  place: Place;
}

/** All `labels` of a compose file, and its `deploy.labels`, which are the swarm's. */
export function composeLabels(root: Tree): Labelled[] {
  if (root.kind !== "map") return [];
  const services = root.entries.find(({ key }) => key === "services")?.value;
  if (services?.kind !== "map") return [];
  return services.entries.flatMap(({ key, value, keyPlace }) => {
    if (value.kind !== "map") return [];
    const deploy = value.entries.find((entry) => entry.key === "deploy")?.value;
    const labelled = (tree: Tree | undefined, provider: Labelled["provider"]) => {
      const entry = tree?.kind === "map" ? tree.entries.find((it) => it.key === "labels") : null;
      const labels = entry ? labelsOf(entry.value) : [];
      return labels.length > 0 ? [{ provider, service: key, labels, place: keyPlace }] : [];
    };
    return [...labelled(value, "docker"), ...labelled(deploy, "swarm")];
  });
}

/** A map, or a list of `key=value`; in a map, names have no variables. */
function labelsOf(tree: Tree): Label[] {
  if (tree.kind === "map") {
    return tree.entries.flatMap(({ key, keyPlace, value }) =>
      value.kind === "scalar" ? [{ ...valued(value.written, value.place), key, keyPlace }] : [],
    );
  }
  if (tree.kind !== "list") return [];
  return tree.items.flatMap((item) => {
    if (item.kind !== "scalar") return [];
    const { written, place } = item;
    const equals = written.indexOf("=");
    const [key, value] =
      equals < 0 ? [written, ""] : [written.slice(0, equals), written.slice(equals + 1)];
    const text = place.file.text.slice(place.start, place.end);
    const at = Math.max(0, text.indexOf(written));
    const start = place.start + at;
    const valueStart = start + (equals < 0 ? written.length : equals + 1);
    const keyPlace = { ...place, start, end: start + key.length };
    return [
      {
        ...valued(value, { ...place, start: valueStart, end: start + written.length }),
        ...{ key: valued(key, keyPlace).value, keyPlace },
      },
    ];
  });
}

function valued(written: string, valuePlace: Place): Pick<Label, "value" | "valuePlace"> {
  const { text: value, unknown } = interpolated(written);
  for (const expression of unknown) addUnknown(valuePlace, expression);
  return { value, valuePlace };
}

/** `traefik.http.…` as one tree; other labels are ignored. */
export function treeOfLabels(labels: Label[], place: Place): MapTree {
  const root: MapTree = { kind: "map", entries: [], place };
  // Traefik processes the names in this order, which its lists keep.
  const sorted = labels
    .filter(({ key }) => /^traefik\./i.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const it of sorted) insert(root, segmentsOf(it.key), it);
  return root;
}

/** `rules[00].match` → rules, [00], match. */
function segmentsOf(key: string): string[] {
  return key
    .split(".")
    .slice(1)
    .flatMap((part) => part.split(/(?=\[\d+\])/));
}

function insert(root: MapTree, segments: string[], { value, keyPlace, valuePlace }: Label): void {
  let at: Tree = root;
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    const nextIsIndex = !isLast && segments[index + 1]!.startsWith("[");
    const child: Tree = isLast
      ? { kind: "scalar", type: "text", text: value, written: value, place: valuePlace }
      : nextIsIndex
        ? { kind: "list", items: [], place: keyPlace }
        : { kind: "map", entries: [], place: keyPlace };
    at = attach(at, segment, child, keyPlace);
  });
}

/** The child of that name; it is made if it is missing. */
function attach(parent: Tree, segment: string, child: Tree, keyPlace: Place): Tree {
  if (parent.kind === "map") {
    const found = parent.entries.find(({ key }) => key.toLowerCase() === segment.toLowerCase());
    if (found) return found.value;
    parent.entries.push({ key: segment, keyPlace, value: child });
    return child;
  }
  if (parent.kind !== "list") return child;
  const indexed = parent as List & { indices?: string[] };
  indexed.indices ??= [];
  const position = indexed.indices.indexOf(segment);
  if (position >= 0) return parent.items[position]!;
  indexed.indices.push(segment);
  parent.items.push(child);
  return child;
}

/** The indices of a list as written in labels, in Traefik's order: `[0]`, `[10]`, `[1]`. */
export function indicesOf(list: List): string[] | undefined {
  return (list as List & { indices?: string[] }).indices;
}

/** Sibling labels whose names differ only in case, which Traefik merges. */
export function caseTwins(labels: Label[]): [Label, Label][] {
  const seen = new Map<string, Label>();
  const twins: [Label, Label][] = [];
  for (const it of labels) {
    const lower = it.key.toLowerCase();
    const other = seen.get(lower);
    if (other) twins.push([other, it]);
    else seen.set(lower, it);
  }
  return twins;
}

export type { Entry };
