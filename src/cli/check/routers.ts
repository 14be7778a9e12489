/** Finds ways around the middleware, and middlewares that do not work together with it. */
import { type Place, unknownsIn } from "../source/file.ts";
import { type Gate, isLabels, qualified, type Router, type Setup } from "../source/model.ts";
import { loadsRolegate } from "../source/setup.ts";
import { finding, type Finding } from "./finding.ts";
import { hostsOf, isCatchAll } from "./rule-text.ts";

/** Types that redirect the client: such a router shows nothing of the application. */
const REDIRECTS = new Set(["redirectscheme", "redirectregex"]);
const PATH_CHANGERS = new Set([
  ...["stripprefix", "stripprefixregex", "addprefix", "replacepath", "replacepathregex"],
]);
const AUTHENTICATION = new Set(["basicauth", "digestauth", "forwardauth"]);

export function checkRouters(setup: Setup): Finding[] {
  if (setup.routers.length === 0) return [];
  const gates = new Map(setup.gates.map((gate) => [qualified(gate), gate]));
  const isGuarded = (router: Router) => router.middlewares.some((name) => gates.has(name));
  const guarded = setup.routers.filter(isGuarded);
  // Sign-in and the fetcher of keys lead to the provider, which is reachable in other ways too;
  // others lead to the store.
  const leadsAway = ({ middlewares }: Router) =>
    middlewares.some((name) => ["login", "keys", "store"].includes(gates.get(name)?.mode ?? ""));
  const protecting = guarded.filter((router) => !leadsAway(router));
  return [
    ...unused(setup, isGuarded),
    ...unknown(setup),
    ...(protecting.length > 0 ? bypasses(setup, protecting, isGuarded) : []),
    ...guarded.flatMap((router) => neighbours(router, setup)),
  ];
}

/**
 * If none of those that protect is used and an application has a router, it is unprotected: an
 * error. Files without an application's router, such as those that `migrate` writes, are completed
 * elsewhere.
 */
function unused({ gates, routers }: Setup, isGuarded: (it: Router) => boolean): Finding[] {
  const used = new Set(routers.flatMap(({ middlewares }) => middlewares));
  const protects = ({ mode }: Gate) => mode === "protect" || mode === "auth";
  const leadsToApplication = (router: Router) =>
    !isGuarded(router) &&
    !router.service.endsWith("@internal") &&
    (hostsOf(router.rule).length > 0 || isCatchAll(router.rule));
  const isOpen =
    routers.some(leadsToApplication) &&
    !gates.some((gate) => protects(gate) && used.has(qualified(gate)));
  return gates
    .filter((gate) => gate.provider !== "block" && !used.has(qualified(gate)))
    .map((gate) => {
      const message = `no router in these files uses ${qualified(gate)}`;
      const about = { middleware: qualified(gate) };
      const found = finding("middleware_unused", message, gate.place, about);
      return isOpen && protects(gate) ? { ...found, severity: "error" as const } : found;
    });
}

/** Unknown middlewares of providers that these files have: others may be in other files. */
function unknown(setup: Setup): Finding[] {
  const { middlewares, routers } = setup;
  const known = new Set(middlewares.map(qualified));
  const providers = new Set(middlewares.map(({ provider }) => provider as string));
  // With Traefik itself among the files, all containers are there.
  const isWhole = loadsRolegate(setup);
  const isHere = (name: string, { provider }: Router) => {
    const of = name.slice(name.lastIndexOf("@") + 1);
    return providers.has(of) || (isWhole && isLabels(provider) && of === provider);
  };
  return routers.flatMap((router) =>
    router.middlewares
      .filter((name) => !known.has(name) && isHere(name, router))
      .filter((name) => unknownsIn(placeOn(router, name)).length === 0)
      .map((name) =>
        finding(
          "middleware_unknown",
          `router ${qualified(router)} names ${name}, which is not in these files`,
          placeOn(router, name),
        ),
      ),
  );
}

function bypasses(
  setup: Setup,
  protecting: Router[],
  isGuarded: (it: Router) => boolean,
): Finding[] {
  const types = new Map(setup.middlewares.map((it) => [qualified(it), it.type.toLowerCase()]));
  const services = new Set(protecting.map(({ service }) => service));
  const hosts = new Set(protecting.flatMap(({ rule }) => hostsOf(rule)));
  return setup.routers.flatMap((router) => {
    const { service, rule, place } = router;
    if (isGuarded(router) || service.endsWith("@internal")) return [];
    if (router.middlewares.some((name) => REDIRECTS.has(types.get(name) ?? ""))) return [];
    const name = qualified(router);
    if (services.has(service)) {
      return [
        finding("router_unprotected", `router ${name} leads to ${service} without Rolegate`, place),
      ];
    }
    const shared = hostsOf(rule).filter((host) => hosts.has(host));
    if (shared.length > 0) {
      const message = `router ${name} is for ${shared.join(", ")} as well, without Rolegate`;
      return [finding("host_shared", message, place)];
    }
    if (isCatchAll(rule)) {
      return [finding("catch_all", `router ${name} takes every host, without Rolegate`, place)];
    }
    return [];
  });
}

/** The place where a router names a middleware. */
export function placeOn({ middlewarePlaces, place }: Router, name: string): Place {
  return middlewarePlaces.get(name) ?? place;
}

/** Checks the other middlewares on a gate's router. */
function neighbours(router: Router, setup: Setup): Finding[] {
  const all = new Map(setup.middlewares.map((it) => [qualified(it), it]));
  const gates = new Map(setup.gates.map((gate) => [qualified(gate), gate]));
  const at = router.middlewares.findIndex((name) => gates.has(name));
  const gate = gates.get(router.middlewares[at]!)!;
  const about = { middleware: qualified(gate) };
  const name = qualified(router);
  return router.middlewares.flatMap((other, index) => {
    const type = all.get(other)?.type.toLowerCase() ?? "";
    const place = placeOn(router, other);
    if (index < at && PATH_CHANGERS.has(type)) {
      const message = `on router ${name}, ${other} changes the path before Rolegate sees it`;
      return [finding("path_changed", message, place, about)];
    }
    if (type === "buffering" && gate.mode === "protect") {
      const message = `on router ${name}, ${other} buffers what the application sends`;
      return [finding("buffering_on_websocket", message, place, about)];
    }
    if (AUTHENTICATION.has(type)) {
      const message = `on router ${name}, ${other} asks for credentials as well`;
      return [finding("double_authentication", message, place, about)];
    }
    return [];
  });
}
