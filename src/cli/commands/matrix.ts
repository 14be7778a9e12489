/** `rolegate matrix`: who may do what, roles by routes. */
import { basename } from "node:path";
import { Option } from "commander";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import { collect, mountOption, pluginNameOption, timeOf } from "./option.ts";
import type { Route } from "../matrix/route.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { Caller } from "../matrix/caller.ts";

interface Options {
  config: string[];
  against: string[];
  middleware?: string;
  routes?: string;
  openapi?: string;
  server?: string;
  basePath?: string;
  role: string[];
  host?: string;
  format: "table" | "csv" | "html" | "json";
  out?: string;
  force?: true;
  title?: string;
  exitCode?: true;
  at?: string;
  mount: string[];
  pluginName?: string;
}

export const matrix: Entry = {
  name: "matrix",
  summary: "show who may do what: roles by routes",
  examples: [
    {
      command: "rolegate matrix -c dynamic.yml --routes routes.txt",
      does: "a table, from a list of METHOD /path",
    },
    {
      command: "rolegate matrix -c dynamic.yml --server http://127.0.0.1:4200",
      does: "from what a running server describes",
    },
    {
      command:
        "rolegate matrix -c new.yml --against old.yml --openapi api.yml -f html -o matrix.html",
      does: "one page that shows what changes",
    },
  ],
  define(command, act) {
    command
      .requiredOption(
        "-c, --config <file>",
        "Traefik's files with the middleware; may be repeated",
        collect,
      )
      .option(
        "-a, --against <file>",
        "the files to compare with, as they were before; may be repeated",
        collect,
        [],
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .option(
        "--routes <file>",
        "a list of routes: METHOD /path, {name} for what differs; - is standard input",
      )
      .option("--openapi <file or url>", "an OpenAPI description")
      .option("--server <url>", "a running server that shows its OpenAPI description")
      .option(
        "--base-path <path>",
        "put before every path, instead of the servers that a description names",
      )
      .option(
        "-r, --role <role>",
        "only these callers: a role, name=role+role, or anonymous; may be repeated",
        collect,
        [],
      )
      .option("--host <name>", "the host that is asked for")
      .addOption(
        new Option("-f, --format <format>", "what to make")
          .choices(["table", "csv", "html", "json"])
          .default("table"),
      )
      .option("-o, --out <file>", "write to a file")
      .option("--force", "over one that is there")
      .option("--title <text>", "of the page")
      .option("--exit-code", "with --against: exit with 1 when decisions differ")
      .option("--at <time>", "the time of the requests")
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .action(
        act(async (context, options: Options) => {
          const routes = await routesFor(options, context);
          const made = await context.terminal.progress("Asking the plugin", () =>
            make(options, routes),
          );
          await show(made, options, context);
          return options.exitCode && made.changed ? EXIT.found : EXIT.ok;
        }),
      );
  },
};

async function routesFor(
  { routes, openapi, server, basePath }: Options,
  context: Context,
): Promise<Route[]> {
  if ([routes, openapi, server].filter((it) => it !== undefined).length !== 1) {
    throw new CliError(
      "routes_missing",
      "say where the routes are",
      "give one of --routes, --openapi and --server",
    );
  }
  if (basePath !== undefined && !basePath.startsWith("/")) {
    throw new CliError("base_path_invalid", `${basePath} is no path`, "write /api");
  }
  const base = basePath?.replace(/\/+$/, "");
  if (routes !== undefined) {
    const { routesOfList } = await import("../matrix/route.ts");
    const { SourceFile } = await import("../source/file.ts");
    const file = await SourceFile.read(routes);
    return routesOfList(file.text, file.name, base);
  }
  const { routesOfOpenApi, routesOfServer } = await import("../matrix/openapi.ts");
  return openapi !== undefined
    ? routesOfOpenApi(openapi, context, base)
    : routesOfServer(server!, context, base);
}

async function make(options: Options, routes: Route[]): Promise<Matrix> {
  const { openFiles } = await import("../middleware/files.ts");
  const { callerNamed, callersOf } = await import("../matrix/caller.ts");
  const { compared, matrixOf } = await import("../matrix/matrix.ts");
  const after = await openFiles(options.config, options);
  const before = options.against.length > 0 ? await openFiles(options.against, options) : null;
  try {
    const blocks = before ? [after.block, before.block] : [after.block];
    const callers: Caller[] =
      options.role.length > 0 ? options.role.map(callerNamed) : callersOf(...blocks);
    const now = timeOf(options.at);
    const of = (it: typeof after) =>
      matrixOf(it.block, callers, routes, options.host ?? it.host, { ...it.open, now });
    const made = await of(after);
    return before ? compared(await of(before), made) : made;
  } finally {
    after.remove();
    before?.remove();
  }
}

/** The page may be passed on, so it has no folder names. */
const fileName = (path: string) => (path === "-" ? "standard input" : basename(path));

async function show(made: Matrix, options: Options, { terminal }: Context): Promise<void> {
  const { csvOf, jsonOf, printTable } = await import("../matrix/plain.ts");
  if (options.format === "table") {
    if (options.out !== undefined) {
      throw new CliError(
        "format_missing",
        "a table goes to the terminal",
        "give --format csv, html or json with --out",
      );
    }
    return printTable(made, terminal);
  }
  const { pageOf } = await import("../matrix/page.ts");
  const facts = {
    title: options.title ?? "Who may do what",
    ...{ files: options.config.map(fileName), against: options.against.map(fileName) },
    version: process.env.ROLEGATE_VERSION ?? "",
  };
  const text = {
    csv: () => csvOf(made),
    json: () => `${jsonOf(made)}\n`,
    html: () => pageOf(made, facts),
  }[options.format]();
  if (options.out === undefined) return terminal.write(text);
  const { writeWhole } = await import("../write-file.ts");
  writeWhole(options.out, text, { force: options.force === true });
  terminal.note(
    `Written to ${options.out}: ${made.rows.length} routes, ${made.callers.length} callers.`,
  );
}
