/** Files of other tools as plain data: YAML with or without templates, TOML, lists of variables. */
import { getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser";
import { CliError } from "../failure.ts";
import { placeText, SourceFile } from "../source/file.ts";
import { parseYaml } from "../source/yaml.ts";
import { type Tree, treeOf } from "./draft.ts";
import { plainOf } from "../source/plain.ts";

function unreadable(file: SourceFile, start: number, message: string): CliError {
  return new CliError(
    "unreadable",
    `${placeText(file.place(start))}: ${message}`,
    "mend the file; of a template, give what it makes",
  );
}

/** The documents of a YAML file; `blocks`: lines of templates, which were skipped. */
export function yamlOf(file: SourceFile): { documents: unknown[]; blocks: string[] } {
  const { whole, blocks } = withoutTemplates(file);
  const { trees, problems } = parseYaml(whole);
  const [first] = problems;
  if (first) throw unreadable(file, first.start, first.message);
  return { documents: trees.map(plainOf), blocks };
}

/**
 * `{{ … }}` as a value becomes a text; alone on a line it is a condition, whose result is unknown.
 */
export function withoutTemplates({ name, text }: SourceFile): {
  whole: SourceFile;
  blocks: string[];
} {
  const blocks: string[] = [];
  const lines = text.split("\n").map((line) => {
    if (/^\s*\{\{-?.*\}\}\s*$/.test(line)) {
      if (!/^\s*\{\{-?\s*\/\*/.test(line)) blocks.push(line.trim());
      return "";
    }
    return line.replace(
      /^(\s*(?:- +)?(?:[\w.-]+: +)?)(\{\{[^'"]*(?:"[^"]*"[^'"]*)*\}\}\S*)\s*$/,
      (_, head: string, value: string) => `${head}'${value.replaceAll("'", "''")}'`,
    );
  });
  return { whole: new SourceFile(name, lines.join("\n")), blocks };
}

export function tomlOf(file: SourceFile): Tree {
  try {
    return treeOf(getStaticTOMLValue(parseTOML(file.text)));
  } catch (error) {
    if (!(error instanceof ParseError)) throw unreadable(file, 0, String((error as Error).message));
    throw unreadable(file, error.index, error.message);
  }
}

/** `NAME=value` by lines, as Docker reads an env file. */
export function variablesOf(text: string): Tree {
  const found: Tree = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match) found[match[1]!] = match[2]!.replace(/^(["'])(.*)\1$/, "$2");
  }
  return found;
}
