/** The matrix as one self-contained HTML page: to read in a review, to filter, to print. */
import { createHash } from "node:crypto";
import { grouped } from "./groups.ts";
import { type Cell, isChanged, type Matrix, type Row } from "./matrix.ts";
import { SCRIPT } from "./page-script.ts";
import { STYLE } from "./page-style.ts";
import { signOf } from "./plain.ts";

export interface PageFacts {
  title: string;
  /** The files, as they were named. */
  files: string[];
  against: string[];
  version: string;
}

export function pageOf(matrix: Matrix, facts: PageFacts): string {
  const { callers, rows } = matrix;
  const isDiff = matrix.changed !== undefined;
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
  const methods = [...new Set(rows.map(({ method }) => method))];
  const groups = grouped(rows);
  const allowed = rows.flatMap(({ cells }) => cells).filter((cell) => cell.allowed).length;
  const sources = facts.files.map((it) => `<code>${escape(it)}</code>`).join(", ");
  const against = facts.against.map((it) => `<code>${escape(it)}</code>`).join(", ");
  const difference = isDiff
    ? ` Against ${against}: ${matrix.changed} decisions differ, on ${rows.filter(isChanged).length} routes.`
    : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="robots" content="noindex">
<title>${escape(facts.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(facts.title)}</h1>
<p>From ${sources}: ${rows.length} routes, ${callers.length} callers, ${allowed} of ${rows.length * callers.length} may.${difference}</p>
</header>
<form class="filters" hidden aria-label="Filters">
<div class="fields">
<label>Path, rule or summary <input type="search" name="search" autocomplete="off"></label>
<label>Method <select name="method"><option value="">all</option>${methods.map((it) => `<option>${it}</option>`).join("")}</select></label>
<label>Caller <select name="caller"><option value="">all</option>${callers.map(({ name }) => `<option>${escape(name)}</option>`).join("")}</select></label>
<label>What that caller <select name="may"><option value="">may and may not</option><option value="allow">may</option><option value="deny">may not</option></select></label>
${isDiff ? '<label class="row"><input type="checkbox" name="changed"> only what differs</label>' : ""}
<label class="row"><input type="checkbox" name="lonely"> only where no rule matches</label>
<output aria-live="polite"></output>
</div>
</form>
<main>
<div class="legend">
<span><span class="mark allow">✓</span> goes on to the application</span>
<span><span class="mark deny">✗</span> 403, may not</span>
<span><span class="mark other">401</span> has to sign in or bring a token</span>
${rows.some(({ depends }) => depends.length > 0) ? '<span class="depends">* rests on more than method and path</span>' : ""}
</div>
<table>
<thead><tr><th scope="col" class="route">Route</th>${callers.map(({ name }, i) => `<th scope="col" data-caller="${escape(name)}" data-column="${i}">${escape(name)}</th>`).join("")}<th scope="col">Rule</th></tr></thead>
${groups.map(({ prefix, rows: members }) => groupHtml(prefix, members, matrix, groups.length > 1)).join("\n")}
</table>
<p class="none" hidden>No route is left. Take a filter away.</p>
</main>
<footer>Decided by Rolegate's plugin itself, for requests without a body and without headers of their own. rolegate ${escape(facts.version)}</footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function groupHtml(prefix: string, rows: Row[], matrix: Matrix, isNamed: boolean): string {
  const columns = matrix.callers.length + 2;
  const head = `<tr class="group"><th scope="rowgroup" colspan="${columns}"><div><code>${escape(prefix)}</code> <span class="size">${rows.length}</span></div></th></tr>\n`;
  const lines = rows.map((row) => rowHtml(row, matrix, isNamed ? prefix : "")).join("\n");
  return `<tbody>\n${isNamed ? head : ""}${lines}\n</tbody>`;
}

/**
 * Lines break after a slash or an underscore; the part that the group's head already shows is
 * dimmed.
 */
function pathHtml(path: string, prefix: string): string {
  const broken = (text: string) => escape(text).replace(/[/_](?=.)/g, "$&<wbr>");
  const isLonger = path.startsWith(prefix) && path.length > prefix.length;
  const shared = prefix !== "/" && isLonger ? prefix : "";
  const before = shared === "" ? "" : `<span class="shared">${broken(shared)}</span>`;
  return `<code>${before}${broken(path.slice(shared.length))}</code>`;
}

function rowHtml(row: Row, matrix: Matrix, prefix: string): string {
  const { method, path, summary = "", rules, cells, depends } = row;
  const text = `${method} ${path} ${summary} ${rules.join(" ")}`.toLowerCase();
  const about = summary ? `<span class="summary">${escape(summary)}</span>` : "";
  const head = `<th scope="row" class="route"><div><span class="method">${method}</span> ${pathHtml(path, prefix)}${about}</div></th>`;
  const marks = cells.map((cell, i) => cellHtml(cell, i, matrix.callers[i]!.name)).join("");
  const star =
    depends.length > 0 ? `<div class="depends">* ${escape(depends.join(", "))}</div>` : "";
  return `<tr${isChanged(row) ? ' class="changed"' : ""} data-method="${method}" data-rule="${escape(rules.join(" "))}" data-text="${escape(text)}">${head}${marks}<td class="rule">${rules.map((name) => ruleHtml(name, matrix)).join("") || "no rule"}${star}</td></tr>`;
}

const classOf = ({ allowed, status }: Cell) =>
  allowed ? "allow" : status === 403 ? "deny" : "other";
const titleOf = ({ allowed, status, reason }: Cell) => (allowed ? "may" : `${status} ${reason}`);

function cellHtml(cell: Cell, column: number, caller: string): string {
  const mark = (it: Cell, more = "") =>
    `<span class="mark ${classOf(it)}${more}" data-caller="${escape(caller)}" title="${escape(`${caller}: ${titleOf(it)}`)}">${signOf(it)}</span>`;
  const before = cell.before ? `${mark(cell.before, " was")}<span class="to">→</span>` : "";
  return `<td class="cell" data-column="${column}" data-outcome="${classOf(cell)}">${before}${mark(cell)}</td>`;
}

function ruleHtml(name: string, { rules }: Matrix): string {
  const rule = rules.find((it) => it.name === name);
  if (!rule) return escape(name);
  return `<details><summary>${escape(name)}</summary><dl><dt>match</dt><dd><code>${escape(rule.match)}</code></dd><dt>allow</dt><dd><code>${escape(rule.allow)}</code></dd></dl></details>`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
