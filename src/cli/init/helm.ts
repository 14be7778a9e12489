/**
 * For Traefik's Helm chart: values that load the plugin, mount what it needs, and let its audit log
 * through.
 */
import { stringify } from "yaml";
import type { Answers } from "./answers.ts";
import { NAMES } from "./block.ts";
import { ENGINE_SECRET, engineServiceOf, kubernetesPlan, serviceOf } from "./kubernetes.ts";
import { pluginSource } from "./plugin-source.ts";
import type { Plan } from "./planned.ts";
import { ENGINE_EXAMPLE, variableOf, variablesOf } from "./store.ts";

const HEAD = `# Values for Traefik's chart, made by \`rolegate init\`.
`;

/** The comment about each pod's own folder. */
function stateNote({ signIn, store }: Answers): string {
  const own = "# rolegate-state is each pod's own, and gone with it";
  if (store) return `${own}: what the pods share is in the engine.\n`;
  // Without sign-in several pods share nothing.
  if (!signIn) return `${own}.\n`;
  return `${own}. For several replicas:\n# rolegate init --target helm --replicas 2 ${ENGINE_EXAMPLE}\n`;
}

/**
 * For the first time and every later one; on the server's side, because the annotation of the other
 * way has too little room.
 */
const APPLIED = "--dry-run=client -o yaml | kubectl apply --server-side -f -";

export function helmPlan(answers: Answers): Plan {
  const { keysPort, replicas, signIn, store } = answers;
  const { section, keys, files } = pluginSource(answers);
  const isLocal = section === "localPlugins";
  const flag = `--experimental.${section}.${NAMES.plugin}`;
  const secrets = { CLIENT_SECRET: "rolegate-client", [variableOf(store) ?? ""]: ENGINE_SECRET };
  const variables = variablesOf(answers);
  const isCrossing =
    serviceOf(answers).namespace ?? (store ? engineServiceOf(answers)?.namespace : undefined);
  const values = {
    // The chart makes room for what it downloads, but drops a plugin's settings, so they are flags.
    ...(isLocal ? {} : { experimental: { plugins: { [NAMES.plugin]: keys } } }),
    providers: {
      kubernetesCRD: {
        ...{ enabled: true, allowExternalNameServices: true },
        ...(isCrossing ? { allowCrossNamespace: true } : {}),
      },
    },
    additionalArguments: [
      // The audit's level, as a flag: values name it `logs.general.level` up to chart 40, and
      // `log.level` from 41 on.
      "--log.level=INFO",
      `--entryPoints.${NAMES.entryPoint}.address=127.0.0.1:${keysPort}`,
      "--experimental.abortOnPluginFailure=true",
      ...(isLocal ? [`${flag}.moduleName=${keys.moduleName}`] : []),
      `${flag}.settings.mounts=/state:/state${signIn ? ",/secret:/secret:ro" : ""}`,
      ...(variables.length > 0 ? [`${flag}.settings.envs=${variables.join(",")}`] : []),
    ],
    ...(variables.length > 0
      ? {
          env: variables.map((name) => ({
            name,
            valueFrom: { secretKeyRef: { name: secrets[name], key: name } },
          })),
        }
      : {}),
    deployment: {
      ...(replicas > 1 ? { replicas } : {}),
      additionalVolumes: [
        ...(isLocal ? [{ name: "rolegate-plugin", configMap: { name: "rolegate-plugin" } }] : []),
        { name: "rolegate-state", emptyDir: {} },
        ...(signIn ? [{ name: "rolegate-secret", secret: { secretName: "rolegate" } }] : []),
      ],
    },
    // Kubernetes gives a volume that belongs to root to Traefik, if its kind permits (hostPath does
    // not).
    podSecurityContext: { fsGroup: 65_532 },
    additionalVolumeMounts: [
      ...(isLocal
        ? [{ name: "rolegate-plugin", mountPath: "/plugins-local/src/rolegate", readOnly: true }]
        : []),
      { name: "rolegate-state", mountPath: "/state" },
      ...(signIn ? [{ name: "rolegate-secret", mountPath: "/secret", readOnly: true }] : []),
    ],
  };
  const rest = kubernetesPlan(answers);
  const fromFiles = files.map(({ path }) => `--from-file=${path}`).join(" ");
  return {
    files: [
      {
        path: "values.yml",
        content: `${HEAD}${stateNote(answers)}${stringify(values, { lineWidth: 0 })}`,
      },
      ...files,
      ...rest.files,
    ],
    next: [
      "# all of it in Traefik's namespace",
      ...(isLocal ? [`kubectl create configmap rolegate-plugin ${fromFiles} ${APPLIED}`] : []),
      ...rest.next.filter((line) => !line.startsWith("# Traefik itself")).slice(0, -1),
      "helm upgrade --install traefik traefik/traefik -f values.yml",
      "kubectl apply -f rolegate.yml",
    ],
  };
}
