/** The guest's own tables, read out of their sources in assembly/: keys, words, limits. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";

const source = (file: string) => readFileSync(join(root, "assembly", file), "utf8");

function tablesOf(file: string): Record<string, string[]> {
  const text = source(file);
  const lists = text.matchAll(
    /^export const (\w+): Array<string> = (?:(\w+)\.concat\()?\[([^\]]*)\]/gm,
  );
  const tables: Record<string, string[]> = {};
  for (const [, name, base, body] of lists) {
    const words = [...body!.matchAll(/"([^"]+)"/g)].map(([, word]) => word!);
    tables[name!] = [...(base ? tables[base]! : []), ...words];
  }
  const declared = text.match(/^export const/gm)!.length;
  if (Object.keys(tables).length !== declared) throw new Error(`${file} has another form now`);
  return tables;
}

const keywords = tablesOf("config/keywords.ts");
const words = tablesOf("config/words.ts");
const limits = source("limits.ts");

/** A section's path -> its keys. `[]` stands for each element of a list. */
export const sections: Record<string, string[]> = {
  "": keywords.TOP_KEYS!,
  "issuers[]": keywords.ISSUER_KEYS!,
  token: keywords.TOKEN_KEYS!,
  cors: keywords.CORS_KEYS!,
  validation: keywords.VALIDATION_KEYS!,
  "apiKeys[]": keywords.API_KEY_KEYS!,
  "rules[]": keywords.RULE_KEYS!,
  session: keywords.SESSION_KEYS!,
  login: keywords.LOGIN_KEYS!,
  "login.endpoints": keywords.ENDPOINT_KEYS!,
  keys: keywords.FETCHED_KEYS!,
  forwardAuth: keywords.FORWARD_AUTH_KEYS!,
};

/** The words of a table of words.ts. */
export function wordsOf(table: string): string[] {
  const list = words[table];
  if (!list) throw new Error(`words.ts has no ${table}`);
  return list;
}

/** A plain number of limits.ts. */
export function limitOf(name: string): number {
  const found = new RegExp(`^export const ${name} = (\\d+);`, "m").exec(limits);
  if (!found) throw new Error(`limits.ts has no ${name}`);
  return Number(found[1]);
}
