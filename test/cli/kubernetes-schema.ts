/**
 * What a cluster says of a manifest: Traefik's own kinds against its CRDs (chart 39.0.8, Traefik 3.6), Kubernetes' own
 * against its OpenAPI description. Like `kubectl apply`, it refuses fields that a schema does not have.
 */
import { validate as deployment } from "kubernetes-models/_schemas/IoK8sApiAppsV1Deployment";
import { validate as envVar } from "kubernetes-models/_schemas/IoK8sApiCoreV1EnvVar";
import { validate as secret } from "kubernetes-models/_schemas/IoK8sApiCoreV1Secret";
import { validate as service } from "kubernetes-models/_schemas/IoK8sApiCoreV1Service";
import { validate as volume } from "kubernetes-models/_schemas/IoK8sApiCoreV1Volume";
import { validate as volumeMount } from "kubernetes-models/_schemas/IoK8sApiCoreV1VolumeMount";
import { validate as networkPolicy } from "kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy";
// By their path: the package shows its classes alone, and those copy what they are given.
// @ts-expect-error: there are no types for it
import { validate as ingressRoute } from "../../node_modules/@kubernetes-models/traefik/_schemas/TraefikIoV1alpha1IngressRoute.js";
// @ts-expect-error: there are no types for it
import { validate as middleware } from "../../node_modules/@kubernetes-models/traefik/_schemas/TraefikIoV1alpha1Middleware.js";

/** Compiled by Ajv: asks its argument for each property that the schema has. */
interface Validate {
  (data: unknown): boolean;
  errors?: { instancePath: string; message?: string; keyword: string; params: unknown }[] | null;
}

const SCHEMAS: Record<string, Validate> = {
  "apps/v1 Deployment": deployment as Validate,
  "v1 Secret": secret as Validate,
  "v1 Service": service as Validate,
  "networking.k8s.io/v1 NetworkPolicy": networkPolicy as Validate,
  "traefik.io/v1alpha1 IngressRoute": ingressRoute as Validate,
  "traefik.io/v1alpha1 Middleware": middleware as Validate,
  // Parts that Traefik's chart hands on as they are.
  EnvVar: envVar as Validate,
  Volume: volume as Validate,
  VolumeMount: volumeMount as Validate,
};

/** Below these, CRDs keep what they do not know (`x-kubernetes-preserve-unknown-fields`). */
const OPEN = /^\/spec\/plugin\/[^/]+\//;

/** What is wrong with a manifest, or with a part named by `schema`; nothing: a cluster would take it. */
export function manifestErrors(manifest: object, schema?: string): string[] {
  const { apiVersion, kind } = manifest as { apiVersion?: string; kind?: string };
  const name = schema ?? `${apiVersion} ${kind}`;
  const validate = SCHEMAS[name];
  if (!validate) return [`no schema for ${name}`];
  const asked = new Set<string>();
  validate(recorded(manifest, "", asked));
  const wrong = (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`,
  );
  const unknown = pathsOf(manifest, "")
    .filter((path) => !asked.has(path) && !OPEN.test(path))
    .map((path) => `${path}: unknown field`);
  return [...wrong, ...unknown];
}

/** The same value, but it notes by its path which property somebody asks for. */
function recorded(value: unknown, path: string, asked: Set<string>): unknown {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || typeof found === "function") return found;
      asked.add(`${path}/${key}`);
      return recorded(found, `${path}/${key}`, asked);
    },
  });
}

function pathsOf(value: unknown, path: string): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, it]) => [
    `${path}/${key}`,
    ...pathsOf(it, `${path}/${key}`),
  ]);
}
