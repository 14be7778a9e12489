/**
 * The part of Mermaid's language that the documents use, line by line. Mermaid's own parser is 200 MB of packages; what
 * passes here was parsed by it once (12.3.0).
 */

const NAME = String.raw`\w+`;
/** `;` ends a statement there, and `#` begins a character's code. */
const TEXT = String.raw`[^;#]+`;

const SEQUENCE = [
  `participant ${NAME}( as ${TEXT})?`,
  `${NAME}-?->>${NAME}: ${TEXT}`,
  `Note over ${NAME}(,${NAME})?: ${TEXT}`,
];
const NODE = String.raw`${NAME}(\[[^\]\[;#"]+\]|\[\([^()\[\];#"]+\)\])?`;
const LABEL = String.raw`(\|("[^"|;#]+"|[^"|;#()]+)\|)?`;
const FLOW = [`${NODE} <?-->${LABEL} ?${NODE}`, `direction (TB|LR)`];

const FORMS: Record<string, { lines: string[]; open: string; branch: string }> = {
  sequenceDiagram: { lines: SEQUENCE, open: `(alt|opt|loop) ${TEXT}`, branch: `else ${TEXT}` },
  "flowchart LR": { lines: FLOW, open: `subgraph ${NODE}`, branch: "" },
};

/** Lines that are of no known form, and what is not closed. */
export function mistakesIn(diagram: string): string[] {
  const [head = "", ...lines] = diagram.trim().split("\n");
  const form = FORMS[head];
  if (!form) return [`${head}: no known kind of diagram`];
  const is = (pattern: string, line: string) => new RegExp(`^(?:${pattern})$`).test(line);
  const mistakes: string[] = [];
  let depth = 0;
  for (const line of lines.map((it) => it.trim())) {
    if (is(form.open, line)) depth++;
    else if (line === "end") depth--;
    else if (form.branch !== "" && is(form.branch, line) && depth > 0) continue;
    else if (!form.lines.some((pattern) => is(pattern, line))) mistakes.push(line);
  }
  if (depth !== 0) mistakes.push("alt, loop or subgraph without its end");
  return mistakes;
}
