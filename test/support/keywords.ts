/** The guest's own tables of keys and words, read out of their sources: assembly/config/keywords.ts and words.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../src/dev/root.ts";

function tablesOf(file: string): Record<string, string[]> {
  const text = readFileSync(join(root, "assembly", "config", file), "utf8");
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

export const keywords = tablesOf("keywords.ts");
export const words = tablesOf("words.ts");

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
