/**
 * presets/prefect.yml: the options that a middleware's block needs for Prefect, to be pasted into
 * it.
 */
import { markedRules } from "../text.ts";
import { hierarchy, type PresetOptions, roleNames, rulesOf, version } from "./preset.ts";
import { variants } from "./variants.ts";

export const presetName = "prefect";

/** The options as written on the command line. */
function optionText({ apiBase, variants: chosen, custom }: PresetOptions): string {
  const parts = apiBase === "/api" ? [] : [`--api-base ${apiBase}`];
  for (const name of chosen) parts.push(`--variant ${name}`);
  for (const [role, scopes] of Object.entries(custom)) {
    parts.push(`--role ${role}=${scopes.join(",")}`);
  }
  return parts.join(" ");
}

/** The two marker comments and the lines between them. */
export function prefectRules(options: PresetOptions): string[] {
  return markedRules(presetName, optionText(options), rulesOf(options));
}

const head = `# Roles for Prefect ${version}. To be pasted into the middleware's block, beside issuer, clientId and keys: docs/prefect.md.
#
# viewer     sees everything but secrets
# runner     and starts runs of deployments
# worker     and executes them: polls, reports, takes slots, reads secrets. For machines
# developer  and creates, changes and deletes deployments, pools, blocks, variables, automations, limits; deletes runs
# owner      and everything else, known or not
#
# The rules are made by a program: whatever is changed between their two comments is lost when they are made again.
# Rules of your own stand before them. Variants (--variant): ${Object.keys(variants).join(", ")}.
`;

const flow = (map: Record<string, string[]>, key: string) =>
  `${key}:\n${Object.entries(map)
    .map(([name, list]) => `  ${name}: [${list.join(", ")}]\n`)
    .join("")}`;

export function prefectDocument(options: PresetOptions): string {
  const rules = prefectRules(options).map((line) => (line === "" ? "" : `  ${line}`));
  return [
    head,
    "# Role -> what the provider calls it.\n",
    flow(roleNames(options.custom), "roles"),
    "# Role -> what it has besides.\n",
    flow(hierarchy, "roleHierarchy"),
    `rules:\n${rules.join("\n")}\n`,
    "default: deny\n",
  ].join("");
}
