/**
 * Routers, middlewares and services of one tree `http: {…}`: the file provider's, or made from
 * labels.
 */
import { DEFAULTS } from "../defaults.ts";
import { deliver, type Form } from "./deliver.ts";
import type { Gate, Middleware, Provider, Router, Service, Setup } from "./model.ts";
import { misspeltIn } from "./names.ts";
import { entriesAt, entryOf, textAt, textsAt, textsIn, type Tree, valueAt } from "./tree.ts";

/** Tells which plugin names are Rolegate's. */
export type IsRolegate = (plugin: string, body: Tree) => boolean;

export interface Origin {
  provider: Provider;
  form: Form;
  /** The target of a router without a service: in labels the container. */
  service?: string;
}

export function readDynamic(
  tree: Tree,
  origin: Origin,
  isRolegate: IsRolegate,
  setup: Setup,
): void {
  const { provider, form } = origin;
  for (const { name, meant, place } of misspeltIn(tree)) {
    const message = `${name} is unknown to Traefik; did you mean ${meant}?`;
    setup.remarks.push({ code: "field_unknown", message, place });
  }
  for (const { key: name, value, keyPlace } of entriesAt(tree, "http", "middlewares")) {
    if (value.kind !== "map") continue;
    for (const { key: type, value: body } of value.entries) {
      addMiddleware({ name, provider, type, body, place: keyPlace }, form, isRolegate, setup);
    }
  }
  for (const { key: name, value, keyPlace } of entriesAt(tree, "http", "routers")) {
    setup.routers.push(routerOf(name, value, keyPlace, origin));
  }
  for (const { key: name, value: body } of entriesAt(tree, "http", "services")) {
    setup.services.push({ name, provider, body } satisfies Service);
  }
}

/** A middleware of type `plugin`, one for each plugin's name below it. */
export function addMiddleware(
  middleware: Middleware,
  form: Form,
  isRolegate: IsRolegate,
  setup: Setup,
): void {
  if (middleware.type !== "plugin" || middleware.body.kind !== "map") {
    setup.middlewares.push(middleware);
    return;
  }
  for (const { key: plugin, value: body, keyPlace } of middleware.body.entries) {
    const it = { ...middleware, plugin, body, place: keyPlace };
    setup.middlewares.push(it);
    if (isRolegate(plugin, body)) setup.gates.push(gateOf(it, form));
  }
}

export function gateOf(middleware: Middleware, form: Form): Gate {
  const mode = textAt(middleware.body, "mode") ?? DEFAULTS.mode;
  return { ...middleware, form, delivered: deliver(middleware.body, form), mode };
}

function routerOf(name: string, tree: Tree, place: Router["place"], origin: Origin): Router {
  const { provider, form } = origin;
  const isLabels = form === "labels";
  const named = textsIn(valueAt(tree, "middlewares"), isLabels).map(
    ({ text, place: at }) => [withProvider(text, provider), at] as const,
  );
  return {
    name,
    provider,
    rule: textAt(tree, "rule") ?? "",
    service: withProvider(textAt(tree, "service") ?? origin.service ?? name, provider),
    entryPoints: textsAt(tree, "entryPoints", isLabels),
    hasTls: valueAt(tree, "tls") !== undefined,
    middlewares: named.map(([it]) => it),
    middlewarePlaces: new Map(named),
    // In labels the first name in the alphabet would be a poor place, so the rule's is used.
    place: (isLabels && entryOf(tree, "rule")?.keyPlace) || place,
  };
}

function withProvider(name: string, provider: Provider): string {
  return name.includes("@") ? name : `${name}@${provider}`;
}
