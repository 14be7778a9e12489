/**
 * Writes a migration as Traefik's dynamic configuration: a head with what became of each option,
 * and a reason beside each denial.
 */
import { Document, isMap, isSeq } from "yaml";
import { dynamicYaml, type GateAround } from "../init/dynamic.ts";
import { type Draft, listOf } from "./draft.ts";
import type { Said } from "./said.ts";

/** Longest line, except for single words. */
const WIDTH = 118;

/** Options that people look for first. */
const FIRST = ["issuer", "clientId", "audience", "publicUrl"];

export function yamlOf(drafts: readonly Draft[], source: string): string {
  const [first] = drafts;
  const gates = drafts.map(gateOf);
  const isApplication = !first!.isMiddleware && drafts.length === 1;
  return dynamicYaml({
    head: headOf(drafts, source),
    service: isApplication ? (first!.service ?? "<http://127.0.0.1:8000>") : null,
    entryPoint: "websecure",
    isTls: true,
    keysPort: 8088,
    gates,
  });
}

function gateOf(draft: Draft): GateAround {
  const { block } = draft;
  const hosts = listOf(block.publicUrl).map((it) => originOf(it, ({ hostname }) => hostname));
  const rule = hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
  return {
    name: draft.name,
    block: textOf(draft),
    signIn: draft.signsIn,
    fetchesKeys: draft.signsIn,
    host: rule || "Host(`<app.example.com>`)",
    path: String(draft.get("login.path") ?? "/oidc"),
    provider: originOf(String(block.issuer), ({ origin }) => origin),
  };
}

/** A placeholder gives a placeholder. */
function originOf(text: string, part: (url: URL) => string): string {
  const inner = /^<(.*)>$/.exec(text)?.[1];
  const url = URL.canParse(inner ?? text) ? new URL(inner ?? text) : null;
  if (url === null) return "<https://sso.example.com>";
  return inner === undefined ? part(url) : `<${part(url)}>`;
}

/**
 * The block as YAML, with the reason before each rule that denies because it could not be
 * expressed.
 */
function textOf(draft: Draft): string {
  const rules = draft.finished();
  const block = draft.whole();
  const first = FIRST.filter((key) => block[key] !== undefined).map((key) => [key, block[key]]);
  const ordered = { ...Object.fromEntries(first), ...block };
  const document = new Document(ordered, { aliasDuplicateObjects: false });
  const list = document.get("rules");
  if (isSeq(list)) {
    for (const [at, item] of list.items.entries()) {
      const why = rules[at]?.why;
      if (isMap(item) && why !== undefined)
        item.commentBefore = wrapped(why, " ", WIDTH - 16).join("\n");
    }
  }
  return document.toString({ lineWidth: 0 });
}

function headOf(drafts: readonly Draft[], source: string): string {
  const [first] = drafts;
  const lines = [
    `Made by \`rolegate migrate\` from ${source} (${first!.from}). Look it through, and run rolegate check on it.`,
  ];
  for (const draft of drafts) {
    if (drafts.length > 1) lines.push("", `${draft.name}:`);
    const of = (how: Said["how"]) => draft.entries.filter(({ said }) => said.how === how);
    const others = draft.entries.filter(({ said }) => said.how !== "exactly");
    const names = [...new Set(of("exactly").map(({ what }) => what))].filter(
      (name) => !others.some(({ what }) => what === name || what.startsWith(`${name}:`)),
    );
    lines.push("", `Said exactly: ${names.join(", ") || "nothing"}.`);
    for (const [how, title] of [
      ["strictly", "Said more strictly:"],
      ["denied", "Denied until it is written by hand:"],
    ] as const) {
      const entries = of(how).map(({ what, said }) => `${what}: ${"why" in said ? said.why : ""}`);
      if (entries.length > 0) lines.push("", title, ...new Set(entries.map((it) => `  ${it}`)));
    }
    if (draft.notes.length > 0)
      lines.push("", "To do and to know:", ...draft.notes.map((it) => `  ${it}`));
  }
  return lines
    .flatMap((line) =>
      wrapped(
        line.replace(/[\s\u0000-\u001f]+/g, (it) => (/^ +$/.test(it) ? it : " ")),
        "",
        WIDTH,
      ),
    )
    .map((line) => (line === "" ? "#" : `# ${line}`))
    .join("\n");
}

/** Wraps at spaces; further lines are indented like the first, and a bit more. */
function wrapped(text: string, before: string, width: number): string[] {
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = `${before}${indent}`;
  let isFresh = true;
  for (const word of text.trim().split(/\s+/)) {
    if (!isFresh && line.length + word.length + 1 > width) {
      lines.push(line);
      line = `${before}${indent}${indent === "" ? "" : "  "}`;
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line];
}
