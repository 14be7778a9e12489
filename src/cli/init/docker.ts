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
      `# put your application's image into compose.yml, for your/application; it must listen on port ${portOf(new URL(answers.service))}`,
      ...certificates(
        answers,
        "a certificatesResolver in compose.yml, and tls.certresolver on the routers",
      ),
      "docker compose up",
    ],
  };
}

function composeYaml(answers: Answers): string {
  const entry = entryPointOf(answers);
  const port = publicPort(answers);
  const hasSecret = answers.signIn && answers.clientSecret;
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
    ...(hasSecret ? [`${flag}.settings.envs=CLIENT_SECRET`] : []),
  ];
  const compose = {
    services: {
      traefik: {
        image: "traefik:v3.7",
        command,
        ports: [`${port}:${port}`],
        ...(hasSecret ? { environment: ["CLIENT_SECRET"] } : {}),
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
  const { signIn, keysPort } = answers;
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
  const tick = `traefik.http.services.${NAMES.tick}.loadbalancer`;
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
    "traefik.http.services.app.loadbalancer.server.port": portOf(app),
    ...(app.protocol === "https:"
      ? { "traefik.http.services.app.loadbalancer.server.scheme": "https" }
      : {}),
    ...(signIn || !keysBlock ? leadingTo("provider", loginOrigin) : {}),
    ...(keysBlock ? leadingTo(keysService, keysOrigin) : {}),
    [`${tick}.server.url`]: `http://127.0.0.1:${keysPort}`,
    [`${tick}.healthcheck.path`]: "/oidc/keys",
    [`${tick}.healthcheck.interval`]: KEYS_INTERVAL,
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
