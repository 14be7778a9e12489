/**
 * What Traefik's Helm chart says of values. Its schema stands in no package, so here are the keys that it has in all of its
 * releases that install Traefik 3.3 or later, 34.0 to 41.3 (looked up there; `logs`, for one, is `log` from 41 on, and a chart refuses what it does
 * not know). What the chart hands on as it is, is held to Kubernetes' schemas.
 */
import { manifestErrors } from "./kubernetes-schema.ts";

type Shape =
  "boolean" | "text" | "number" | { list: "text" | "EnvVar" | "Volume" | "VolumeMount" } | Keys;
interface Keys {
  keys: Record<string, Shape>;
}

const CHART: Keys = {
  keys: {
    providers: {
      keys: {
        kubernetesCRD: {
          keys: {
            enabled: "boolean",
            allowExternalNameServices: "boolean",
            allowCrossNamespace: "boolean",
          },
        },
      },
    },
    experimental: {
      keys: { plugins: { keys: { rolegate: { keys: { moduleName: "text", version: "text" } } } } },
    },
    podSecurityContext: { keys: { fsGroup: "number" } },
    additionalArguments: { list: "text" },
    env: { list: "EnvVar" },
    deployment: { keys: { replicas: "number", additionalVolumes: { list: "Volume" } } },
    additionalVolumeMounts: { list: "VolumeMount" },
  },
};

interface Values {
  deployment?: { additionalVolumes?: { name: string }[] };
  additionalVolumeMounts?: { name: string }[];
}

/** Nothing: every chart takes them. */
export function chartErrors(values: object): string[] {
  const { deployment, additionalVolumeMounts } = values as Values;
  const volumes = new Set((deployment?.additionalVolumes ?? []).map(({ name }) => name));
  const lost = (additionalVolumeMounts ?? []).filter(({ name }) => !volumes.has(name));
  return [
    ...errorsIn(values, CHART, ""),
    ...lost.map(({ name }) => `/additionalVolumeMounts: no volume ${name}`),
  ];
}

function errorsIn(value: unknown, shape: Shape, path: string): string[] {
  if (shape === "boolean") return typeof value === "boolean" ? [] : [`${path}: a boolean`];
  if (shape === "number") return typeof value === "number" ? [] : [`${path}: a number`];
  if (shape === "text") return typeof value === "string" ? [] : [`${path}: a text`];
  if ("list" in shape) {
    const { list } = shape;
    if (!Array.isArray(value)) return [`${path}: a list`];
    return value.flatMap((item: object, i) =>
      list === "text"
        ? errorsIn(item, list, `${path}/${i}`)
        : manifestErrors(item, list).map((error) => `${path}/${i}${error}`),
    );
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return [`${path}: a map`];
  return Object.entries(value).flatMap(([key, it]) => {
    const inner = shape.keys[key];
    return inner ? errorsIn(it, inner, `${path}/${key}`) : [`${path}/${key}: not in every chart`];
  });
}
