/**
 * `npm run preset:prefect`: prints the preset for Prefect, writes its rules into a file, or
 * compares a file's rules with a running server's routes. Exits with 1 when a route is in no rule.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../tools/root.ts";
import { compare } from "./prefect/compare.ts";
import { prefectDocument, prefectRules, presetName } from "./prefect/document.ts";
import { defaults, type PresetOptions } from "./prefect/preset.ts";
import { optionsIn, replaced } from "./text.ts";

const usage = `npm run preset:prefect -- [what] [how]
  (nothing)            print the preset
  --write FILE         make the rules in FILE anew, with the options in it unless others are given
  --check URL          compare with a running server, URL of its API: http://127.0.0.1:4200/api
  --file FILE          the rules to compare; default presets/prefect.yml
  --header "N: V"      sent with --check, for a server that is protected already
  --api-base PATH      default /api: Prefect's PREFECT_SERVER_API_BASE_PATH
  --variant NAME       runner-may-cancel, worker-strict, settings-for-developers
  --role NAME=SCOPE,…  a role of your own`;

const how = {
  "api-base": { type: "string" },
  variant: { type: "string", multiple: true },
  role: { type: "string", multiple: true },
} as const;
const what = {
  write: { type: "string" },
  check: { type: "string" },
  file: { type: "string" },
  header: { type: "string", multiple: true },
  help: { type: "boolean" },
} as const;

type How = { "api-base"?: string; variant?: string[]; role?: string[] };

function presetOptions(values: How): PresetOptions {
  const custom = (values.role ?? []).map((text): [string, string[]] => {
    const match = /^([\w-]+)=([\w,]+)$/.exec(text);
    if (!match) throw new Error(`--role takes NAME=SCOPE,SCOPE, not ${text}`);
    return [match[1]!, match[2]!.split(",")];
  });
  return {
    apiBase: values["api-base"] ?? defaults.apiBase,
    variants: values.variant ?? [],
    custom: Object.fromEntries(custom),
  };
}

function write(file: string, values: How): void {
  const text = readFileSync(file, "utf8");
  const given = values["api-base"] || values.variant || values.role;
  const kept = given ? null : optionsIn(presetName, text);
  const again = kept ? parseArgs({ args: kept.split(" "), options: how }).values : values;
  writeFileSync(file, replaced(presetName, text, prefectRules(presetOptions(again))));
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { ...how, ...what } });
  if (values.help) {
    console.log(usage);
  } else if (values.check !== undefined) {
    const headers = (values.header ?? []).map((line) => {
      const [name = "", ...rest] = line.split(":");
      return [name.trim(), rest.join(":").trim()] as const;
    });
    const file = values.file ?? join(root, "presets", "prefect.yml");
    const { lines, unknown } = await compare(values.check, Object.fromEntries(headers), file);
    for (const line of lines) console.log(line);
    return unknown > 0 ? 1 : 0;
  } else if (values.write !== undefined) {
    write(values.write, values);
  } else {
    process.stdout.write(prefectDocument(presetOptions(values)));
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
