/** The forms of oauth2-proxy's configuration: each becomes options under the names of its file. */
import { CliError } from "../../failure.ts";
import { shellWords } from "../../request/shell-words.ts";
import { SourceFile } from "../../source/file.ts";
import type { Beside } from "../beside.ts";
import { listOf, type Tree, treeOf } from "../draft.ts";
import { tomlOf, variablesOf, yamlOf } from "../text.ts";
import { isAlpha, optionsOfAlpha } from "./alpha.ts";
import { optionOf } from "./options-table.ts";

export interface Found {
  /** The service's name, if there may be several. */
  name: string;
  options: Tree;
  /** Files that it names but that are missing. */
  missing: string[];
  /** Conditions of a template. */
  blocks: string[];
}

const PREFIX = "OAUTH2_PROXY_";
const KEYS =
  /^\s*(oidc_issuer_url|cookie_secret|skip_auth_routes|skip_auth_regex|email_domains|upstreams|client_id|authenticated_emails_file)\s*=/m;

export function formsIn(file: SourceFile, beside: Beside): Found[] {
  if (KEYS.test(file.text) && !/^\s*[\w-]+:(\s|$)/m.test(file.text)) {
    return [found("oauth2-proxy", tomlOf(file))];
  }
  if (/^\s*(export\s+)?OAUTH2_PROXY_\w+\s*=/m.test(file.text)) {
    return [found("oauth2-proxy", optionsOfVariables(variablesOf(file.text)))];
  }
  if (
    !/oauth2[_-]?proxy|injectRequestHeaders|upstreamConfig|clientID|configFile|OAUTH2_PROXY_/i.test(
      file.text,
    )
  ) {
    return [];
  }
  const { documents, blocks } = yamlOf(file);
  return documents
    .flatMap((document) => inDocument(treeOf(document), file, beside))
    .map((it) => ({ ...it, blocks }));
}

const found = (name: string, options: Tree, missing: string[] = []): Found => ({
  ...{ name, options, missing, blocks: [] },
});

function inDocument(document: Tree, file: SourceFile, beside: Beside): Found[] {
  if (isAlpha(document)) return [found("oauth2-proxy", optionsOfAlpha(document))];
  if (document.kind === "ConfigMap") return inConfigMap(document, file);
  const containers = containersOf(document);
  const running = containers.flatMap(([name, it]) => inContainer(name, it, beside));
  if (running.length > 0) return running;
  const values = document.oauth2Proxy ?? document["oauth2-proxy"] ?? document;
  return inChart(treeOf(values), file);
}

/** Containers of compose, and of Kubernetes' pods. */
function containersOf(document: Tree): [string, Tree][] {
  // Compose reads `$$` as `$`.
  const text = JSON.stringify(treeOf(document.services)).replaceAll("$$", () => "$");
  const services = Object.entries(JSON.parse(text) as Tree);
  const template = treeOf(treeOf(document.spec).template);
  const pods = [document, template].flatMap((it) => {
    const list = treeOf(it.spec).containers;
    return Array.isArray(list) ? list.map(treeOf) : [];
  });
  return [
    ...services.map(([name, it]): [string, Tree] => [name, treeOf(it)]),
    ...pods.map((it): [string, Tree] => [String(it.name ?? "oauth2-proxy"), it]),
  ];
}

function inContainer(name: string, it: Tree, beside: Beside): Found[] {
  const variables = environmentOf(it, beside);
  const flags = optionsOfFlags([
    ...wordsOf(it.entrypoint),
    ...wordsOf(it.command),
    ...wordsOf(it.args),
  ]);
  const isOurs =
    /oauth2[_-]?proxy/i.test(String(it.image ?? "")) ||
    Object.keys(variables).some((key) => key.startsWith(PREFIX));
  if (!isOurs) return [];
  const options = { ...optionsOfVariables(variables), ...flags };
  const missing: string[] = [];
  const merge = (path: unknown, read: (text: string) => Tree): Tree => {
    if (typeof path !== "string" || path === "") return {};
    const text = beside.read(path);
    if (text === null) missing.push(path);
    return text === null ? {} : read(text);
  };
  const lower = merge(options.config, (text) =>
    tomlOf(new SourceFile(String(options.config), text)),
  );
  const alpha = merge(options.alpha_config, (text) => {
    const { documents } = yamlOf(new SourceFile(String(options.alpha_config), text));
    return optionsOfAlpha(treeOf(documents[0]));
  });
  return [found(name, { ...lower, ...alpha, ...options }, missing)];
}

function environmentOf(it: Tree, beside: Beside): Tree {
  const fromFiles = listOf(it.env_file).map((path) => variablesOf(beside.read(path) ?? ""));
  const own = it.environment ?? it.env;
  const lines = (Array.isArray(own) ? own : []).map((item): Tree => {
    if (typeof item === "string")
      return variablesOf(item.includes("=") ? item : `${item}=\${${item}}`);
    const { name, value } = treeOf(item);
    return typeof name === "string" ? { [name]: value ?? `\${${name}}` } : {};
  });
  return Object.assign({}, ...fromFiles, treeOf(own), ...lines) as Tree;
}

function wordsOf(value: unknown): string[] {
  if (typeof value !== "string") return Array.isArray(value) ? value.map(String) : [];
  try {
    return shellWords(value);
  } catch (error) {
    throw new CliError("unreadable", `command: ${(error as Error).message}`);
  }
}

function optionsOfVariables(variables: Tree): Tree {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [optionOf(name.slice(PREFIX.length)), value]),
  );
}

/** `--name=value`, `--name value`, and `--name` alone for true; a repeated one is a list. */
export function optionsOfFlags(words: readonly string[]): Tree {
  const options: Tree = {};
  for (let at = 0; at < words.length; at++) {
    const [, flag, given] = /^--?([a-z][\w-]*)(?:=(.*))?$/s.exec(words[at]!) ?? [];
    if (flag === undefined) continue;
    const next = words[at + 1];
    const takesNext = given === undefined && next !== undefined && !next.startsWith("-");
    const value = given ?? (takesNext ? words[++at]! : true);
    const name = optionOf(flag);
    const before = options[name];
    options[name] = before === undefined ? value : [...listOf(before), ...listOf(value)];
  }
  return options;
}

function inConfigMap(document: Tree, file: SourceFile): Found[] {
  const data = treeOf(document.data);
  const variables = optionsOfVariables(data);
  const files = Object.entries(data).flatMap(([name, text]) => {
    if (typeof text !== "string" || !KEYS.test(text)) return [];
    return [tomlOf(new SourceFile(`${file.name}: ${name}`, text))];
  });
  const options = Object.assign({}, ...files, variables) as Tree;
  return Object.keys(options).length > 0 ? [found("oauth2-proxy", options)] : [];
}

/**
 * Values of the chart; its own file has every address in `email_domains` unless another is given.
 */
function inChart(values: Tree, file: SourceFile): Found[] {
  const config = treeOf(values.config);
  const names = [
    "configFile",
    "clientID",
    "clientSecret",
    "cookieSecret",
    "existingSecret",
    "cookieName",
  ];
  const hasOwn = names.some((name) => config[name] !== undefined);
  const alpha = treeOf(values.alphaConfig);
  if (!hasOwn && values.extraArgs === undefined && alpha.enabled !== true) return [];
  const text = config.configFile;
  const own =
    typeof text === "string"
      ? tomlOf(new SourceFile(`${file.name}: configFile`, text))
      : { email_domains: ["*"], upstreams: ["file:///dev/null"] };
  const args = values.extraArgs;
  const flags = Array.isArray(args)
    ? optionsOfFlags(args.map(String))
    : Object.fromEntries(
        Object.entries(treeOf(args)).map(([name, value]) => [optionOf(name), value]),
      );
  const emails = treeOf(values.authenticatedEmailsFile);
  const missing = [
    ...(config.existingConfig ? [`config.existingConfig ${String(config.existingConfig)}`] : []),
    ...(alpha.existingConfig || alpha.existingSecret || alpha.configFile ? ["alphaConfig"] : []),
    ...(Array.isArray(values.extraEnvFrom) ? ["extraEnvFrom"] : []),
  ];
  const options: Tree = {
    ...(config.clientID === undefined ? {} : { client_id: config.clientID }),
    ...(config.cookieName ? { cookie_name: config.cookieName } : {}),
    ...own,
    ...(alpha.enabled === true ? optionsOfAlpha(treeOf(alpha.configData)) : {}),
    ...optionsOfVariables(
      environmentOf({ env: values.extraEnv }, { read: () => null, list: () => [] }),
    ),
    ...flags,
    ...(emails.enabled === true
      ? {
          authenticated_emails_file: String(
            emails.restricted_access ?? emails.restrictedUserAccessKey ?? "",
          ),
        }
      : {}),
  };
  return [found("oauth2-proxy", options, missing)];
}
