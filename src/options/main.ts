/** Writes every file that is made from config/options.yaml: `npm run options`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import { filesOfOptions } from "./files.ts";

for (const [path, text] of await filesOfOptions(root)) writeFileSync(join(root, path), text);
