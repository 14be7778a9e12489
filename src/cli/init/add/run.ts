/**
 * `rolegate init --add`: one more application in a set-up that is there; nothing of it is changed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../command.ts";
import { CliError } from "../../failure.ts";
import { SourceFile } from "../../source/file.ts";
import { setupOf } from "../../source/setup.ts";
import type { Tree } from "../../providers/row.ts";
import type { Answers } from "../answers.ts";
import { answersOf, type Given } from "../ask.ts";
import { atProvider } from "../at-provider.ts";
import { writeWhole } from "../../write-file.ts";
import { type Existing, existingIn } from "./existing.ts";
import { merged, textOf } from "./merge.ts";
import { type Parts, partsOf, secretFile } from "./parts.ts";

export interface AddOptions extends Given {
  out: string;
  dryRun?: true;
  force?: true;
}

export async function add(
  name: string,
  { out, dryRun, force, ...given }: AddOptions,
  { terminal }: Context,
  mustBeRight: (setup: ReturnType<typeof setupOf>) => Promise<void>,
): Promise<void> {
  if (!/^[\w-]+$/.test(name))
    throw new CliError(
      "name_invalid",
      `${name} is no name of a router`,
      "letters, digits, _ and -",
    );
  const existing = await existingIn(out);
  const { block } = existing;
  if (given.issuer !== undefined && given.issuer !== block.issuer) {
    throw new CliError(
      "issuer_differs",
      `the set-up is of ${String(block.issuer)}`,
      "an application of another issuer needs its own keys router: write it by hand, or beside in another Traefik",
    );
  }
  const isBearer = given.bearerOnly === true || existing.login === null;
  const answers = await answersOf(
    {
      ...given,
      ...{ target: "file", issuer: String(block.issuer) },
      ...(isBearer ? { bearerOnly: true as const } : {}),
    },
    terminal,
  );
  const { path, content, diff } = outcome(name, answers, existing, out);
  await mustBeRight(setupWith(existing, path, content));
  for (const line of diff) terminal.out(paint(line, terminal.colors));
  if (!dryRun) {
    writeWhole(path, content, { force: force === true });
    terminal.note(`wrote ${path}`);
  }
  const next = [
    ...(answers.signIn && answers.clientSecret
      ? [
          `(umask 077; cat > ${join(out, "state", secretFile(name))})    # the client's secret, from the provider`,
        ]
      : []),
    ...(path.endsWith(".new") ? [`mv ${path} ${existing.file}    # Traefik reads it at once`] : []),
  ];
  terminal.note(
    `\nAt the provider, for the client ${answers.clientId ?? ""}:\n${atProvider(answers).join("\n")}\n`,
  );
  terminal.note(`Then:\n${next.map((line) => `  ${line}`).join("\n")}`);
}

function outcome(name: string, answers: Answers, existing: Existing, out: string) {
  const { file, text, directory } = existing;
  const parts = partsOf(name, answers, existing);
  if (directory === null) {
    const { text: content, diff } = merged(file, text, parts);
    return { path: `${file}.new`, content, diff };
  }
  const path = join(out, directory, `${name}.yml`);
  if (existsSync(path))
    throw new CliError("file_exists", `${path} is there already`, "give another name");
  const content = `# Made by \`rolegate init --add\`.\nhttp:\n${sections(parts)}`;
  const lines = content.trimEnd().split("\n");
  const head = ["--- /dev/null", `+++ ${path}`, `@@ -0,0 +1,${lines.length} @@`];
  return { path, content, diff: [...head, ...lines.map((it) => `+${it}`)] };
}

function sections(parts: Parts): string {
  return Object.entries(parts)
    .map(
      ([section, entries]) =>
        `  ${section}:\n${textOf(section, entries as Tree).replace(/^(?=.)/gm, "    ")}`,
    )
    .join("");
}

/** As `check` would read it afterwards, from nowhere: what is not there yet is made up. */
function setupWith({ setup, file, directory }: Existing, path: string, content: string) {
  const others = setup.files.filter((it) => directory !== null || it.name !== file);
  const name = directory === null ? file : path;
  return setupOf([
    ...others.map((it) => new SourceFile(`(init)/${it.name}`, it.text)),
    new SourceFile(`(init)/${name}`, content),
  ]);
}

const paint = (line: string, colors: Context["terminal"]["colors"]) =>
  line.startsWith("+") ? colors.green(line) : line.startsWith("@@") ? colors.cyan(line) : line;
