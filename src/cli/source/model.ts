/** What is found in Traefik's files: the plugin's middlewares, the routers around them, and static configuration. */
import type { Delivered, Form } from "./deliver.ts";
import type { Place, SourceFile } from "./file.ts";
import type { Release } from "./traefik-release.ts";
import type { MapTree, Tree } from "./tree.ts";

/** As in `name@provider`; `block`: a file that holds nothing but the plugin's block. */
export type Provider =
  ("file" | "docker" | "swarm" | "block") | ("kubernetescrd" | "kubernetes" | "kubernetesgateway");

export const isLabels = (provider: Provider) => provider === "docker" || provider === "swarm";

export interface Middleware {
  name: string;
  provider: Provider;
  /** What it is: `buffering`, `retry`, `plugin`, and so on. */
  type: string;
  /** Of a plugin: its name in the static configuration. */
  plugin?: string;
  /** Of the kind: what stands below `type`, or below the plugin's name. */
  body: Tree;
  place: Place;
  /** Of a chain whose members are no texts. */
  members?: string[];
}

/** One of Rolegate's. */
export interface Gate extends Middleware {
  form: Form;
  delivered: Delivered;
  /** As `mode` says; protect when it does not. */
  mode: string;
  /** Of the file that `configFile` names; `body` has its keys then. */
  content?: unknown;
  /** Why that file could not be looked into. */
  unread?: string;
}

export interface Router {
  name: string;
  provider: Provider;
  rule: string;
  service: string;
  entryPoints: string[];
  /** Whether it says so itself, or nothing here tells. */
  hasTls: boolean;
  /** `name@provider`, in their order, chains unfolded, those of entry points first. */
  middlewares: string[];
  /** Where each of them is named. */
  middlewarePlaces: Map<string, Place>;
  place: Place;
}

export interface Static {
  tree: Tree;
  place: Place;
  /** From a file, or from a container's command. */
  source: SourceFile;
}

/** What stands about the plugin in static configuration. */
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

/** Something in the files that is a finding by itself. */
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
  /** Of Keycloak. */
  realms: Tree[];
  /** Which Traefik it is for. */
  releases: Release[];
  remarks: Remark[];
}

export const qualified = ({ name, provider }: { name: string; provider: Provider }) =>
  `${name}@${provider}`;

export type { MapTree };
