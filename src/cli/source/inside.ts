/**
 * Files in files: chart values in a release's manifest, manifests in chart values, Traefik's files
 * in a ConfigMap.
 */
import { fileIn } from "./derived.ts";
import { addUnknown } from "./file.ts";
import { isManifest } from "./kubernetes.ts";
import type { Remark } from "./model.ts";
import { isHelmValues } from "./static.ts";
import { CHARTS } from "./traefik-release.ts";
import { entriesAt, scalars, textAt, type Tree, valueAt } from "./tree.ts";
import { treesOf, type Trees } from "./trees.ts";

/** The tree itself, and all trees that it contains. */
export function withInside(tree: Tree): Trees {
  const reader = new Reader();
  return { trees: [tree, ...reader.inside(tree)], remarks: reader.remarks };
}

const DEPTH = 20;

class Reader {
  readonly remarks: Remark[] = [];

  inside(tree: Tree): Tree[] {
    const values = this.values(tree);
    // Other charts' values have keys with the same names; but manifests in them are manifests.
    const traefiks = isOfTraefik(tree)
      ? [tree, ...values].flatMap((it) => [it, valueAt(it, "traefik")].filter(isValues))
      : [];
    const hasValues = !isManifest(tree) && traefiks.length > 0;
    return [
      ...this.configMap(tree),
      ...traefiks.filter((it) => it !== tree),
      ...traefiks.flatMap((it) => this.whole(valueAt(it, "providers", "file", "content"))),
      ...[...(hasValues ? [tree] : []), ...values].flatMap((it) => this.manifests(it)),
    ];
  }

  /** A text that is a file, or the tree in its place. */
  private whole(tree: Tree | undefined): Tree[] {
    if (tree === undefined) return [];
    if (tree.kind !== "scalar") return [tree];
    if (tree.type !== "text" || tree.text === "") return [];
    const read = treesOf(fileIn(tree));
    this.remarks.push(...read.remarks);
    return read.trees;
  }

  private values(tree: Tree): Tree[] {
    if (!isManifest(tree)) return [];
    return [tree, ...sourcesOf(tree)].flatMap((it) =>
      VALUES.flatMap((path) => this.whole(valueAt(it, ...path))),
    );
  }

  private configMap(tree: Tree): Tree[] {
    if (textAt(tree, "kind") !== "ConfigMap") return [];
    return entriesAt(tree, "data").flatMap(({ key, value }) =>
      /\.ya?ml$/i.test(key) ? this.whole(value) : [],
    );
  }

  /** Manifests in the usual places: extraObjects, extraDeploy, extraManifests. */
  private manifests(tree: Tree, depth = 0): Tree[] {
    if (depth > DEPTH) return [];
    if (tree.kind === "scalar") return /^apiVersion:/m.test(tree.text) ? this.whole(tree) : [];
    if (tree.kind === "list") return tree.items.flatMap((it) => this.manifests(it, depth + 1));
    if (!isManifest(tree)) {
      return tree.entries.flatMap(({ value }) => this.manifests(value, depth + 1));
    }
    // Helm replaces templates in their texts.
    for (const { scalar } of scalars(tree)) {
      const expression = /\{\{.*?\}\}/s.exec(scalar.text)?.[0];
      if (expression !== undefined) addUnknown(scalar.place, expression);
    }
    return [tree];
  }
}

/** Places of a chart's values in manifests of Flux, k3s and Argo CD. */
const VALUES = [
  ["spec", "values"],
  ["spec", "valuesContent"],
  ["spec", "source", "helm", "values"],
  ["spec", "source", "helm", "valuesObject"],
  // One of several sources.
  ["helm", "values"],
  ["helm", "valuesObject"],
];

function sourcesOf(tree: Tree): Tree[] {
  const sources = valueAt(tree, "spec", "sources");
  return sources?.kind === "list" ? sources.items : [];
}

const isValues = (tree: Tree | undefined): tree is Tree => tree !== undefined && isHelmValues(tree);

/** A file that names no chart may be Traefik's: a file of values, a HelmChartConfig. */
function isOfTraefik(tree: Tree): boolean {
  const names = [
    ...CHARTS.map(({ name }) => textAt(tree, ...name)),
    ...sourcesOf(tree).map((it) => textAt(it, "chart")),
  ].filter((name) => name !== undefined);
  return names.length === 0 || names.some((name) => /(^|\/)traefik$/.test(name));
}
