/** For Traefik's Helm chart: values that load the plugin, mount what it needs, and let its audit through. */
import { stringify } from "yaml";
import type { Answers } from "./answers.ts";
import { NAMES } from "./block.ts";
import { kubernetesPlan } from "./kubernetes.ts";
import type { Plan } from "./planned.ts";

export function helmPlan(answers: Answers): Plan {
  const { signIn, clientSecret, keysPort } = answers;
  const flag = `--experimental.localPlugins.${NAMES.plugin}`;
  const hasSecret = signIn && clientSecret;
  const values = {
    providers: { kubernetesCRD: { enabled: true, allowExternalNameServices: true } },
    additionalArguments: [
      // The audit's level. As a flag: values call it `logs.general.level` up to chart 40, and `log.level` from 41 on.
      "--log.level=INFO",
      `--entryPoints.${NAMES.entryPoint}.address=127.0.0.1:${keysPort}`,
      "--experimental.abortOnPluginFailure=true",
      `${flag}.moduleName=rolegate`,
      `${flag}.settings.mounts=/state:/state${signIn ? ",/secret:/secret:ro" : ""}`,
      ...(hasSecret ? [`${flag}.settings.envs=CLIENT_SECRET`] : []),
    ],
    ...(hasSecret
      ? {
          env: [
            {
              name: "CLIENT_SECRET",
              valueFrom: { secretKeyRef: { name: "rolegate-client", key: "CLIENT_SECRET" } },
            },
          ],
        }
      : {}),
    deployment: {
      additionalVolumes: [
        { name: "rolegate-plugin", configMap: { name: "rolegate-plugin" } },
        { name: "rolegate-state", emptyDir: {} },
        ...(signIn ? [{ name: "rolegate-secret", secret: { secretName: "rolegate" } }] : []),
      ],
    },
    additionalVolumeMounts: [
      { name: "rolegate-plugin", mountPath: "/plugins-local/src/rolegate", readOnly: true },
      { name: "rolegate-state", mountPath: "/state" },
      ...(signIn ? [{ name: "rolegate-secret", mountPath: "/secret", readOnly: true }] : []),
    ],
  };
  const rest = kubernetesPlan(answers);
  return {
    files: [
      {
        path: "values.yml",
        content: `# Values for Traefik's chart, made by \`rolegate init\`.\n${stringify(values, { lineWidth: 0 })}`,
      },
      ...rest.files,
    ],
    next: [
      "kubectl create configmap rolegate-plugin --from-file=.traefik.yml --from-file=plugin.wasm    # both from this package",
      ...rest.next.filter((line) => !line.startsWith("# Traefik itself")).slice(0, -1),
      "helm upgrade --install traefik traefik/traefik -f values.yml",
      "kubectl apply -f rolegate.yml",
    ],
  };
}
