/**
 * For Docker: a compose file whose labels have the configuration. Labels have no anchors, so each
 * middleware has the whole block.
 */
import { stringify } from "yaml";
import { type Answers, hostOf, isTls } from "./answers.ts";
import {
  blockOf,
  BUFFERING,
  KEYS_INTERVAL,
  LOGIN_PATHS,
  NAMES,
  keysBlockOf,
  placesOfAnswers,
  SECRET_FILE,
  type Tree,
} from "./block.ts";
import { certificates, entryPointOf, publicPort } from "./file.ts";
import { sessionSecret, stateFolder } from "./local-plugin.ts";
import { pluginSource } from "./plugin-source.ts";
import { engineHint, folderHint, publicStoreRule, STORE, variablesOf } from "./store.ts";
import type { Plan } from "./planned.ts";

export function dockerPlan(answers: Answers): Plan {
  return {
    files: [
      { path: "compose.yml", content: composeYaml(answers) },
      ...(answers.signIn ? [sessionSecret()] : [stateFolder()]),
      ...pluginSource(answers).files,
    ],
    next: [
      ...(answers.signIn && answers.clientSecret
        ? ["export CLIENT_SECRET=…    # the client's secret, from the provider"]
        : []),
      ...engineHint(answers),
      ...folderHint(answers),
      `# put your application's image into compose.yml, for your/application; it must listen on port ${portOf(new URL(answers.service))}`,
      ...certificates(
        answers,
        "a certificatesResolver in compose.yml, and tls.certresolver on the routers",
      ),
      "docker compose up",
      ...(isScaled(answers)
        ? [
            `docker compose port --index 1 traefik ${publicPort(answers)}    # where each of them listens, for the balancer before them`,
          ]
        : []),
    ],
  };
}

/** On one machine, with one folder; machines of an engine have a compose file each. */
const isScaled = ({ replicas, store }: Answers) => replicas > 1 && store === null;

function composeYaml(answers: Answers): string {
  const entry = entryPointOf(answers);
  const port = publicPort(answers);
  const variables = variablesOf(answers);
  const { section, keys, files } = pluginSource(answers);
  const flag = `--experimental.${section}.${NAMES.plugin}`;
  const command = [
    "--providers.docker=true",
    "--providers.docker.exposedByDefault=false",
    `--entryPoints.${entry}.address=:${port}`,
    `--entryPoints.${NAMES.entryPoint}.address=127.0.0.1:${answers.keysPort}`,
    // The audit is written at this level.
    "--log.level=INFO",
    "--experimental.abortOnPluginFailure=true",
    ...Object.entries(keys).map(([key, value]) => `${flag}.${key}=${value}`),
    `${flag}.settings.mounts=/state:/state`,
    ...(variables.length > 0 ? [`${flag}.settings.envs=${variables.join(",")}`] : []),
  ];
  const compose = {
    services: {
      traefik: {
        image: "traefik:v3.7",
        command,
        // Docker gives each of several a port of its own.
        ports: [isScaled(answers) ? port : `${port}:${port}`],
        ...(isScaled(answers) ? { deploy: { replicas: answers.replicas } } : {}),
        ...(variables.length > 0 ? { environment: variables } : {}),
        volumes: [
          "/var/run/docker.sock:/var/run/docker.sock:ro",
          ...(files.length > 0 ? ["./plugins-local:/plugins-local:ro"] : []),
          "./state:/state",
        ],
      },
      app: { image: "your/application", labels: labelsOf(answers) },
    },
  };
  return `# Made by \`rolegate init\`. Indices of labels are padded, for Traefik sorts them as text.\n${stringify(compose, { lineWidth: 0, defaultStringType: "PLAIN" })}`;
}

/** Where the application listens in its container. */
const portOf = (url: URL) => url.port || (url.protocol === "https:" ? "443" : "80");

/** Compose takes `$` for the beginning of a variable. */
function labelsOf(answers: Answers): string[] {
  return Object.entries(labelMap(answers)).map(
    ([key, value]) => `${key}=${value.replaceAll("$", "$$$$")}`,
  );
}

function labelMap(answers: Answers): Record<string, string> {
  const { signIn, keysPort, store } = answers;
  const app = new URL(answers.service);
  const host = `Host(\`${hostOf(answers)}\`)`;
  const block = blockOf(answers, { session: `file:${SECRET_FILE}`, client: "env:CLIENT_SECRET" });
  const { loginOrigin, keysOrigin } = placesOfAnswers(answers);
  const keysBlock = keysBlockOf(answers);
  const keysService = keysBlock ? NAMES.keysProvider : "provider";
  const middlewares: [string, Tree][] = [
    [NAMES.protect, { mode: "protect", ...block }],
    ...(signIn ? ([[NAMES.login, { mode: "login", ...block }]] as [string, Tree][]) : []),
    [NAMES.keys, keysBlock ?? { mode: "keys", ...block }],
    ...(store ? ([[NAMES.store, { mode: "store", ...block }]] as [string, Tree][]) : []),
  ];
  const router = (name: string, parts: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(parts).map(([key, value]) => [`traefik.http.routers.${name}.${key}`, value]),
    );
  const web = { entrypoints: entryPointOf(answers), ...(isTls(answers) ? { tls: "true" } : {}) };
  const internal = { entrypoints: NAMES.entryPoint };
  const leadingTo = (service: string, origin: string) => ({
    [`traefik.http.services.${service}.loadbalancer.server.url`]: origin,
    [`traefik.http.services.${service}.loadbalancer.passhostheader`]: "false",
  });
  const ticking = (service: string, path: string, interval: string) => {
    const tick = `traefik.http.services.${service}.loadbalancer`;
    return {
      [`${tick}.server.url`]: `http://127.0.0.1:${keysPort}`,
      [`${tick}.healthcheck.path`]: path,
      [`${tick}.healthcheck.interval`]: interval,
    };
  };
  return {
    "traefik.enable": "true",
    ...router("app", { rule: host, service: "app", middlewares: NAMES.protect, ...web }),
    ...(signIn
      ? router("login", {
          rule: `${host} && ${LOGIN_PATHS}`,
          service: "provider",
          middlewares: `${NAMES.login},${NAMES.buffering}`,
          ...web,
        })
      : {}),
    ...router("keys", {
      rule: "Path(`/oidc/keys`)",
      service: keysService,
      middlewares: NAMES.keys,
      ...internal,
    }),
    ...router("tick", { rule: "Path(`/oidc/tick`)", service: NAMES.tick, ...internal }),
    ...(store
      ? {
          ...router("login-store", {
            rule: `${host} && ${publicStoreRule("/oidc")}`,
            service: NAMES.engine,
            middlewares: `${NAMES.login},${NAMES.buffering}`,
            ...web,
          }),
          ...router("store", {
            rule: `Path(\`${STORE.path}\`)`,
            service: NAMES.engine,
            middlewares: `${NAMES.store},${NAMES.buffering}`,
            ...internal,
          }),
          ...router("store-tick", {
            rule: `Path(\`${STORE.tick}\`)`,
            service: NAMES.storeTick,
            ...internal,
          }),
        }
      : {}),
    "traefik.http.services.app.loadbalancer.server.port": portOf(app),
    ...(app.protocol === "https:"
      ? { "traefik.http.services.app.loadbalancer.server.scheme": "https" }
      : {}),
    ...(signIn || !keysBlock ? leadingTo("provider", loginOrigin) : {}),
    ...(keysBlock ? leadingTo(keysService, keysOrigin) : {}),
    ...ticking(NAMES.tick, "/oidc/keys", KEYS_INTERVAL),
    ...(store
      ? {
          ...leadingTo(NAMES.engine, store.origin),
          ...ticking(NAMES.storeTick, STORE.path, STORE.interval),
        }
      : {}),
    ...(signIn
      ? Object.fromEntries(
          Object.entries(BUFFERING).map(([name, value]) => [
            `traefik.http.middlewares.${NAMES.buffering}.buffering.${name.toLowerCase()}`,
            String(value),
          ]),
        )
      : {}),
    ...Object.assign(
      {},
      ...middlewares.map(([name, tree]) =>
        flat(`traefik.http.middlewares.${name}.plugin.${NAMES.plugin}`, tree),
      ),
    ),
  };
}

/** One label for each scalar; all indices have the length of the longest. */
function flat(prefix: string, value: unknown): Record<string, string> {
  if (Array.isArray(value)) {
    const width = Math.max(2, String(value.length - 1).length);
    return Object.assign(
      {},
      ...value.map((item, i) => flat(`${prefix}[${String(i).padStart(width, "0")}]`, item)),
    );
  }
  if (value !== null && typeof value === "object") {
    return Object.assign(
      {},
      ...Object.entries(value as Tree).map(([key, it]) => flat(`${prefix}.${key}`, it)),
    );
  }
  return { [prefix]: String(value) };
}
