/** `rolegate session open`: shows the contents of a sealed cookie, given the secret. */
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { variable } from "../variable.ts";
import { collect, pluginNameOption } from "./option.ts";

interface Options {
  config: string[];
  middleware?: string;
  pluginName?: string;
  secretEnv: string[];
  secretFile: string[];
  json?: true;
}

export const session: Entry = {
  name: "session",
  summary: "look into a session's cookie",
  examples: [
    {
      command: "rolegate session open -c dynamic.yml --secret-file state/session-secret cookie.txt",
      does: "a Cookie header in a file",
    },
    {
      command: "pbpaste | rolegate session open -c dynamic.yml --secret-env SESSION_SECRET -",
      does: "from the clipboard",
    },
  ],
  define(command, act) {
    command
      .command("open")
      .summary("show what sealed cookies hold")
      .description("show what sealed cookies hold; tokens are named, not shown")
      .argument("<file>", "a Cookie header, or name=value; - is standard input")
      .requiredOption(
        "-c, --config <file>",
        "Traefik's files with the middleware; may be repeated",
        collect,
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .option(
        "--secret-file <file>",
        "a file with the session's secret; may be repeated",
        collect,
        [],
      )
      .option(
        "--secret-env <name>",
        "an environment variable with it; may be repeated",
        collect,
        [],
      )
      .addOption(pluginNameOption())
      .option("--json", "print JSON")
      .action(act(async (context, file: string, options: Options) => open(file, options, context)));
  },
};

async function open(file: string, options: Options, { terminal }: Context): Promise<ExitCode> {
  const { SourceFile } = await import("../source/file.ts");
  const { gateNamed, readSetup } = await import("../source/setup.ts");
  const { blockOf } = await import("../middleware/block.ts");
  const { cookiesIn } = await import("../session/cookies.ts");
  const { openCookie, scopeOf, secretBytes } = await import("../session/open.ts");
  const written: string[] = [];
  for (const name of options.secretFile) written.push((await SourceFile.read(name)).text);
  written.push(...options.secretEnv.map(variable));
  if (written.length === 0) {
    throw new CliError(
      "secret_missing",
      "the session's secret is needed",
      "give --secret-file or --secret-env",
    );
  }
  const gate = gateNamed(await readSetup(options.config, options), options.middleware);
  const scope = scopeOf(blockOf(gate.content ?? gate.delivered.config));
  const cookies = cookiesIn((await SourceFile.read(file)).text);
  const secrets = written.map(secretBytes);
  const opened = cookies.flatMap((cookie) => openCookie(cookie, secrets, scope) ?? []);
  if (opened.length === 0) {
    throw new CliError(
      "not_opened",
      `none of ${cookies.map(({ name }) => name).join(", ")} opens with this secret`,
      "it may be of another secret, another issuer, client or publicUrl, or altered",
      EXIT.found,
    );
  }
  if (options.json) terminal.out(JSON.stringify(opened, null, 2));
  else {
    for (const { cookie, kind, content } of opened) {
      terminal.out(`${terminal.colors.bold(cookie)} ${terminal.colors.dim(kind)}`);
      for (const [name, value] of Object.entries(content)) {
        terminal.out(
          `  ${terminal.colors.dim(name.padEnd(16))}${value === null ? "-" : String(value)}`,
        );
      }
    }
  }
  return EXIT.ok;
}
