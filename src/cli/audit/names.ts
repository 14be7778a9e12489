/**
 * Users' names by subject, because the log has `sub`, which is no readable name at most providers.
 */
import { CliError } from "../failure.ts";
import { SourceFile } from "../source/file.ts";

/** Subject -> name. */
export type Names = ReadonlyMap<string, string>;

const HINT =
  "a list as `kcadm.sh get users -r REALM --fields id,username` prints it, or a map of subjects and names";

/**
 * `id` or `sub`, and `username` or `name`, of each element; or an object whose keys are the
 * subjects.
 */
export async function readNames(file: string): Promise<Names> {
  const { text, name } = await SourceFile.read(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CliError("names_invalid", `${name} is no JSON`, HINT);
  }
  if (value === null || typeof value !== "object") {
    throw new CliError("names_invalid", `${name} has no names`, HINT);
  }
  const pairs = Array.isArray(value) ? value.map(pairOf) : Object.entries(value);
  const isGood = (pair: unknown[]) => pair.every((it) => typeof it === "string");
  if (pairs.length === 0 || !pairs.every(isGood)) {
    throw new CliError("names_invalid", `${name} has no names`, HINT);
  }
  return new Map(pairs as [string, string][]);
}

function pairOf(person: unknown): unknown[] {
  const it = (person ?? {}) as Record<string, unknown>;
  return [it.id ?? it.sub, it.username ?? it.preferred_username ?? it.name];
}
