/**
 * The content of Traefik's files: the plugin's middlewares, the routers around them, and static
 * configuration.
 */
import type { Delivered, Form } from "./deliver.ts";
import type { Place, SourceFile } from "./file.ts";
import type { Release } from "./traefik-release.ts";
import type { MapTree, Tree } from "./tree.ts";

/** As in `name@provider`; `block`: a file that has only the plugin's block. */
export type Provider =
  ("file" | "docker" | "swarm" | "block") | ("kubernetescrd" | "kubernetes" | "kubernetesgateway");

export const isLabels = (provider: Provider) => provider === "docker" || provider === "swarm";

export interface Middleware {
  name: string;
  provider: Provider;
  /** Its type: `buffering`, `retry`, `plugin`, and so on. */
  type: string;
  /** A plugin's name in the static configuration. */
  plugin?: string;
  /** The content below `type`, or below the plugin's name. */
  body: Tree;
  place: Place;
  /** Members of a chain that are no texts. */
  members?: string[];
}

/** A middleware of Rolegate. */
export interface Gate extends Middleware {
  form: Form;
  delivered: Delivered;
  /** The value of `mode`, or protect without one. */
  mode: string;
  /** The content of the file that `configFile` names; `body` then has its keys. */
  content?: unknown;
  /** Why that file could not be read. */
  unread?: string;
}

export interface Router {
  name: string;
  provider: Provider;
  rule: string;
  service: string;
  entryPoints: string[];
  /** True if it says so itself, or if nothing here decides it. */
  hasTls: boolean;
  /** `name@provider`, in order; chains are unfolded, and those of entry points come first. */
  middlewares: string[];
  /** The place where each is named. */
  middlewarePlaces: Map<string, Place>;
  place: Place;
}

export interface Static {
  tree: Tree;
  place: Place;
  /** A file, or a container's command. */
  source: SourceFile;
}

/** The plugin's settings in the static configuration. */
export interface PluginSettings {
  mounts: string[];
  envs: string[];
  place: Place;
}

export interface Service {
  name: string;
  provider: Provider;
  body: Tree;
}

/** Several Traefiks of one set-up. */
export interface Fleet {
  /** `3 Traefiks`. */
  name: string;
  /** True if they have a folder in common. */
  shares: boolean;
  place: Place;
}

/** A part of the files that is a finding by itself. */
export interface Remark {
  code: string;
  message: string;
  place: Place;
}

export interface Setup {
  files: SourceFile[];
  gates: Gate[];
  middlewares: Middleware[];
  routers: Router[];
  services: Service[];
  statics: Static[];
  fleets: Fleet[];
  /** Keycloak's realms. */
  realms: Tree[];
  /** The Traefik versions that the files name. */
  releases: Release[];
  remarks: Remark[];
}

export const qualified = ({ name, provider }: { name: string; provider: Provider }) =>
  `${name}@${provider}`;

export type { MapTree };
