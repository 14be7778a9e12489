/** Reads Traefik's files of every kind and combines them. */
import { CliError } from "../failure.ts";
import { droppedSettings, pluginWithoutStorage, treeOfValues } from "./chart-values.ts";
import { withConfigFile } from "./config-file.ts";
import { gateOf, type IsRolegate, readDynamic } from "./dynamic.ts";
import { SourceFile } from "./file.ts";
import { fleetOfManifest, fleetOfService, fleetOfValues } from "./fleets.ts";
import { withInside } from "./inside.ts";
import { isManifest, readManifest } from "./kubernetes.ts";
import { caseTwins, composeLabels, treeOfLabels } from "./labels.ts";
import { isLabels, type Middleware, qualified, type Setup } from "./model.ts";
import { realmsIn } from "./realm.ts";
import {
  isHelmValues,
  isRolegateBlock,
  isRolegateModule,
  isStatic,
  pluginsOf,
  treeOfFlags,
} from "./static.ts";
import { containersOf, releasesIn, releasesInValues } from "./traefik-release.ts";
import { entriesAt, textsAt, textsIn, type Tree, valueAt } from "./tree.ts";
import { treesOf, UNREAD } from "./trees.ts";

export interface ReadOptions {
  /** The plugin's name in the static configuration, if it does not contain `rolegate`. */
  pluginName?: string | undefined;
  /** `host:guest`, like `settings.mounts`. */
  mount?: readonly string[] | undefined;
  /** Keeps templates as written, for checks of the text itself. */
  asWritten?: boolean | undefined;
}

export async function readSetup(names: string[], options: ReadOptions = {}): Promise<Setup> {
  const files: SourceFile[] = [];
  for (const name of names) files.push(await SourceFile.read(name));
  return setupOf(files, options);
}

export function setupOf(files: SourceFile[], options: ReadOptions = {}): Setup {
  const { pluginName, mount = [], asWritten = false } = options;
  const setup: Setup = {
    files: [...files],
    ...{
      gates: [],
      middlewares: [],
      routers: [],
      services: [],
      statics: [],
      fleets: [],
      realms: [],
      releases: [],
      remarks: [],
    },
  };
  const trees = files.flatMap((file) =>
    read(file, setup, asWritten).map((tree) => ({ file, tree })),
  );
  // Static configuration first: it says which plugin is which.
  for (const { file, tree } of trees) {
    const place = { ...tree.place, end: tree.place.start };
    if (isStatic(tree)) setup.statics.push({ tree, source: file, place });
    setup.releases.push(...releasesIn(tree));
    if (isHelmValues(tree)) readValues(tree, file, setup);
    for (const { value, keyPlace } of isManifest(tree) ? [] : entriesAt(tree, "services")) {
      const flags = treeOfFlags(valueAt(value, "command"));
      if (!flags) continue;
      const made = { tree: flags, source: file, place: keyPlace };
      setup.statics.push(made);
      setup.fleets.push(...fleetOfService(value, made));
    }
    for (const container of containersOf(tree)) {
      const flags = treeOfFlags(valueAt(container, "args"));
      if (!flags) continue;
      const made = { tree: flags, source: file, place: flags.place };
      setup.statics.push(made);
      setup.fleets.push(...fleetOfManifest(tree, container, made));
    }
  }
  const modules = setup.statics.flatMap((it) => pluginsOf(it).filter(isRolegateModule));
  const names = new Set(modules.map(({ key }) => key.toLowerCase()));
  const isRolegate: IsRolegate = (plugin, body) =>
    pluginName !== undefined
      ? plugin === pluginName
      : names.has(plugin.toLowerCase()) || /rolegate/i.test(plugin) || isRolegateBlock(body);
  setup.realms = trees.flatMap(({ tree }) => realmsIn(tree));
  for (const { tree } of trees) collect(tree, isRolegate, setup);
  unfold(setup);
  setup.gates = setup.gates.map((gate) => withConfigFile(gate, setup, mount));
  return setup;
}

function readValues(values: Tree, file: SourceFile, setup: Setup): void {
  const tree = treeOfValues(values);
  if (tree) {
    const made = { tree, source: file, place: tree.place };
    setup.statics.push(made);
    setup.fleets.push(...fleetOfValues(values, made));
  }
  setup.releases.push(...releasesInValues(values));
  const unstored = pluginWithoutStorage(values);
  if (unstored) {
    const message = `without experimental.plugins the chart mounts nothing at /plugins-storage for ${unstored.key}`;
    setup.remarks.push({ code: "plugin_storage_missing", message, place: unstored.keyPlace });
  }
  for (const { keyPlace, value } of droppedSettings(values, tree)) {
    const keys = value.kind === "map" ? value.entries.map(({ key }) => key) : [];
    const message = `the chart drops ${keys.join(" and ")}: the plugin gets neither folder nor variable`;
    setup.remarks.push({ code: "settings_dropped", message, place: keyPlace });
  }
}

function read(file: SourceFile, setup: Setup, asWritten: boolean): Tree[] {
  const { trees, remarks } = treesOf(file, asWritten);
  setup.remarks.push(...remarks);
  return trees.flatMap((tree) => {
    const inside = withInside(tree);
    setup.remarks.push(...inside.remarks);
    return inside.trees;
  });
}

function collect(tree: Tree, isRolegate: IsRolegate, setup: Setup): void {
  if (isManifest(tree)) return readManifest(tree, isRolegate, setup);
  if (valueAt(tree, "http") !== undefined) {
    readDynamic(tree, { provider: "file", form: "file" }, isRolegate, setup);
  }
  const containers = composeLabels(tree);
  // Traefik merges the labels of all containers.
  for (const { provider, service: container, labels, place } of containers) {
    const made = treeOfLabels(labels, place);
    const services = entriesAt(made, "http", "services").map(({ key }) => key);
    const service = services.length === 1 ? services[0]! : container;
    readDynamic(made, { provider, form: "labels", service }, isRolegate, setup);
    for (const [one, other] of caseTwins(labels)) {
      const message = `differs from ${one.key} only in case: Traefik makes one of them`;
      setup.remarks.push({ code: "label_case", message, place: other.keyPlace });
    }
  }
  if (isBlock(tree)) {
    const block: Middleware = {
      ...{ name: "block", provider: "block", type: "plugin", plugin: "rolegate" },
      body: tree,
      place: tree.place,
    };
    setup.middlewares.push(block);
    setup.gates.push(gateOf(block, "file"));
  }
}

/** True if it has only the plugin's own keys. */
function isBlock(tree: Tree): boolean {
  const isOther = ["http", "services", "entryPoints", "providers", "experimental"].some(
    (key) => valueAt(tree, key) !== undefined,
  );
  return !isOther && ["issuer", "issuers", "rules"].some((key) => valueAt(tree, key) !== undefined);
}

const DEPTH = 10;

/** Adds chains' and entry points' middlewares to the routers. */
function unfold(setup: Setup): void {
  const chains = new Map(
    setup.middlewares
      .filter(({ type }) => type === "chain")
      .map((it) => {
        const list = it.members ?? textsAt(it.body, "middlewares", isLabels(it.provider));
        return [qualified(it), list.map((name) => withProvider(name, it))] as const;
      }),
  );
  const flat = (name: string, depth: number): string[] => {
    const chain = depth < DEPTH ? chains.get(name) : undefined;
    return chain ? chain.flatMap((it) => flat(it, depth + 1)) : [name];
  };
  const ofEntryPoints = setup.statics.flatMap(({ tree }) =>
    entriesAt(tree, "entryPoints").map(({ key, value }) => ({
      entryPoint: key,
      middlewares: textsIn(valueAt(value, "http", "middlewares"), true),
    })),
  );
  for (const router of setup.routers) {
    const before = ofEntryPoints
      .filter(({ entryPoint }) => {
        return router.entryPoints.length === 0 || router.entryPoints.includes(entryPoint);
      })
      .flatMap(({ middlewares }) => middlewares);
    const named = [
      ...before,
      ...router.middlewares.map((text) => ({ text, place: router.middlewarePlaces.get(text)! })),
    ];
    const all = named.flatMap(({ text, place }) =>
      flat(text, 0).map((name) => [name, place] as const),
    );
    router.middlewares = all.map(([name]) => name);
    router.middlewarePlaces = new Map(all);
  }
}

function withProvider(name: string, { provider }: Middleware): string {
  return name.includes("@") ? name : `${name}@${provider}`;
}

export function loadsRolegate({ statics }: Setup): boolean {
  return statics.some((it) => pluginsOf(it).some(isRolegateModule));
}

/** Lists the plugins that exist: one of them may be it. */
export function noMiddleware({ middlewares }: Setup): CliError {
  const others = middlewares.flatMap((it) => (it.plugin ? `${qualified(it)} (${it.plugin})` : []));
  return new CliError(
    "no_middleware",
    "there is no Rolegate middleware in these files",
    others.length > 0
      ? `there are others: ${others.join(", ")}; --plugin-name NAME takes the plugin of that name`
      : "it is a middleware of type plugin whose plugin has rolegate in its name; --plugin-name NAME takes another",
  );
}

/** The one gate that a command is about. */
export function gateNamed(setup: Setup, name?: string) {
  const { gates } = setup;
  const unreadable = setup.remarks.find(({ code }) => UNREAD.includes(code));
  if (unreadable) {
    const { line, column } = unreadable.place.file.position(unreadable.place.start);
    throw new CliError(
      "file_unreadable",
      `${unreadable.place.file.name}:${line}:${column}: ${unreadable.message}`,
    );
  }
  const names = gates.map(qualified);
  if (gates.length === 0) throw noMiddleware(setup);
  const found =
    name === undefined ? gates : gates.filter((it) => it.name === name || qualified(it) === name);
  const protecting = found.filter(({ mode }) => mode === "protect");
  const chosen = found.length > 1 && protecting.length > 0 ? protecting : found;
  if (chosen.length === 1) return chosen[0]!;
  throw new CliError(
    name === undefined ? "several_middlewares" : "no_middleware",
    name === undefined
      ? `there are ${chosen.length} Rolegate middlewares in these files`
      : `there is no one Rolegate middleware named ${name}`,
    `say which with --middleware: ${names.join(", ")}`,
  );
}
