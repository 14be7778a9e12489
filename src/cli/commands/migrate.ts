/** `rolegate migrate`: from the configuration of something else to Rolegate's. */
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";

interface Options {
  out?: string;
  force?: true;
}

export const migrate: Entry = {
  name: "migrate",
  summary:
    "turn another tool's configuration into Rolegate's, with a list of what has no counterpart",
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
      .option("-o, --out <file>", "write to a file")
      .option("--force", "over one that is there")
      .action(
        act(async ({ terminal }, file: string, { out, force }: Options) => {
          const { SourceFile } = await import("../source/file.ts");
          const { migrate: read } = await import("../migrate/read.ts");
          const { yamlOf } = await import("../migrate/write.ts");
          const source = await SourceFile.read(file);
          const draft = read(source);
          const text = yamlOf(draft, source.name);
          if (out === undefined) terminal.write(text);
          else {
            const { writeWhole } = await import("../write-file.ts");
            writeWhole(out, text, { force: force === true });
            terminal.note(`Written to ${out}.`);
          }
          const { left, notes, from } = draft;
          terminal.note(
            `From ${from}: ${left.length} without a counterpart, ${notes.length} to do or to know; both stand at its head.`,
          );
          return EXIT.ok;
        }),
      );
  },
};
