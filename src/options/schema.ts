/**
 * The JSON Schema of a middleware's block, for editors. Names are accepted in any case, as in the
 * guest; editors suggest the documented form.
 */
import * as json from "./json-types.ts";
import { absentOf, meaningOf } from "./prose.ts";
import type { Option } from "./option.ts";
import { mapsIn, type Table } from "./table.ts";
import { kindOf } from "./types.ts";

export function schemaOf(table: Table): json.Schema {
  return new Definitions(table).schema();
}

/** Matches a name in any case except the documented form, which `properties` has. */
function inOtherCase(name: string): string {
  const letters = [...name].map((c) => {
    const [lower, upper] = [c.toLowerCase(), c.toUpperCase()];
    return lower === upper ? c : `[${lower}${upper}]`;
  });
  return `^(?!${name}$)${letters.join("")}$`;
}

/** One definition for each option, so that its name leads there in any case. */
class Definitions {
  private readonly definitions: json.Schema = {};
  private readonly descriptions: Map<string, string>;

  constructor(private readonly table: Table) {
    const said = table.rows.flatMap((row) => {
      const absent = absentOf(row.options[0]!);
      const behind =
        absent &&
        (absent.startsWith("required") ? `. R${absent.slice(1)}` : `. Default: ${absent}`);
      const plain = `${meaningOf(row)}${behind}`
        .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")
        .replaceAll("`", "");
      return row.options.map(({ path }) => [path, plain] as const);
    });
    this.descriptions = new Map(said);
  }

  schema(): json.Schema {
    const top = this.object("");
    // In the file of `configFile` editors find the schema by this member.
    (top.properties as json.Schema).$schema = { type: "string" };
    return {
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Rolegate, the block of a middleware",
      ...top,
      definitions: this.definitions,
    };
  }

  private object(section: string): json.Schema {
    const properties: json.Schema = {};
    const patternProperties: json.Schema = {};
    const add = (name: string, path: string, type: json.Schema) => {
      const definition = path.replaceAll("[]", "");
      // An issuer in a list has the same options as one at the top.
      const description = this.descriptions.get(path.replace(/^issuers\[\]\./, ""));
      this.definitions[definition] = { ...(description ? { description } : {}), ...type };
      const reference = { $ref: `#/definitions/${definition}` };
      properties[name] = patternProperties[inOtherCase(name)] = reference;
    };
    for (const option of this.table.sections.get(section)!) {
      add(option.name, option.path, this.type(option));
    }
    const own = this.table.sections.get(section)!;
    for (const name of mapsIn(section, this.table)) {
      const path = section ? `${section}.${name}` : name;
      const word = own.find((option) => option.name === name);
      const map = this.object(path);
      // A word, or a map in its place.
      add(name, path, word ? { anyOf: [this.type(word), map] } : json.section(map));
    }
    return { type: "object", properties, patternProperties, additionalProperties: false };
  }

  private type(option: Option): json.Schema {
    const { path, type, words, most, empty } = option;
    const list = words === undefined ? [] : [...this.table.words.get(words)!.keys()];
    if (type !== "list") return kindOf(option).schema(option, list);
    const elements = json.sections(this.object(`${path}[]`), most);
    return empty === false ? ((elements.anyOf as json.Schema[])[0] as json.Schema) : elements;
  }
}
