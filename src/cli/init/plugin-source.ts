/** How Traefik gets the plugin: from a folder beside its configuration, or from its catalogue. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../plugin.ts";
import type { Answers } from "./answers.ts";
import { localPlugin } from "./local-plugin.ts";
import type { PlannedFile } from "./planned.ts";

export interface PluginSource {
  /** The key below `experimental`. */
  section: "localPlugins" | "plugins";
  /** Its members besides settings. */
  keys: Record<string, string>;
  files: PlannedFile[];
}

export function pluginSource({ install }: Answers): PluginSource {
  if (install === "local") {
    return { section: "localPlugins", keys: { moduleName: "rolegate" }, files: localPlugin() };
  }
  const { version, repository } = JSON.parse(
    readFileSync(join(packageFolder, "package.json"), "utf8"),
  ) as { version: string; repository: { url: string } };
  const moduleName = repository.url.replace(/^git\+https:\/\/|\.git$/g, "");
  return { section: "plugins", keys: { moduleName, version: `v${version}` }, files: [] };
}
