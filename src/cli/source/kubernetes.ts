/**
 * Kubernetes manifests: Traefik's own kinds, Middleware and IngressRoute; Ingress and HTTPRoute;
 * and lists of them.
 */
import { addMiddleware, type IsRolegate } from "./dynamic.ts";
import { readHttpRoute, readIngress } from "./kubernetes-routes.ts";
import type { Setup } from "./model.ts";
import { textAt, textsAt, type Tree, valueAt } from "./tree.ts";

const PROVIDER = "kubernetescrd";

export function isManifest(tree: Tree): boolean {
  return textAt(tree, "apiVersion") !== undefined && textAt(tree, "kind") !== undefined;
}

export function readManifest(tree: Tree, isRolegate: IsRolegate, setup: Setup): void {
  const kind = textAt(tree, "kind");
  if (kind === "List") {
    const items = valueAt(tree, "items");
    for (const item of items?.kind === "list" ? items.items : []) {
      readManifest(item, isRolegate, setup);
    }
  }
  const namespace = textAt(tree, "metadata", "namespace") ?? "default";
  const name = textAt(tree, "metadata", "name") ?? "";
  const spec = valueAt(tree, "spec");
  if (kind === "Ingress") readIngress(name, namespace, tree, setup);
  if (kind === "HTTPRoute" && spec) readHttpRoute(name, namespace, spec, setup);
  if (!/^traefik\.(io|containo\.us)\//.test(textAt(tree, "apiVersion") ?? "")) return;
  if (kind === "Middleware" && spec?.kind === "map") {
    const place = valueAt(tree, "metadata", "name")?.place ?? tree.place;
    for (const { key: type, value: body } of spec.entries) {
      const it = { name: `${namespace}-${name}`, provider: PROVIDER, type, body, place } as const;
      const list = valueAt(body, "middlewares");
      const members = (list?.kind === "list" ? list.items : []).map((member) =>
        referenceOf(member, namespace),
      );
      addMiddleware({ ...it, members }, "crd", isRolegate, setup);
    }
  }
  if (kind === "IngressRoute") readRoutes(name, namespace, spec, setup);
}

/** `{ name, namespace }`, or a name with its provider. */
function referenceOf(tree: Tree | undefined, namespace: string): string {
  const name = textAt(tree, "name") ?? "";
  if (name.includes("@")) return name;
  return `${textAt(tree, "namespace") ?? namespace}-${name}@${PROVIDER}`;
}

function readRoutes(name: string, namespace: string, spec: Tree | undefined, setup: Setup): void {
  const routes = valueAt(spec, "routes");
  if (routes?.kind !== "list") return;
  routes.items.forEach((route, index) => {
    const list = valueAt(route, "middlewares");
    const named = list?.kind === "list" ? list.items : [];
    const services = valueAt(route, "services");
    const first = services?.kind === "list" ? services.items[0] : undefined;
    const reference = (tree: Tree | undefined) => referenceOf(tree, namespace);
    for (const body of services?.kind === "list" ? services.items : []) {
      const service = reference(body).replace(/@.*$/, "");
      setup.services.push({ name: service, provider: PROVIDER, body });
    }
    setup.routers.push({
      name: routes.items.length > 1 ? `${name}[${index}]` : name,
      provider: PROVIDER,
      rule: textAt(route, "match") ?? "",
      service: reference(first),
      entryPoints: textsAt(spec, "entryPoints"),
      hasTls: valueAt(spec, "tls") !== undefined,
      middlewares: named.map(reference),
      middlewarePlaces: new Map(
        named.map((it) => [reference(it), valueAt(it, "name")?.place ?? it.place]),
      ),
      place: valueAt(route, "match")?.place ?? route.place,
    });
  });
}
