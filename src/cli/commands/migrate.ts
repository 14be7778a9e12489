/** `rolegate migrate`: converts other tools' configuration to Rolegate's. */
import { dirname, relative } from "node:path";
import { plural } from "../check/text.ts";
import type { Entry } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import type { Draft } from "../migrate/draft.ts";
import type { MigratedTable } from "../migrate/table.ts";

interface Options {
  out?: string;
  middleware?: string;
  table?: string;
  force?: true;
}

export const migrate: Entry = {
  name: "migrate",
  summary:
    "turn another tool's configuration into Rolegate's, which never lets in more than it did",
  examples: [
    { command: "rolegate migrate oauth2-proxy.cfg -o dynamic.yml", does: "from oauth2-proxy" },
    {
      command: "rolegate migrate /etc/nginx/conf.d/app.conf",
      does: "from nginx with auth_request",
    },
  ],
  define(command, act) {
    command
      .argument(
        "<file>",
        "of oauth2-proxy, traefik-oidc-auth, traefikoidc, jwt-middleware, Traefik Hub, Authelia or nginx",
      )
      .option("-m, --middleware <name>", "of several, this one")
      .option("-o, --out <file>", "write to a file")
      .option("--table <file>", "write a first table for rolegate test as well; needs --out")
      .option("--force", "over one that is there")
      .action(
        act(async ({ terminal }, file: string, { out, table, force, middleware }: Options) => {
          const { SourceFile } = await import("../source/file.ts");
          const { besideOf } = await import("../migrate/beside.ts");
          const { chosen, migrate: read } = await import("../migrate/read.ts");
          const { yamlOf } = await import("../migrate/write.ts");
          const source = await SourceFile.read(file);
          const drafts = chosen(read(source, besideOf(file)), middleware);
          const text = yamlOf(drafts, source.name);
          const first =
            table === undefined ? null : await firstTable(drafts, table, out, source.name);
          if (out === undefined) terminal.write(text);
          else {
            const { writeWhole } = await import("../write-file.ts");
            writeWhole(out, text, { force: force === true });
            terminal.note(`Written to ${out}.`);
            if (typeof first === "string") {
              terminal.warn(`no table: ${first}`);
              terminal.note(`Fill it in, then: rolegate test --new ${table} -c ${out}`);
            } else if (first) {
              writeWhole(table!, first.text, { force: force === true });
              terminal.note(`Written to ${table}: ${plural(first.rows, "row")}.`);
            }
          }
          for (const { name, from, entries } of drafts) {
            const count = (how: string) => entries.filter(({ said }) => said.how === how).length;
            const counts = `${count("exactly")} said exactly, ${count("strictly")} more strictly, ${count("denied")} denied until written by hand`;
            terminal.note(`${name}, from ${from}: ${counts}. The head says which.`);
          }
          return EXIT.ok;
        }),
      );
  },
};

/**
 * A table of what the new configuration admits and refuses. A text says why the plugin does not
 * accept its rules yet.
 */
async function firstTable(
  drafts: readonly Draft[],
  table: string,
  out: string | undefined,
  source: string,
): Promise<MigratedTable | string> {
  if (out === undefined) {
    throw new CliError("out_missing", "--table names the file that --out writes", "give --out");
  }
  const [draft, ...more] = drafts;
  if (more.length > 0) {
    const names = drafts.map(({ name }) => name).join(", ");
    throw new CliError(
      "several_middlewares",
      "a table is for one middleware",
      `--middleware: ${names}`,
    );
  }
  const { tableOf } = await import("../migrate/table.ts");
  const { pluginWasm } = await import("../plugin.ts");
  try {
    return await tableOf(draft!, relative(dirname(table), out), pluginWasm(), source);
  } catch (error) {
    if (error instanceof CliError && error.code === "config_error") return error.message;
    throw error;
  }
}
