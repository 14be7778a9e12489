/**
 * The JSON Schema of a middleware's block, for editors: out of the guest's table of keys, their types, and what
 * docs/configuration.md says of each. Keys count in any case, as in the guest; editors propose them as documented.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import { KEYS, LISTS } from "./keys.ts";
import { sections } from "./keywords.ts";
import { type Schema, section, sections as listOf } from "./types.ts";

export const FILE = "rolegate.schema.json";

/** Path of a key -> what the docs say of it, as plain text. */
function descriptions(): Map<string, string> {
  const found = new Map<string, string>();
  const page = readFileSync(join(root, "docs", "configuration.md"), "utf8");
  for (const line of page.split("\n").filter((it) => it.startsWith("| `"))) {
    const cells = line
      .slice(1, -1)
      .split(/ \|(?= )/)
      .map((cell) => cell.trim());
    const [keys, absent, meaning] = cells;
    if (cells.length !== 3) continue;
    const plain = `${meaning}${absent ? `. Default: ${absent}` : ""}`
      .replace("Default: required", "Required")
      .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")
      .replaceAll("`", "");
    for (const [, key] of keys!.matchAll(/`([^`]+)`/g)) found.set(key!, plain);
  }
  return found;
}

/** A name in any case but as it is documented, which `properties` has. */
function inOtherCase(name: string): string {
  const letters = [...name].map((c) => {
    const [lower, upper] = [c.toLowerCase(), c.toUpperCase()];
    return lower === upper ? c : `[${lower}${upper}]`;
  });
  return `^(?!${name}$)${letters.join("")}$`;
}

/** A definition for each key, so that its name in any case leads to one. */
function objectOf(base: string, definitions: Schema, said: Map<string, string>): Schema {
  const properties: Schema = {};
  const patternProperties: Schema = {};
  for (const key of sections[base]!) {
    const path = base ? `${base}.${key}` : key;
    const name = path.replaceAll("[]", "");
    const type = typeOf(path, definitions, said);
    // An issuer in a list has what one at the top has.
    const description = said.get(path.replace(/^issuers\[\]\./, ""));
    definitions[name] = { ...(description ? { description } : {}), ...type };
    properties[key] = patternProperties[inOtherCase(key)] = { $ref: `#/definitions/${name}` };
  }
  return { type: "object", properties, patternProperties, additionalProperties: false };
}

function typeOf(path: string, definitions: Schema, said: Map<string, string>): Schema {
  const type = KEYS[path];
  if (type) return type;
  if (path in sections) return section(objectOf(path, definitions, said));
  const most = LISTS[path];
  if (most === undefined) throw new Error(`${path} has no type`);
  const list = listOf(objectOf(`${path}[]`, definitions, said), most);
  // No rules are an error, so that a slip of the hand does not open everything: see assembly/config/rules.ts.
  return path === "rules" ? ((list.anyOf as Schema[])[0] as Schema) : list;
}

export function schema(): Schema {
  const definitions: Schema = {};
  const top = objectOf("", definitions, descriptions());
  // In the file of `configFile` editors find what describes it.
  (top.properties as Schema).$schema = { type: "string" };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Rolegate, the block of a middleware",
    ...top,
    definitions,
  };
}

export function schemaText(): string {
  return `${JSON.stringify(schema(), null, 2)}\n`;
}
