/** Rules as YAML for people, and their place in a file: between two marker comments. */
import type { Rule } from "./scope.ts";

const literal = (key: string, lines: string[]) =>
  lines.length === 1
    ? [`  ${key}: ${lines[0]}`]
    : [`  ${key}: |-`, ...lines.map((l) => `    ${l}`)];

function ruleLines({ name, comment, match, allow, detail, audit }: Rule): string[] {
  return [
    "",
    ...comment.map((line) => `# ${line}`),
    `- name: ${name}`,
    ...literal("match", match),
    ...literal("allow", [allow]),
    ...(detail === undefined ? [] : literal("detail", [JSON.stringify(detail)])),
    ...(audit === undefined ? [] : literal("audit", [audit])),
  ];
}

/** `options`: as on the command line, so that the same rules can be made again. */
export function markedRules(preset: string, options: string, rules: Rule[]): string[] {
  const made = `# begin ${preset} preset: npm run preset:${preset} --${options && ` ${options}`} --write FILE`;
  return [made, ...rules.flatMap(ruleLines), `# end ${preset} preset`];
}

interface Place {
  first: number;
  last: number;
  indent: string;
  /** The options in the first line. */
  options: string;
}

function find(preset: string, lines: readonly string[]): Place | null {
  const begin = new RegExp(
    `^( *)# begin ${preset} preset: npm run preset:${preset} --(.*) --write FILE$`,
  );
  const first = lines.findIndex((line) => begin.test(line));
  const last = lines.findIndex((line) => line.trim() === `# end ${preset} preset`);
  if (first < 0 || last < first) return null;
  const [, indent = "", options = ""] = begin.exec(lines[first]!)!;
  return { first, last, indent, options: options.trim() };
}

/** The options that a file's rules were made with, or null when it has no such place. */
export function optionsIn(preset: string, text: string): string | null {
  return find(preset, text.split("\n"))?.options ?? null;
}

/** The text with everything between the two comments replaced, at their indentation. */
export function replaced(preset: string, text: string, marked: string[]): string {
  const lines = text.split("\n");
  const place = find(preset, lines);
  if (!place)
    throw new Error(`there is no "# begin ${preset} preset" and "# end ${preset} preset"`);
  const fresh = marked.map((line) => (line === "" ? "" : place.indent + line));
  lines.splice(place.first, place.last - place.first + 1, ...fresh);
  return lines.join("\n");
}
