/** For Kubernetes: Traefik's own kinds, a Secret, and an ExternalName Service for the provider. */
import { stringify } from "yaml";
import { newSecret } from "../secret.ts";
import { type Answers, hostOf, isTls } from "./answers.ts";
import {
  blockOf,
  BUFFERING,
  keysBlockOf,
  KEYS_INTERVAL,
  LOGIN_PATHS,
  NAMES,
  placesOfAnswers,
  type Tree,
} from "./block.ts";
import { certificates, entryPointOf } from "./file.ts";
import type { Plan } from "./planned.ts";
import { publicStoreRule, STORE, variableOf } from "./store.ts";

const API = "traefik.io/v1alpha1";
/**
 * Name of the Secret, which is mounted for the plugin: in the configuration it would be readable in
 * Traefik's API.
 */
const SECRET = "rolegate";
export const ENGINE_SECRET = "rolegate-engine";

export function kubernetesPlan(answers: Answers): Plan {
  const manifests = manifestsOf(answers);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: SECRET },
    stringData: { "session-secret": newSecret() },
  };
  return {
    files: [
      {
        path: "rolegate.yml",
        content: `# Made by \`rolegate init\`.\n${manifests.map((it) => stringify(it, { lineWidth: 0 })).join("---\n")}`,
      },
      ...(answers.signIn
        ? [
            {
              path: "rolegate-secret.yml",
              content: stringify(secret),
              mode: 0o600,
              secret: true as const,
            },
          ]
        : []),
    ],
    next: [
      ...certificates(answers, "tls.secretName or tls.certResolver in rolegate.yml"),
      "# Traefik itself: rolegate init --target helm writes values for its chart",
      ...(answers.signIn ? ["kubectl apply -f rolegate-secret.yml"] : []),
      ...(answers.signIn && answers.clientSecret
        ? [
            "kubectl create secret generic rolegate-client --from-literal=CLIENT_SECRET=…    # in Traefik's namespace",
          ]
        : []),
      ...credential(answers),
      ...application(answers),
      "kubectl apply -f rolegate.yml",
    ],
  };
}

/** The engine's credential, as a Secret. */
function credential({ store }: Answers): string[] {
  const variable = variableOf(store);
  return variable === null
    ? []
    : [
        `kubectl create secret generic ${ENGINE_SECRET} --from-literal=${variable}=…    # docs/operations.md says what it may do in ${store!.kind}`,
      ];
}

/** The application's Service, and its namespace if the address has one: http://wiki.apps.svc:80. */
export function serviceOf({ service }: Answers): { name: string; namespace?: string } {
  const { hostname } = new URL(service);
  return inCluster(hostname) ?? { name: hostname.split(".")[0] || "app" };
}

/** The engine's Service; null: it is outside of the cluster. */
export function engineServiceOf({ store }: Answers): { name: string; namespace?: string } | null {
  const { hostname } = new URL(store!.origin);
  return hostname.includes(".") ? inCluster(hostname) : { name: hostname };
}

function inCluster(hostname: string): { name: string; namespace: string } | null {
  const [, name, namespace] =
    /^([a-z][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)(?:\.svc(?:\..+)?)?$/.exec(hostname) ?? [];
  return name && namespace ? { name, namespace } : null;
}

/** Where the application is looked for, because people name it by an address. */
function application(answers: Answers): string[] {
  const { name, namespace } = serviceOf(answers);
  return [
    namespace
      ? `# the application is the Service ${name} in ${namespace}: Traefik needs providers.kubernetesCRD.allowCrossNamespace`
      : `# the application is the Service ${name} in Traefik's namespace; for another one, --service http://${name}.NAMESPACE:PORT`,
  ];
}

function manifestsOf(answers: Answers): Tree[] {
  const { signIn, service, keysPort, store } = answers;
  const block = blockOf(answers, {
    session: "file:/secret/session-secret",
    client: "env:CLIENT_SECRET",
  });
  const host = `Host(\`${hostOf(answers)}\`)`;
  const app = new URL(service);
  const places = placesOfAnswers(answers);
  const [provider, keysProvider] = [new URL(places.loginOrigin), new URL(places.keysOrigin)];
  const keysBlock = keysBlockOf(answers);
  const portOf = (url: URL) => Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const middleware = (name: string, spec: Tree) => ({
    apiVersion: API,
    kind: "Middleware",
    metadata: { name },
    spec,
  });
  const gate = (name: string, tree: Tree) => middleware(name, { plugin: { [NAMES.plugin]: tree } });
  const mode = (name: string, word: string) => gate(name, { mode: word, ...block });
  const route = (match: string, middlewares: string[], services: Tree[]) => ({
    ...{ match, kind: "Rule" },
    ...(middlewares.length > 0 ? { middlewares: middlewares.map((name) => ({ name })) } : {}),
    services,
  });
  const external = (name: string, hostname: string, port: number) => ({
    ...{ apiVersion: "v1", kind: "Service", metadata: { name } },
    spec: { type: "ExternalName", externalName: hostname, ports: [{ port }] },
  });
  const outside = (service: string, url: URL) => ({
    name: service,
    port: portOf(url),
    scheme: url.protocol.replace(":", ""),
    passHostHeader: false,
  });
  const providerService = outside("rolegate-provider", provider);
  const keysService = keysBlock
    ? outside(`rolegate-${NAMES.keysProvider}`, keysProvider)
    : providerService;
  const scheme = app.protocol === "https:" ? { scheme: "https" } : {};
  const engineUrl = store ? new URL(store.origin) : null;
  const engineInside = store ? engineServiceOf(answers) : null;
  const engine = engineUrl
    ? { ...outside("rolegate-engine", engineUrl), ...engineInside }
    : providerService;
  const ticking = (name: string, path: string, interval: string) => ({
    ...{ name, port: keysPort },
    healthCheck: { path, interval },
  });
  return [
    mode(NAMES.protect, "protect"),
    ...(signIn
      ? [mode(NAMES.login, "login"), middleware(NAMES.buffering, { buffering: BUFFERING })]
      : []),
    keysBlock ? gate(NAMES.keys, keysBlock) : mode(NAMES.keys, "keys"),
    ...(signIn || !keysBlock
      ? [external("rolegate-provider", provider.hostname, portOf(provider))]
      : []),
    ...(keysBlock ? [external(keysService.name, keysProvider.hostname, keysService.port)] : []),
    ...(store ? [mode(NAMES.store, "store")] : []),
    ...(engineUrl && !engineInside
      ? [external("rolegate-engine", engineUrl.hostname, portOf(engineUrl))]
      : []),
    external(NAMES.tick, "localhost", keysPort),
    // Its own, because a Service has one health check.
    ...(store ? [external(NAMES.storeTick, "localhost", keysPort)] : []),
    {
      ...{ apiVersion: API, kind: "IngressRoute", metadata: { name: "rolegate" } },
      spec: {
        entryPoints: [entryPointOf(answers)],
        routes: [
          route(host, [NAMES.protect], [{ ...serviceOf(answers), port: portOf(app), ...scheme }]),
          ...(signIn
            ? [
                route(
                  `${host} && ${LOGIN_PATHS}`,
                  [NAMES.login, NAMES.buffering],
                  [providerService],
                ),
              ]
            : []),
          ...(store
            ? [
                route(
                  `${host} && ${publicStoreRule("/oidc")}`,
                  [NAMES.login, NAMES.buffering],
                  [engine],
                ),
              ]
            : []),
        ],
        ...(isTls(answers) ? { tls: {} } : {}),
      },
    },
    {
      ...{ apiVersion: API, kind: "IngressRoute", metadata: { name: "rolegate-internal" } },
      spec: {
        entryPoints: [NAMES.entryPoint],
        routes: [
          route("Path(`/oidc/keys`)", [NAMES.keys], [keysService]),
          route("Path(`/oidc/tick`)", [], [ticking(NAMES.tick, "/oidc/keys", KEYS_INTERVAL)]),
          ...(store
            ? [
                route(`Path(\`${STORE.path}\`)`, [NAMES.store, NAMES.buffering], [engine]),
                route(
                  `Path(\`${STORE.tick}\`)`,
                  [],
                  [ticking(NAMES.storeTick, STORE.path, STORE.interval)],
                ),
              ]
            : []),
        ],
      },
    },
  ];
}
