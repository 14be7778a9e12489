/** `rolegate doctor`: examines a set-up that runs. */
import { Option } from "commander";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { collect } from "./option.ts";

interface Options {
  config: string[];
  middleware?: string;
  pluginName?: string;
  mount: string[];
  path?: string;
  issuer?: string;
  token?: string;
  websocket?: string;
  upstream?: string;
  api?: string;
  jwksFile?: string;
  preset?: "prefect";
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
  ],
  define(command, act) {
    command
      .argument("<url>", "the application, as browsers have it")
      .option(
        "-c, --config <file>",
        "Traefik's files with the middleware; may be repeated",
        collect,
        [],
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .option("-p, --path <path>", "a path that is not public", "/")
      .option("--issuer <issuer>", "the provider, where no block names it")
      .option("-t, --token <token>", "a token of somebody, or @FILE")
      .option("--websocket <path>", "the path of a WebSocket")
      .option(
        "--upstream <url>",
        "the application's own address, which should not answer from here",
      )
      .option("--api <url>", "Traefik's API")
      .option("--jwks-file <file>", "the key file, to compare with the provider's keys")
      .addOption(new Option("--preset <preset>", "what the application is").choices(["prefect"]))
      .option(
        "--client-env <file>",
        "with prefect: a client's environment, NAME=value in each line",
      )
      .option("--insecure", "do not look at certificates")
      .option(
        "--mount <host:guest>",
        "a folder as the plugin sees it; may be repeated",
        collect,
        [],
      )
      .option("--plugin-name <name>", "the plugin's name in the static configuration")
      .option("--json", "print JSON")
      .action(act(async (context, url: string, options: Options) => run(url, options, context)));
  },
};

async function run(url: string, options: Options, context: Context): Promise<ExitCode> {
  const { examine, jsonOf, print, severityOf } = await import("../doctor/run.ts");
  const { asker } = await import("../doctor/patient.ts");
  const { textOf } = await import("../gate/block.ts");
  const { openFiles } = await import("../gate/files.ts");
  const { SourceFile } = await import("../source/file.ts");
  const origin = originOf(url);
  const files = options.config.length > 0 ? openFiles(options.config, options) : null;
  try {
    const token = options.token?.startsWith("@")
      ? SourceFile.read(options.token.slice(1)).text.trim()
      : options.token;
    const found = await examine({
      url: origin,
      path: options.path ?? "/",
      block: files?.block ?? null,
      open: files?.open ?? null,
      issuer: options.issuer ?? (files ? (textOf(files.block, "issuer") ?? null) : null),
      token: token ?? null,
      webSocket: options.websocket ?? null,
      upstream: options.upstream ?? null,
      api: options.api ?? null,
      jwksFile: options.jwksFile ?? null,
      preset: options.preset ?? null,
      clientEnv: options.clientEnv ?? null,
      context,
      ask: asker(origin, options.insecure === true, context),
    });
    if (options.json) context.terminal.out(jsonOf(found));
    else print(found, context.terminal);
    const worst = found.map(severityOf);
    return worst.includes("error") ? EXIT.found : worst.includes("warning") ? EXIT.warned : EXIT.ok;
  } finally {
    files?.remove();
  }
}

function originOf(text: string): string {
  try {
    const { origin, protocol } = new URL(text);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // Said below.
  }
  throw new CliError("url_invalid", `${text} is no URL`, "give https://host, as browsers have it");
}
