/**
 * `rolegate test`: compares tables of requests and expected decisions with the plugin's decisions.
 */
import { dirname, isAbsolute, join, relative } from "node:path";
import { Option } from "commander";
import { plural } from "../check/text.ts";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import type { TableResult } from "../table/run.ts";
import { collect, mountOption, pluginNameOption, timeOf } from "./option.ts";

interface Options {
  config: string[];
  middleware?: string;
  format: "text" | "json" | "junit";
  junit?: string;
  strict?: true;
  update?: true;
  new?: true;
  watch?: true;
  at?: string;
  mount: string[];
  pluginName?: string;
}

export const test: Entry = {
  name: "test",
  summary: "hold tables of who, request and decision to what the plugin decides",
  examples: [
    { command: "rolegate test rolegate.test.yml", does: "say which rows are not as expected" },
    { command: "rolegate test --watch rolegate.test.yml", does: "again with every change" },
    {
      command: "rolegate test --strict --junit report.xml *.test.yml",
      does: "in CI; fails on rules that no row reaches as well",
    },
    {
      command: "rolegate test --update rolegate.test.yml",
      does: "write today's decisions into it",
    },
  ],
  define(command, act) {
    command
      .argument("<tables...>", "YAML with `config`, `who` and `tests`")
      .option(
        "-c, --config <file>",
        "Traefik's files, in the place of those that the tables name; may be repeated",
        collect,
        [],
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .addOption(
        new Option("-f, --format <format>", "how to report")
          .choices(["text", "json", "junit"])
          .default("text"),
      )
      .option("--junit <file>", "write a JUnit report to a file as well")
      .option("--strict", "exit with 1 for a rule that no row reaches as well")
      .option("--update", "write today's decisions into rows that are not as expected")
      .option("--new", "write a first table, for the configuration of --config as it decides today")
      .option("-w, --watch", "run again whenever a file changes")
      .option("--at <time>", "the time of the requests")
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .action(
        act(async (context, tables: string[], options: Options) => {
          const work = options.new ? writeFirst : options.watch ? watch : run;
          return work(tables, options, context);
        }),
      );
  },
};

async function run(
  names: string[],
  options: Options,
  { terminal }: Context,
  files = new Set<string>(),
): Promise<ExitCode> {
  const isStrict = options.strict === true;
  if (options.update && names.includes("-")) {
    throw new CliError("table_not_a_file", "--update writes into a file", "name the table's");
  }
  const results = await terminal.progress("Asking the plugin", () => runAll(names, options, files));
  if (options.update) {
    const { update } = await import("../table/update.ts");
    const rows = results.map(update).reduce((sum, count) => sum + count, 0);
    terminal.note(rows === 0 ? "Every row is as it was." : `Written anew: ${plural(rows, "row")}.`);
    return EXIT.ok;
  }
  if (options.format === "text") {
    const { printTables } = await import("../table/text.ts");
    printTables(results, isStrict, terminal);
  }
  const { jsonOf, junitOf } = await import("../table/machine.ts");
  if (options.format === "json") terminal.out(jsonOf(results));
  if (options.format === "junit") terminal.write(junitOf(results, isStrict));
  if (options.junit !== undefined) {
    const { writeWhole } = await import("../write-file.ts");
    // Every run makes the report again.
    writeWhole(options.junit, junitOf(results, isStrict), { force: true });
  }
  const isGood = results.every(
    ({ tried, rules }) =>
      tried.every(({ passed }) => passed) && (!isStrict || rules.every(({ rows }) => rows > 0)),
  );
  return isGood ? EXIT.ok : EXIT.found;
}

/** `files` gets the names of the tables' own files, also when one of them has a mistake. */
async function runAll(
  names: string[],
  options: Options,
  files: Set<string>,
): Promise<TableResult[]> {
  const { SourceFile } = await import("../source/file.ts");
  const { tableOf } = await import("../table/read.ts");
  const { runTable } = await import("../table/run.ts");
  const { openFiles } = await import("../middleware/files.ts");
  const results: TableResult[] = [];
  for (const name of names) {
    const table = tableOf(await SourceFile.read(name));
    const own = table.config.map((it) => (isAbsolute(it) ? it : join(dirname(name), it)));
    const config = options.config.length > 0 ? options.config : own;
    if (config.length === 0) {
      throw new CliError(
        "config_missing",
        `${name} names no \`config\``,
        "add it, or give --config",
      );
    }
    for (const it of config) files.add(it);
    const middleware = options.middleware ?? table.middleware;
    const gate = await openFiles(config, {
      ...options,
      ...(middleware === undefined ? {} : { middleware }),
    });
    try {
      const now = timeOf(options.at);
      results.push(await runTable(table, gate.block, gate.host, { ...gate.open, now }));
    } finally {
      gate.remove();
    }
  }
  return results;
}

/** Never overwrites a table, because its author has changed it. */
async function writeFirst(
  [name, ...more]: string[],
  options: Options,
  { terminal }: Context,
): Promise<ExitCode> {
  if (name === undefined || name === "-" || more.length > 0) {
    throw new CliError("table_not_a_file", "--new writes one table", "name the file");
  }
  if (options.config.length === 0) {
    throw new CliError("config_missing", "--new needs the configuration", "give --config");
  }
  const { openFiles } = await import("../middleware/files.ts");
  const { firstTable } = await import("../table/first.ts");
  const { tableText } = await import("../table/write.ts");
  const { writeWhole } = await import("../write-file.ts");
  const gate = await openFiles(options.config, options);
  try {
    const now = timeOf(options.at);
    const first = await firstTable(gate.block, gate.host, { ...gate.open, now });
    const head = [
      "Who may do what, as it is decided today: change it into what you mean, and run",
      `rolegate test ${name}`,
    ];
    const config = options.config.map((it) => relative(dirname(name), it));
    writeWhole(name, tableText({ head, config, ...first }));
    terminal.note(`Written to ${name}: ${plural(first.rows.length, "row")}.`);
    return EXIT.ok;
  } finally {
    gate.remove();
  }
}

/** Runs until Ctrl-C. A mistake is reported and waited out, like a row that fails. */
async function watch(names: string[], options: Options, context: Context): Promise<ExitCode> {
  const { changed, stateOf } = await import("../table/watch.ts");
  const { terminal, signal } = context;
  const files = new Set([...names, ...options.config]);
  for (;;) {
    const known = [...files];
    const before = stateOf(known);
    try {
      await run(names, options, context, files);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      terminal.fail(error);
    }
    const all = [...files];
    // A change during the run is noticed at once.
    const state = stateOf(known) === before ? stateOf(all) : "";
    terminal.note(terminal.errorColors.dim(`Waiting for changes of ${all.join(", ")} …`));
    if (!(await changed(all, state, signal))) return EXIT.interrupted;
  }
}
