/**
 * A block in the form that the plugin gets, and functions that replace its options. Keys count in
 * any case.
 */

export type Block = Record<string, unknown>;

export function blockOf(config: unknown): Block {
  return config !== null && typeof config === "object" && !Array.isArray(config)
    ? (config as Block)
    : {};
}

export function valueOf(block: Block, key: string): unknown {
  const name = Object.keys(block).find((it) => it.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : block[name];
}

/** The block with some keys replaced; undefined removes one. */
export function withKeys(block: Block, changes: Block): Block {
  const changed = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  const result: Block = Object.create(null);
  for (const [key, value] of Object.entries(block)) {
    if (!changed.has(key.toLowerCase())) result[key] = value;
  }
  for (const [key, value] of Object.entries(changes)) if (value !== undefined) result[key] = value;
  return result;
}

export function textOf(block: Block, key: string): string | undefined {
  const value = valueOf(block, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list of texts, or one text for a list of one. */
export function textsOf(block: Block, key: string): string[] {
  const value = valueOf(block, key);
  const list = Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
  return list.flatMap((item) =>
    typeof item === "string" ? [item] : typeof item === "number" ? [String(item)] : [],
  );
}

export function mapOf(block: Block, key: string): Block {
  return blockOf(valueOf(block, key));
}

export interface RuleText {
  name: string;
  match: string;
  allow: string;
}

/** Names in the plugin's log: `rules[3]` for a rule without a name. */
export function rulesOf(block: Block): RuleText[] {
  const rules = valueOf(block, "rules");
  if (!Array.isArray(rules)) return [];
  return rules.map((rule, index) => {
    const it = blockOf(rule);
    return {
      name: textOf(it, "name") ?? `rules[${index}]`,
      match: textOf(it, "match") ?? "",
      allow: textOf(it, "allow") ?? "",
    };
  });
}
