/**
 * Kubernetes' own routes, as Traefik reads them: Ingress by its annotations, HTTPRoute by its
 * filters.
 */
import type { Place } from "./file.ts";
import type { Router, Setup } from "./model.ts";
import { textAt, textsIn, type Tree, valueAt } from "./tree.ts";

/** They name middlewares and services of Traefik's own kinds. */
const OF = "kubernetescrd";
const items = (tree: Tree | undefined) => (tree?.kind === "list" ? tree.items : []);

const hostRule = (hosts: string[]) =>
  hosts.length > 1
    ? `(${hosts.map((host) => `Host(\`${host}\`)`).join(" || ")})`
    : hosts.map((host) => `Host(\`${host}\`)`).join("");
const ruleOf = (hosts: string[], path: string | undefined, isExact: boolean) =>
  [hostRule(hosts), path === undefined ? "" : `${isExact ? "Path" : "PathPrefix"}(\`${path}\`)`]
    .filter(Boolean)
    .join(" && ");

/** Nothing is known about another controller's Ingress. */
export function readIngress(name: string, namespace: string, tree: Tree, setup: Setup): void {
  const annotations = valueAt(tree, "metadata", "annotations");
  const named = textsIn(
    valueAt(annotations, "traefik.ingress.kubernetes.io/router.middlewares"),
    true,
  );
  const ofClass =
    textAt(tree, "spec", "ingressClassName") ?? textAt(annotations, "kubernetes.io/ingress.class");
  if (ofClass === undefined ? named.length === 0 : !/traefik/i.test(ofClass)) return;
  const entryPoints = textsIn(
    valueAt(annotations, "traefik.ingress.kubernetes.io/router.entrypoints"),
    true,
  ).map(({ text }) => text);
  items(valueAt(tree, "spec", "rules")).forEach((rule, index) => {
    const host = textAt(rule, "host");
    for (const path of items(valueAt(rule, "http", "paths"))) {
      const service = textAt(path, "backend", "service", "name") ?? "";
      setup.routers.push({
        ...routerOf(`${namespace}-${name}[${index}]`, named, path.place),
        ...{ provider: "kubernetes", entryPoints, service: `${namespace}-${service}@${OF}` },
        rule: ruleOf(
          host === undefined ? [] : [host],
          textAt(path, "path"),
          textAt(path, "pathType") === "Exact",
        ),
      });
    }
  });
}

/** An HTTPRoute that names a middleware of Traefik's is Traefik's, with all of its rules. */
export function readHttpRoute(name: string, namespace: string, spec: Tree, setup: Setup): void {
  const hosts = textsIn(valueAt(spec, "hostnames")).map(({ text }) => text);
  const routers = items(valueAt(spec, "rules")).flatMap((rule, index): Router[] => {
    const named = items(valueAt(rule, "filters")).flatMap((filter) => {
      const it = valueAt(filter, "extensionRef");
      const isOne = textAt(it, "group") === "traefik.io" && textAt(it, "kind") === "Middleware";
      const [at] = textsIn(valueAt(it, "name"));
      return isOne && at ? [{ text: `${namespace}-${at.text}@${OF}`, place: at.place }] : [];
    });
    const [backend] = items(valueAt(rule, "backendRefs"));
    const service = `${namespace}-${textAt(backend, "name") ?? ""}@${OF}`;
    const matches = items(valueAt(rule, "matches"));
    return (matches.length > 0 ? matches : [rule]).map((match) => ({
      ...routerOf(`${namespace}-${name}[${index}]`, named, match.place),
      ...{ provider: "kubernetesgateway", entryPoints: [], service },
      rule: ruleOf(
        hosts,
        textAt(match, "path", "value") ?? "/",
        textAt(match, "path", "type") === "Exact",
      ),
    }));
  });
  if (routers.some(({ middlewares }) => middlewares.length > 0)) setup.routers.push(...routers);
}

function routerOf(name: string, named: { text: string; place: Place }[], place: Place) {
  return {
    ...{ name, place, middlewares: named.map(({ text }) => text) },
    // An Ingress says it by annotations and entry points, a Gateway by its listeners.
    hasTls: true,
    middlewarePlaces: new Map(named.map(({ text, place: at }) => [text, at])),
  };
}
