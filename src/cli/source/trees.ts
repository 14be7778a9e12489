/** The trees in a file and in its values. Templates are run as far as possible. */
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

/** Remarks on files that cannot be read at all. */
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
    // The engine's stack is limited, and so is Go's.
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
  // A part that is missing may be what makes it complete.
  if (leavesOut) for (const remark of result.remarks) remark.code = "template_unread";
  return result;
}

const DYNAMIC = ["http", "tcp", "udp", "tls"];

/**
 * The file provider runs every file as a template; other files are taken as they are if they are
 * complete.
 */
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
  // Problems after the first are usually its consequences.
  const remarks = problems.slice(0, 1).map(({ message, start }) => ({
    code: "unreadable",
    message: `cannot be read: ${message}`,
    place: file.place(start),
  }));
  // A file with half of it missing would only cause false findings.
  return { trees: problems.length > 0 ? [] : trees, remarks };
}
