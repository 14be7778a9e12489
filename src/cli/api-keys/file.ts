/**
 * A file of API keys, in the form of `apiKeysFile`: read, judged by the plugin, and written as a
 * whole.
 */
import { existsSync } from "node:fs";
import { loadGuest } from "../../guest/load.ts";
import { CliError, EXIT } from "../failure.ts";
import { pluginWasm } from "../plugin.ts";
import { SourceFile } from "../source/file.ts";
import { writeWhole } from "../write-file.ts";

export interface ApiKey {
  name: string;
  sha256: string;
  roles: string[];
  /** UTC, such as 2027-01-01T00:00:00Z. */
  expires?: string;
}

/** A file that does not exist has no keys. */
export function readApiKeys(path: string): ApiKey[] {
  if (!existsSync(path)) return [];
  const { text } = SourceFile.at(path);
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError("not_json", `${path} is no JSON: ${(error as Error).message}`);
  }
  const isKey = (it: unknown) =>
    it !== null && typeof it === "object" && typeof (it as ApiKey).sha256 === "string";
  if (Array.isArray(json) && json.every(isKey)) {
    return (json as ApiKey[]).map((it) => ({ ...it, roles: [it.roles ?? []].flat() }));
  }
  throw new CliError(
    "no_api_keys",
    `${path} is no list of API keys`,
    "docs/configuration.md has its form",
  );
}

/** One key a line, so that a diff shows which one changed. */
export async function writeApiKeys(path: string, keys: ApiKey[]): Promise<void> {
  await judge(keys);
  const lines = keys.map((key) => `  ${JSON.stringify(key)}`);
  writeWhole(path, keys.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`, {
    mode: 0o600,
    force: true,
  });
}

/** Throws if the plugin would not accept the keys; then nothing is written. */
export async function judge(keys: ApiKey[]): Promise<void> {
  const fault = await faultOf({ apiKeys: keys }, "apiKeys");
  if (!fault) return;
  throw new CliError(
    "api_key_refused",
    `the plugin refuses it: ${fault.path}: ${fault.message}`,
    "",
    EXIT.usage,
  );
}

/**
 * Refuses a name that no rule could contain: ``ApiKey(`name`)``. In braces it would be a part of
 * the path.
 */
export async function judgeName(name: string): Promise<void> {
  const rule = { match: "PathPrefix(`/`)", allow: `ApiKey(\`${name}\`)` };
  const fault = await faultOf({ rules: [rule] }, "rules");
  if (!fault && !/[`{}\p{Cc}]|^\s|\s$/u.test(name)) return;
  throw new CliError(
    "api_key_name",
    `rules cannot name ${JSON.stringify(name)}: ApiKey(\`…\`)`,
    "take letters, digits, - _ . and the like",
  );
}

async function faultOf(config: object, path: string): Promise<Record<string, string> | undefined> {
  const guest = await loadGuest({
    wasm: pluginWasm(),
    config: {
      ...{ issuer: "https://issuer.example", audience: "application", jwks: { keys: [] } },
      ...config,
    },
  });
  const lines = guest.check().logs.map(({ data }) => data as Record<string, string> | null);
  return lines.find((it) => it?.severity === "error" && it.path!.startsWith(path)) ?? undefined;
}

/** `90d`, `12h`, or a date or time. */
export function expiryOf(text: string, now = Date.now()): string {
  const span = /^(\d{1,5})([hdw])$/.exec(text);
  const hours = { h: 1, d: 24, w: 168 };
  const time = span
    ? now + Number(span[1]) * hours[span[2] as "h" | "d" | "w"] * 3_600_000
    : Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(time)) {
    throw new CliError(
      "time_invalid",
      `${text} is no time`,
      "write 90d, 2027-01-01 or 2027-01-01T00:00:00Z",
    );
  }
  if (time <= now) throw new CliError("time_past", `${text} is past`);
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
