/** `rolegate doctor`: examines a set-up that runs. */
import { Option } from "commander";
import type { Context, Entry } from "../command.ts";
import type { Finding } from "../doctor/target.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { variable } from "../variable.ts";
import { collect, mountOption, pluginNameOption } from "./option.ts";

interface Options {
  config: string[];
  middleware?: string;
  pluginName?: string;
  mount: string[];
  path?: string;
  issuer?: string;
  token?: string;
  device?: true;
  user?: string;
  passwordEnv: string;
  clientId?: string;
  secretEnv?: string;
  scope: string;
  websocket?: string;
  upstream?: string;
  api?: string;
  jwksFile?: string;
  preset?: "prefect";
  apiBase?: string;
  clientEnv?: string;
  insecure?: true;
  json?: true;
}

export const doctor: Entry = {
  name: "doctor",
  summary: "examine a set-up that runs: what is wrong, how that was seen, what to do",
  examples: [
    { command: "rolegate doctor https://app.example.com", does: "from outside" },
    {
      command:
        "rolegate doctor https://app.example.com -c dynamic.yml --token @token.txt --websocket /events --api http://127.0.0.1:8080",
      does: "with the block, a token, a WebSocket and Traefik's API",
    },
    {
      command:
        "rolegate doctor https://prefect.example.com --preset prefect -c dynamic.yml --device",
      does: "Prefect, with the token of a user who signs in for it",
    },
  ],
  define(command, act) {
    command
      .argument("<url>", "the application, as browsers have it; with --preset also its pages' path")
      .option(
        "-c, --config <file>",
        "Traefik's files with the middleware; may be repeated",
        collect,
        [],
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .option("-p, --path <path>", "a path that is not public", "/")
      .option("--issuer <issuer>", "the provider, where no block names it")
      .option("-t, --token <token>", "a user's token, or @FILE")
      .option("--device", "get a token by the device flow")
      .option("--user <name>", "get one by name and password, where the provider allows that")
      .option("--password-env <name>", "the environment variable with the password", "PASSWORD")
      .option("--client-id <id>", "client id for the token; default: the block's clientId")
      .option("--secret-env <name>", "the environment variable with that client's secret")
      .option("--scope <scopes>", "what to ask for", "openid")
      .option("--websocket <path>", "the path of a WebSocket")
      .option(
        "--upstream <url>",
        "the application's own address, which should not answer from here",
      )
      .option("--api <url>", "Traefik's API")
      .option("--jwks-file <file>", "the key file, to compare with the provider's keys")
      .addOption(new Option("--preset <preset>", "what the application is").choices(["prefect"]))
      .option("--api-base <path>", "with prefect: where its API is; default: /api below the pages")
      .option(
        "--client-env <file>",
        "with prefect: a client's environment, NAME=value in each line, and what prefect version says",
      )
      .option("--insecure", "do not look at certificates")
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .option("--json", "print JSON")
      .action(act(async (context, url: string, options: Options) => run(url, options, context)));
  },
};

async function run(url: string, options: Options, context: Context): Promise<ExitCode> {
  const { examine, jsonOf, print } = await import("../doctor/run.ts");
  const { asker } = await import("../doctor/target.ts");
  const { blockOf, textOf, valueOf } = await import("../middleware/block.ts");
  const { openFiles } = await import("../middleware/files.ts");
  const { origin, base } = addressOf(url);
  const files = options.config.length > 0 ? await openFiles(options.config, options) : null;
  try {
    const block = files?.block ?? null;
    const several = block && valueOf(block, "issuers");
    const first = Array.isArray(several) ? blockOf(several[0]) : null;
    const issuer =
      options.issuer ??
      (block && (textOf(block, "issuer") ?? textOf(first ?? {}, "issuer"))) ??
      null;
    const clientId = options.clientId ?? (block && textOf(block, "clientId")) ?? null;
    const { token, found } = await tokenOf(options, { issuer, clientId }, context);
    const target = {
      ...{ url: origin, base, path: options.path ?? "/" },
      ...{ block, open: files?.open ?? null, issuer },
      token,
      isForProgram: options.token !== undefined || options.clientId !== undefined,
      webSocket: options.websocket ?? null,
      upstream: options.upstream ?? null,
      api: options.api ?? null,
      jwksFile: options.jwksFile ?? null,
      preset: options.preset ?? null,
      apiBase: options.apiBase?.replace(/\/$/, "") ?? `${base}/api`,
      clientEnv: options.clientEnv ?? null,
      learned: { loginUrl: null, jwks: null, roles: null },
      context,
      ask: asker(origin, options.insecure === true, context),
    };
    const report = await examine(target, found);
    if (options.json) context.terminal.out(jsonOf(report));
    else print(report, context.terminal);
    const worst = report.found.map(({ severity }) => severity);
    return worst.includes("error") ? EXIT.found : worst.includes("warning") ? EXIT.warned : EXIT.ok;
  } finally {
    files?.remove();
  }
}

interface Party {
  issuer: string | null;
  clientId: string | null;
}

/** The one that was given, or one of whoever signs in now. */
async function tokenOf(
  options: Options,
  { issuer, clientId }: Party,
  context: Context,
): Promise<{ token: string | null; found: Finding[] }> {
  const { token, device, user, passwordEnv, secretEnv, scope } = options;
  if (token?.startsWith("@")) {
    const { SourceFile } = await import("../source/file.ts");
    return { token: (await SourceFile.read(token.slice(1))).text.trim(), found: [] };
  }
  if (token !== undefined || (!device && user === undefined))
    return { token: token ?? null, found: [] };
  if (issuer === null || clientId === null) {
    throw new CliError(
      "client_unknown",
      "a token is wanted, and it is not known from where",
      "give the block with -c, or --issuer and --client-id",
    );
  }
  const { deviceFlow, passwordGrant } = await import("../token/grant.ts");
  const client = { issuer, clientId, scope, clientSecret: secretEnv && variable(secretEnv) };
  const grant = () =>
    user === undefined
      ? deviceFlow(client, context)
      : passwordGrant(client, { username: user, password: variable(passwordEnv) }, context);
  try {
    return { token: (await grant()).accessToken, found: [] };
  } catch (error) {
    if (!(error instanceof CliError) || error.exit !== EXIT.outside) throw error;
    return { token: null, found: [{ code: "token_not_given", evidence: error.message }] };
  }
}

function addressOf(text: string): { origin: string; base: string } {
  try {
    const { origin, protocol, pathname } = new URL(text);
    if (/^https?:$/.test(protocol)) return { origin, base: pathname.replace(/\/+$/, "") };
  } catch {
    // Said below.
  }
  throw new CliError("url_invalid", `${text} is no URL`, "give https://host, as browsers have it");
}
