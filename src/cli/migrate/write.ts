/** A migration as Traefik's dynamic configuration, with all that was left behind at its head. */
import { stringify } from "yaml";
import type { Draft } from "./draft.ts";

export function yamlOf({ from, block, rules, left, notes }: Draft, source: string): string {
  const ordered = { ...block, rules };
  const text = stringify(
    { http: { middlewares: { rolegate: { plugin: { rolegate: ordered } } } } },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  const lines = [
    `# Made by \`rolegate migrate\` from ${source} (${from}). Look it through, and run rolegate check on it.`,
    ...(left.length > 0
      ? ["#", "# Without a counterpart:", ...left.map(({ key, why }) => `#   ${key}: ${why}`)]
      : []),
    ...(notes.length > 0
      ? ["#", "# To do and to know:", ...notes.map((note) => `#   ${note}`)]
      : []),
  ];
  return `${lines.map((line) => line.replaceAll("\n", " ")).join("\n")}\n${text}`;
}
