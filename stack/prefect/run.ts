/** A program to paste: the installed Prefect's command line, as one of the people. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PrefectStack } from "./stack.ts";

/** In `folder`, which only this user reads: the token is in it. */
export function writeClient(
  folder: string,
  { url, prefect }: PrefectStack,
  person: string,
  token: string,
): string {
  const { python, folder: packages } = prefect.installed;
  const headers = JSON.stringify({ Authorization: `Bearer ${token}` });
  const lines = [
    "#!/bin/sh",
    `export PYTHONPATH='${packages}' PREFECT_API_URL='${url}/api'`,
    `export PREFECT_CLIENT_CUSTOM_HEADERS='${headers}'`,
    `exec ${python} -m prefect "$@"`,
  ];
  const file = join(folder, `prefect-as-${person}`);
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o700 });
  return file;
}
