/** `rolegate secret`: makes a session secret from the system's random source. */
import { Option } from "commander";
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";
import { newSecret } from "../secret.ts";
import { writeWhole } from "../write-file.ts";

interface Options {
  out?: string;
  force?: true;
  format: "text" | "env" | "kubernetes";
  name: string;
}

export const secret: Entry = {
  name: "secret",
  summary: "make a session secret: 256 random bits, in base64url",
  examples: [
    {
      command: "rolegate secret -o state/session-secret",
      does: "into a file that only you can read",
    },
    {
      command: "rolegate secret --format kubernetes --name rolegate | kubectl apply -f -",
      does: "as a Secret",
    },
  ],
  define(command, act) {
    command
      .option("-o, --out <file>", "write to a file, mode 0600")
      .option("--force", "over one that is there")
      .addOption(
        new Option("-f, --format <format>", "what to make of it")
          .choices(["text", "env", "kubernetes"])
          .default("text"),
      )
      .option("--name <name>", "of the variable, or of the Kubernetes Secret", "SESSION_SECRET")
      .action(
        act(async ({ terminal }, { out, force, format, name }: Options) => {
          const value = newSecret();
          const text = { text: value, env: `${name}=${value}`, kubernetes: manifest(name, value) }[
            format
          ];
          if (out === undefined) terminal.out(text);
          else {
            writeWhole(out, `${text}\n`, { mode: 0o600, force: force === true });
            terminal.note(`Written to ${out}, which only you can read.`);
          }
          return EXIT.ok;
        }),
      );
  },
};

function manifest(name: string, value: string): string {
  const dns = name.toLowerCase().replaceAll("_", "-");
  return [
    "apiVersion: v1",
    "kind: Secret",
    `metadata: { name: ${dns} }`,
    "stringData:",
    `  session-secret: ${value}`,
  ].join("\n");
}
