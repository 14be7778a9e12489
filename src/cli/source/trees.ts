/** The trees in a file, and in what its values hold. Templates are run as far as they can be. */
import { DerivedFile } from "./derived.ts";
import { addUnknown, type SourceFile } from "./file.ts";
import type { Remark } from "./model.ts";
import { evaluate } from "./template/evaluate.ts";
import { TemplateError } from "./template/scan.ts";
import { parseToml } from "./toml.ts";
import { type Tree, valueAt } from "./tree.ts";
import { type Parsed, parseYaml } from "./yaml.ts";

export interface Trees {
  trees: Tree[];
  remarks: Remark[];
}

/** Remarks of files of which nothing is read. */
export const UNREAD = ["unreadable", "template_refused", "template_unread"];

export function treesOf(file: SourceFile, asWritten = false): Trees {
  const parsed = parse(file);
  if (asWritten || !file.text.includes("{{") || !isTemplate(file, parsed))
    return resultOf(file, parsed);
  let made: DerivedFile;
  let leavesOut: boolean;
  try {
    const { pieces, unknown, skipped } = evaluate(file.text, {
      ...{ env: process.env, isForeign: isKubernetes(file) },
    });
    for (const it of unknown) addUnknown(file.place(it.start, it.end), it.expression);
    for (const it of skipped) addUnknown(file.place(it.start, it.end), it.expression, true);
    made = new DerivedFile(file, pieces);
    leavesOut = skipped.length > 0;
  } catch (error) {
    // The engine's stack has an end, and so has Go's.
    const refused =
      error instanceof RangeError ? new TemplateError("it is nested too deeply", 0) : error;
    if (!(refused instanceof TemplateError)) throw error;
    const { message, start } = refused;
    return {
      trees: [],
      remarks: [{ code: "template_refused", message, place: file.place(start) }],
    };
  }
  const result = resultOf(made, parse(made));
  // What is missing may be what makes it whole.
  if (leavesOut) for (const remark of result.remarks) remark.code = "template_unread";
  return result;
}

const DYNAMIC = ["http", "tcp", "udp", "tls"];

/** The file provider runs every file of its own; of others, what is whole as it stands is taken as it stands. */
function isTemplate(file: SourceFile, { trees, problems }: Parsed): boolean {
  if (problems.length > 0) return true;
  if (isKubernetes(file)) return false;
  return trees.some((tree) => DYNAMIC.some((key) => valueAt(tree, key) !== undefined));
}

const isKubernetes = ({ text }: SourceFile) => /^apiVersion:/m.test(text) && /^kind:/m.test(text);

function parse(file: SourceFile): Parsed {
  return /\.toml$/i.test(file.name) ? parseToml(file) : parseYaml(file, isKubernetes(file));
}

function resultOf(file: SourceFile, { trees, problems }: Parsed): Trees {
  // What follows the first mistake is mostly its consequence.
  const remarks = problems.slice(0, 1).map(({ message, start }) => ({
    code: "unreadable",
    message: `cannot be read: ${message}`,
    place: file.place(start),
  }));
  // A file with half of it missing would only bring findings that are none.
  return { trees: problems.length > 0 ? [] : trees, remarks };
}
