/** `rolegate audit`: answers questions from Traefik's log. */
import { InvalidArgumentError, Option } from "commander";
import type { AuditOptions } from "../audit/options.ts";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { collect, mountOption, pluginNameOption } from "./option.ts";

export const audit: Entry = {
  name: "audit",
  summary: "ask Traefik's log who was refused what, who used what, which rules never fire",
  examples: [
    {
      command: "rolegate audit traefik.log --why --user bob --since yesterday",
      does: "why was bob refused yesterday",
    },
    { command: "docker logs traefik 2>&1 | rolegate audit --by user,rule", does: "who used what" },
    {
      command: "kubectl logs deploy/traefik | rolegate audit -c dynamic.yml --unused",
      does: "which rules never fire",
    },
    {
      command: "rolegate audit traefik.log -c dynamic.yml --reported --suggest",
      does: "what reportOnly would refuse, and the rules that admit it",
    },
    {
      command: "docker logs -f traefik 2>&1 | rolegate audit --metrics --output rolegate.prom",
      does: "counts for Prometheus, kept up to date",
    },
  ],
  define(command, act) {
    const many = (flags: string, says: string) =>
      command.option(flags, `${says}; may be repeated`, collect, []);
    command.argument(
      "[logs...]",
      "Traefik's log, JSON or common, .gz too; - or nothing: standard input",
    );
    many("-u, --user <name>", "only this caller: a name, a subject, or an API key's name");
    many("-r, --role <role>", "only callers who have this role");
    many("--rule <name>", "only what this rule decided");
    many("--reason <code>", "only this reason");
    many("-X, --method <method>", "only this method");
    many("--path <begin>", "only paths that begin so");
    many("--request <id>", "only the request with this id, as refusals show it");
    command
      .option("-m, --middleware <name>", "only this middleware")
      .option(
        "--since <time>",
        "yesterday, today, 2h, 7d, 2026-11-24, 2026-11-24T08:00:00Z; in UTC",
      )
      .option("--until <time>", "the same; this moment does not count any more")
      .option("--denied", "only refusals")
      .option("--allowed", "only what was allowed")
      .option("--reported", "only what reportOnly let pass")
      .option(
        "--why",
        "say of each refusal why, in sentences; with --config also what did not hold",
      )
      .option("--by <what>", "count by one or several of user, roles, rule, …", listOf)
      .option("--unused", "list the rules that no line names; needs --config")
      .option("--suggest", "show for what was refused the rules that admit it; needs --config")
      .option("--metrics", "count all lines of the plugin, as Prometheus's text format")
      .option(
        "--output <file>",
        "of --metrics: write it there, again and again while the log goes on",
      )
      .option("--every <seconds>", "of --output: how often", secondsOf, 10)
      .option(
        "-c, --config <file>",
        "Traefik's files with the middleware: says what did not hold; may be repeated",
        collect,
        [],
      )
      .option("--names <file>", "JSON that says what subjects are called, as kcadm.sh prints it")
      .option("--limit <count>", "of a table's rows; 0 shows all", countOf, 50)
      .addOption(
        new Option("-f, --format <format>", "how to show it")
          .choices(["table", "json", "csv"])
          .default("table"),
      )
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .action(
        act(async (context, logs: string[], options: AuditOptions) => run(logs, options, context)),
      );
  },
};

const listOf = (text: string) => text.split(",").map((it) => it.trim());

function countOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no count.");
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no number of seconds.");
}

async function run(logs: string[], options: AuditOptions, context: Context): Promise<ExitCode> {
  if ((options.unused || options.suggest) && options.config.length === 0) {
    const name = options.unused ? "--unused" : "--suggest";
    throw new CliError("config_missing", `${name} needs the configuration`, "give --config");
  }
  if (logs.length === 0 && process.stdin.isTTY) {
    throw new CliError(
      "log_missing",
      "no log given",
      "name Traefik's log, or give it through a pipe",
    );
  }
  const names = logs.length > 0 ? logs : ["-"];
  if (options.metrics) {
    const { measureLogs } = await import("../audit/measure.ts");
    await measureLogs(names, options, context);
    return EXIT.ok;
  }
  const { auditLogs } = await import("../audit/run.ts");
  await auditLogs(names, options, context);
  return EXIT.ok;
}
