/** `rolegate check` on Kubernetes' own routes, and chains of Traefik's middlewares there. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check, manifest } from "./checked.ts";

describe("routes of Kubernetes' own", () => {
  const gate = manifest().replace(", nonsense: 1", "");
  const ingress = (annotations: string, more = "") =>
    `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: app, namespace: web, annotations: { ${annotations} } }
spec: { ${more} rules: [{ host: a.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: app, port: { number: 80 } } } }] } }] }
`;
  const USES = "traefik.ingress.kubernetes.io/router.middlewares: web-gate@kubernetescrd";
  const route = (filters: string, name = "r") =>
    `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: web }
spec:
  hostnames: [a.example]
  rules:
    - { filters: [${filters}], matches: [{ path: { type: PathPrefix, value: /app } }], backendRefs: [{ name: app, port: 80 }] }
`;
  const REF =
    "{ type: ExtensionRef, extensionRef: { group: traefik.io, kind: Middleware, name: gate } }";
  const own = (middlewares: string, name = "app") =>
    `---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: ${name}, namespace: web }
spec: { routes: [{ kind: Rule, match: "Host(\`a.example\`)", services: [{ name: app, port: 80 }], middlewares: [${middlewares}] }] }
`;
  const chain = (members: string) =>
    `---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: all, namespace: web }
spec: { chain: { middlewares: [${members}] } }
`;
  const CASES: [name: string, text: string, codes: string[]][] = [
    ["an Ingress that uses it", ingress(USES), []],
    ["an HTTPRoute that uses it", route(REF), []],
    ["an IngressRoute by a chain", chain("{ name: gate }") + own("{ name: all }"), []],
    [
      "a chain of another namespace's",
      chain("{ name: gate, namespace: other }") + own("{ name: all }"),
      ["middleware_unused", "middleware_unknown"],
    ],
    [
      "an Ingress that names another",
      ingress(USES.replace("gate", "gone")),
      ["middleware_unused", "middleware_unknown"],
    ],
    [
      "an Ingress beside, without it",
      own("{ name: gate }") + ingress("a: b", "ingressClassName: traefik,"),
      ["router_unprotected"],
    ],
    [
      "an Ingress of another controller's",
      own("{ name: gate }") + ingress("a: b", "ingressClassName: nginx,"),
      [],
    ],
    ["an Ingress of nobody knows whose", own("{ name: gate }") + ingress("a: b"), []],
    [
      "an HTTPRoute with another middleware, beside",
      own("{ name: gate }") + chain("") + route(REF.replace("name: gate", "name: all")),
      ["router_unprotected"],
    ],
    ["an HTTPRoute of nobody knows whose", own("{ name: gate }") + route(""), []],
  ];
  for (const [name, text, codes] of CASES) {
    test(name, async () => {
      assert.deepEqual((await check(["k.yml", gate + text])).codes, codes);
    });
  }
});
