/** `rolegate keys`: saves a provider's public keys to a file, and shows them. */
import { setTimeout as wait } from "node:timers/promises";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { secondsOf } from "./option.ts";

interface SyncOptions {
  jwksUrl?: string;
  out: string;
  watch?: true;
  interval: string;
}

export const keys: Entry = {
  name: "keys",
  summary: "bring a provider's public keys into a file, and show them",
  examples: [
    {
      command: "rolegate keys sync https://sso.example.com/realms/main -o state/jwks.json",
      does: "once, for a timer",
    },
    {
      command: "rolegate keys sync --watch https://sso.example.com/realms/main -o state/jwks.json",
      does: "as a service",
    },
    { command: "rolegate keys show state/jwks.json", does: "what the plugin makes of them" },
  ],
  define(command, act) {
    command
      .command("sync")
      .summary("fetch the keys into a file")
      .description(
        "fetch the keys into a file; it stays as it is when the answer has no usable key",
      )
      .argument("[issuer]", "as tokens have it in `iss`")
      .option("--jwks-url <url>", "the key set itself, without discovery")
      .requiredOption("-o, --out <file>", "the file that jwksFile names, on a mount")
      .option("-w, --watch", "go on until Ctrl-C")
      .option("--interval <time>", "how often: 30s, 5m, 1h", "5m")
      .action(
        act(async (context, issuer: string | undefined, options: SyncOptions) =>
          sync(issuer, options, context),
        ),
      );
    command
      .command("show")
      .summary("show a key set")
      .description("show a key set, and what the plugin makes of each key")
      .argument("<source>", "a file, the URL of a key set, or an issuer")
      .option("--json", "print JSON")
      .action(
        act(async (context, source: string, options: { json?: true }) =>
          show(source, options, context),
        ),
      );
  },
};

async function sync(
  issuer: string | undefined,
  options: SyncOptions,
  context: Context,
): Promise<ExitCode> {
  const { jwksUrl, out, watch } = options;
  if ((issuer === undefined) === (jwksUrl === undefined)) {
    throw new CliError("source_missing", "say whose keys", "give the issuer, or --jwks-url");
  }
  const { syncKeys } = await import("../keys/sync.ts");
  const { terminal, signal } = context;
  const seconds = secondsOf(options.interval);
  for (;;) {
    try {
      const { usable, changed } = await syncKeys({ issuer, jwksUrl }, out, context);
      if (changed || !watch)
        terminal.note(`${out}: ${usable} usable, ${changed ? "written" : "unchanged"}`);
    } catch (error) {
      if (!watch || !(error instanceof CliError)) throw error;
      if (!signal.aborted) terminal.warn(`${error.message}; ${out} stays as it is`);
    }
    if (!watch) return EXIT.ok;
    try {
      await wait(seconds * 1000, undefined, { signal });
    } catch {
      return EXIT.interrupted;
    }
  }
}

async function show(
  source: string,
  { json }: { json?: true },
  context: Context,
): Promise<ExitCode> {
  const { isUrl, readKeySet } = await import("../keys/fetch.ts");
  const { discover } = await import("../keys/discovery.ts");
  const { describe } = await import("../keys/describe.ts");
  const isIssuer = isUrl(source) && !/jwks|certs|keys|\.json/i.test(new URL(source).pathname);
  const place = isIssuer ? String((await discover(source, context)).jwks_uri) : source;
  const rows = await describe(await readKeySet(place, context));
  const { terminal } = context;
  if (json) terminal.out(JSON.stringify(rows, null, 2));
  else {
    const { printRows } = await import("../rows.ts");
    const { colors } = terminal;
    printRows(
      ["KID", "TYPE", "ALG", "USE", "PLUGIN", "THUMBPRINT (RFC 7638)"],
      rows.map(({ kid, type, alg, use, word, thumbprint }) => [
        kid ?? "-",
        type,
        alg ?? "-",
        use ?? "-",
        word === "usable" ? colors.green(word) : colors.yellow(word),
        thumbprint ?? "-",
      ]),
      terminal,
    );
  }
  return rows.some(({ word }) => word === "usable") ? EXIT.ok : EXIT.found;
}
