/** Writes all files of a plan, or none if one of them exists. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../failure.ts";
import { writeWhole } from "../write-file.ts";
import type { Plan } from "./planned.ts";

export function writePlan({ files }: Plan, folder: string, force: boolean): void {
  const there = files.filter(({ path }) => existsSync(join(folder, path)));
  // Replacing a session's secret signs every user out.
  const secret = there.find((it) => it.secret);
  if (secret && force) {
    throw new CliError(
      "secret_exists",
      `${join(folder, secret.path)} is there already, and --force is not for secrets`,
      "remove it yourself if every user is to sign in again",
    );
  }
  if (there.length > 0 && !force) {
    const names = there.map(({ path }) => join(folder, path)).join(", ");
    throw new CliError(
      "file_exists",
      `there already: ${names}`,
      "--force writes over them, -o FOLDER elsewhere",
    );
  }
  for (const { path, content, mode } of files) {
    writeWhole(join(folder, path), content, { force, ...(mode === undefined ? {} : { mode }) });
  }
}
