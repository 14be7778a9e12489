/** The shipped plugin.wasm: the one beside the command, or the one that an option names. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startGuest } from "../guest/load.ts";
import { CliError } from "./failure.ts";

/** The package's own folder, which contains dist/. */
export const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));

export function pluginWasm(asked = process.env.ROLEGATE_PLUGIN): string {
  const path = asked || join(packageFolder, "plugin.wasm");
  if (existsSync(path)) return path;
  throw new CliError(
    "plugin_missing",
    `there is no ${path}`,
    asked ? "ROLEGATE_PLUGIN names it" : "the package is incomplete; install rolegate again",
  );
}

/** The version that the plugin reports when it starts. */
export function pluginVersion(): string {
  const { startLogs } = startGuest({ wasm: pluginWasm() });
  const start = startLogs.find(({ data }) => data?.rolegate === "start");
  return String(start?.data?.version ?? "of an unknown version");
}
