/** For Traefik's file provider: static and dynamic configuration, the plugin, and the session's secret. */
import { stringify } from "yaml";
import { type Answers, hostOf, isTls } from "./answers.ts";
import {
  blockOf,
  BUFFERING,
  KEYS_INTERVAL,
  LOGIN_PATHS,
  NAMES,
  providerOrigin,
  SECRET_FILE,
  type Tree,
} from "./block.ts";
import { sessionSecret, stateFolder } from "./local-plugin.ts";
import { pluginSource } from "./plugin-source.ts";
import type { Plan } from "./planned.ts";

export function filePlan(answers: Answers): Plan {
  return {
    files: [
      { path: "traefik.yml", content: staticYaml(answers) },
      { path: "dynamic.yml", content: dynamicYaml(answers) },
      ...(answers.signIn ? [sessionSecret()] : [stateFolder()]),
      ...pluginSource(answers).files,
    ],
    next: [
      ...(answers.signIn && answers.clientSecret
        ? ["export CLIENT_SECRET=…    # the client's secret, from the provider"]
        : []),
      ...(isTls(answers)
        ? [
            "# certificates: dynamic.yml, tls.certificates, or a certificatesResolver in traefik.yml",
          ]
        : []),
      "traefik --configFile=traefik.yml",
    ],
  };
}

/** The port of the public address; without TLS it is this machine's own. */
export function publicPort({ publicUrl }: Answers): string {
  const { port, protocol } = new URL(publicUrl);
  return port || (protocol === "https:" ? "443" : "80");
}

export const entryPointOf = (answers: Answers) => (isTls(answers) ? "websecure" : "web");

function staticYaml(answers: Answers): string {
  const { keysPort, signIn, clientSecret } = answers;
  const envs = signIn && clientSecret ? "\n        envs: [CLIENT_SECRET]" : "";
  const { section, keys } = pluginSource(answers);
  const source = Object.entries(keys).map(([key, value]) => `      ${key}: ${value}`);
  return `# Traefik's static configuration, made by \`rolegate init\`.
entryPoints:
  ${entryPointOf(answers)}:
    address: ":${publicPort(answers)}"
  # For this machine only: Traefik's own health check has the provider's keys fetched here.
  ${NAMES.entryPoint}:
    address: "127.0.0.1:${keysPort}"
providers:
  file:
    filename: dynamic.yml
log:
  level: INFO # the audit is written at this level
experimental:
  abortOnPluginFailure: true # without it, a plugin that does not load leaves routes unprotected
  ${section}:
    ${NAMES.plugin}:
${source.join("\n")}
      settings:
        mounts: ["./state:/state"]${envs}
`;
}

function dynamicYaml(answers: Answers): string {
  const { signIn, service, keysPort } = answers;
  const host = `Host(\`${hostOf(answers)}\`)`;
  const tls = isTls(answers) ? ", tls: {}" : "";
  const entry = `entryPoints: [${entryPointOf(answers)}]`;
  const block = blockOf(answers, { session: `file:${SECRET_FILE}`, client: "env:CLIENT_SECRET" });
  return `# Traefik's dynamic configuration, made by \`rolegate init\`.
http:
  routers:
    app: { rule: "${host}", ${entry}, service: app, middlewares: [${NAMES.protect}]${tls} }
${
  signIn
    ? `    # The plugin's own paths. Never put retry here: it would send a code twice.
    login: { rule: "${host} && ${LOGIN_PATHS}", ${entry}, service: provider, middlewares: [${NAMES.login}, ${NAMES.buffering}]${tls} }
`
    : ""
}    keys: { rule: "Path(\`/oidc/keys\`)", entryPoints: [${NAMES.entryPoint}], service: provider, middlewares: [${NAMES.keys}] }
    # Only so that its service, and with it the health check, exists.
    tick: { rule: "Path(\`/oidc/tick\`)", entryPoints: [${NAMES.entryPoint}], service: ${NAMES.tick} }
  services:
    app: { loadBalancer: { servers: [{ url: ${quote(service)} }] } }
    provider:
      loadBalancer: { passHostHeader: false, serversTransport: provider, servers: [{ url: ${quote(providerOrigin(answers))} }] }
    ${NAMES.tick}:
      loadBalancer:
        servers: [{ url: "http://127.0.0.1:${keysPort}" }]
        healthCheck: { path: /oidc/keys, interval: ${KEYS_INTERVAL} }
  serversTransports:
    provider: { forwardingTimeouts: { responseHeaderTimeout: 10s } }
  middlewares:
    ${NAMES.protect}:
      plugin:
        ${NAMES.plugin}: &rolegate
${indented(block, 10)}
${
  signIn
    ? `    ${NAMES.login}:
      plugin:
        ${NAMES.plugin}: { <<: *rolegate, mode: login }
    ${NAMES.buffering}: { buffering: { ${Object.entries(BUFFERING)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ")} } }
`
    : ""
}    ${NAMES.keys}:
      plugin:
        ${NAMES.plugin}: { <<: *rolegate, mode: keys }
`;
}

const quote = (text: string) => JSON.stringify(text);

function indented(tree: Tree, spaces: number): string {
  const text = stringify(tree, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
  return text.replace(/^(?=.)/gm, " ".repeat(spaces));
}
