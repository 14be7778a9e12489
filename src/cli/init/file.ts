/**
 * For Traefik's file provider: static and dynamic configuration, the plugin, and the session's
 * secret.
 */
import { Document, isScalar, visit } from "yaml";
import { type Answers, hostOf, isTls } from "./answers.ts";
import { blockOf, keysBlockOf, NAMES, placesOfAnswers, SECRET_FILE, type Tree } from "./block.ts";
import { dynamicYaml } from "./dynamic.ts";
import { sessionSecret, stateFolder } from "./local-plugin.ts";
import { pluginSource } from "./plugin-source.ts";
import { engineHint, folderHint, variablesOf } from "./store.ts";
import type { Plan } from "./planned.ts";

export function filePlan(answers: Answers): Plan {
  return {
    files: [
      { path: "traefik.yml", content: staticYaml(answers) },
      { path: "dynamic.yml", content: dynamic(answers) },
      ...(answers.signIn ? [sessionSecret()] : [stateFolder()]),
      ...pluginSource(answers).files,
    ],
    next: [
      ...(answers.signIn && answers.clientSecret
        ? ["export CLIENT_SECRET=…    # the client's secret, from the provider"]
        : []),
      ...engineHint(answers),
      ...folderHint(answers),
      ...copies(answers),
      ...certificates(
        answers,
        "dynamic.yml, tls.certificates, or a certificatesResolver in traefik.yml",
      ),
      "traefik --configFile=traefik.yml",
    ],
  };
}

/** Machines of an engine have these files in common, and nothing that changes. */
const copies = ({ replicas, store }: Answers) =>
  store === null || replicas < 2
    ? []
    : [`# on each of the ${replicas} machines a copy of all of it, state/session-secret included`];

/** Without one Traefik serves a certificate that no browser accepts, and nothing says so. */
export const certificates = (answers: Answers, where: string) =>
  isTls(answers)
    ? [
        `# a certificate for ${hostOf(answers)}, or browsers get Traefik's self-signed one: ${where}`,
      ]
    : [];

/** The port of the public address; without TLS it is a port of this machine. */
export function publicPort({ publicUrl }: Answers): string {
  const { port, protocol } = new URL(publicUrl);
  return port || (protocol === "https:" ? "443" : "80");
}

export const entryPointOf = (answers: Answers) => (isTls(answers) ? "websecure" : "web");

function staticYaml(answers: Answers): string {
  const { keysPort } = answers;
  const names = variablesOf(answers);
  const envs = names.length > 0 ? `\n        envs: [${names.join(", ")}]` : "";
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

/** As the pages of docs/providers have it. */
export function blockYaml(answers: Answers): string {
  return yaml(blockOf(answers, { session: `file:${SECRET_FILE}`, client: "env:CLIENT_SECRET" }));
}

export const yaml = (tree: Tree) => written(new Document(tree, { aliasDuplicateObjects: false }));

/** Lists of texts in one line, as people write them. */
export function written(document: Document): string {
  visit(document, {
    Seq(_, list) {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function dynamic(answers: Answers): string {
  const { loginOrigin, keysOrigin } = placesOfAnswers(answers);
  const keysBlock = keysBlockOf(answers);
  return dynamicYaml({
    head: "# Traefik's dynamic configuration, made by `rolegate init`.",
    service: answers.service,
    entryPoint: entryPointOf(answers),
    isTls: isTls(answers),
    keysPort: answers.keysPort,
    gates: [
      {
        name: NAMES.protect,
        block: blockYaml(answers),
        signIn: answers.signIn,
        fetchesKeys: true,
        host: `Host(\`${hostOf(answers)}\`)`,
        path: "/oidc",
        provider: loginOrigin,
        ...(answers.store ? { engine: answers.store.origin } : {}),
        ...(keysBlock ? { keys: { provider: keysOrigin, block: yaml(keysBlock) } } : {}),
      },
    ],
  });
}
