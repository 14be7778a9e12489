/**
 * Makes prefect-requirements.txt: every package that Prefect needs, with the hashes of all its files, for every Python
 * from 3.10 on. Run when Prefect's version changes: `node tools/run.mjs src/dev/prefect-pins.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./cleanup.ts";
import { runShown } from "./command.ts";
import { prefectVersion, requirementsFile } from "./prefect-package.ts";

/** Prefect 3.8.8 takes any FastAPI from 0.139 on; 0.165 has removed what it uses, and the server does not start. */
const wanted = [`prefect==${prefectVersion}`, "fastapi==0.139.0"];
const resolver = "uv==0.13.9";

const head = `# Prefect and what it needs, made by src/dev/prefect-pins.ts: ${wanted.join(", ")}.\n`;

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
  writeFileSync(requirementsFile, head + readFileSync(output, "utf8"));
} finally {
  work.remove();
}
