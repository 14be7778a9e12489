/** `rolegate migrate`: from the configuration of something else to Rolegate's. */
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";

interface Options {
  out?: string;
  middleware?: string;
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
      .option("--force", "over one that is there")
      .action(
        act(async ({ terminal }, file: string, { out, force, middleware }: Options) => {
          const { SourceFile } = await import("../source/file.ts");
          const { besideOf } = await import("../migrate/beside.ts");
          const { chosen, migrate: read } = await import("../migrate/read.ts");
          const { yamlOf } = await import("../migrate/write.ts");
          const source = await SourceFile.read(file);
          const drafts = chosen(read(source, besideOf(file)), middleware);
          const text = yamlOf(drafts, source.name);
          if (out === undefined) terminal.write(text);
          else {
            const { writeWhole } = await import("../write-file.ts");
            writeWhole(out, text, { force: force === true });
            terminal.note(`Written to ${out}.`);
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
