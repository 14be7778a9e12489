/** `rolegate token`: gets a token for a program, or for a user whose browser is elsewhere. */
import { Option } from "commander";
import type { Entry } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import type { Kind } from "../token/environment.ts";
import { variable } from "../variable.ts";

interface Options {
  issuer: string;
  clientId: string;
  secretEnv?: string;
  secretFile?: string;
  device?: true;
  scope?: string;
  audience?: string;
  resource?: string;
  format: Kind;
  apiUrl?: string;
}

export const token: Entry = {
  name: "token",
  summary: "get a token: by the device flow, or with a client's own credentials",
  examples: [
    {
      command: "rolegate token --issuer https://sso.example.com/realms/main --client-id cli",
      does: "a person confirms it in a browser, anywhere",
    },
    {
      command:
        'eval "$(rolegate token --issuer … --client-id worker --secret-env SECRET -f prefect --api-url https://prefect.example.com/api)"',
      does: "the environment for Prefect's command line and workers",
    },
  ],
  define(command, act) {
    command
      .requiredOption("--issuer <issuer>", "the provider, as tokens have it in `iss`")
      .requiredOption("--client-id <id>", "the client at the provider")
      .option(
        "--secret-env <name>",
        "the environment variable with the client's secret: client credentials",
      )
      .option("--secret-file <file>", "the file with it")
      .option("--device", "the device flow although there is a secret")
      .option("--scope <scopes>", "what to ask for, separated by spaces")
      .option("--audience <audience>", "audience of the token, if the provider asks for it")
      .option("--resource <uri>", "the same in the words of RFC 8707")
      .addOption(
        new Option("-f, --format <format>", "what to print")
          .choices(["token", "header", "prefect", "json"])
          .default("token"),
      )
      .option("--api-url <url>", "with prefect: the server's API, as clients reach it")
      .action(
        act(async (context, options: Options) => {
          const { clientCredentials, deviceFlow } = await import("../token/grant.ts");
          const { FORMATS } = await import("../token/environment.ts");
          const clientSecret = await secretOf(options);
          const client = { ...options, clientSecret };
          const byDevice = options.device === true || clientSecret === undefined;
          const got = await (byDevice ? deviceFlow : clientCredentials)(client, context);
          const expires =
            got.expiresIn === undefined ? null : Math.floor(Date.now() / 1000) + got.expiresIn;
          context.terminal.out(
            FORMATS[options.format]({ token: got.accessToken, expires, apiUrl: options.apiUrl }),
          );
          if (
            options.format === "prefect" &&
            got.expiresIn !== undefined &&
            got.expiresIn < 86_400
          ) {
            context.terminal.warn(
              `this token ends in ${Math.round(got.expiresIn / 60)} minutes; a worker that runs longer needs an API key: rolegate apikey new`,
            );
          }
          return EXIT.ok;
        }),
      );
  },
};

async function secretOf({ secretEnv, secretFile }: Options): Promise<string | undefined> {
  if (secretEnv !== undefined && secretFile !== undefined) {
    throw new CliError(
      "secret_twice",
      "there are two secrets",
      "give --secret-env or --secret-file",
    );
  }
  if (secretEnv !== undefined) return variable(secretEnv);
  if (secretFile === undefined) return undefined;
  const { SourceFile } = await import("../source/file.ts");
  return (await SourceFile.read(secretFile)).text.trim();
}
