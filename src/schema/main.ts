/** `npm run schema`: writes rolegate.schema.json out of the guest's tables and the docs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import { FILE, schemaText } from "./schema.ts";

writeFileSync(join(root, FILE), schemaText());
