/**
 * Makes a file of requirements: every package that is needed, with the hashes of all its files, for
 * every Python from 3.10 on.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../machine/cleanup.ts";
import { runShown } from "../machine/command.ts";

const resolver = "uv==0.13.9";

/** `head`: the file's first line. */
export async function pin(wanted: readonly string[], file: string, head: string): Promise<void> {
  const work = temporaryFolder("pins");
  try {
    const input = join(work.path, "wanted.txt");
    const output = join(work.path, "pinned.txt");
    const tools = join(work.path, "tools");
    writeFileSync(input, `${wanted.join("\n")}\n`);
    const pip = ["-m", "pip", "install", "--quiet", "--target", tools, resolver];
    await runShown({ program: "python3", args: pip });
    await runShown({
      program: join(tools, "bin", "uv"),
      args: [
        ...["pip", "compile", "--quiet", "--universal", "--python-version", "3.10"],
        ...["--generate-hashes", "--no-annotate", "--no-header", input, "-o", output],
      ],
    });
    writeFileSync(file, `${head}\n${readFileSync(output, "utf8")}`);
  } finally {
    work.remove();
  }
}
