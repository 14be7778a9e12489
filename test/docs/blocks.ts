/** The examples in README.md and docs/: fenced blocks whose first line is a comment that says what they are. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";

export interface Block {
  /** As in `docs/policy.md:12`. */
  place: string;
  language: string;
  /** The comment in the first line: a file's name, or what the block is. */
  kind: string;
  text: string;
}

export const pages = [
  ...["README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md"],
  ...(readdirSync(join(root, "docs"), { recursive: true }) as string[])
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

function blocksOf(page: string): Block[] {
  const fences = read(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...fences].map((fence) => {
    const [, language, text] = fence as unknown as [string, string, string];
    const line = read(page).slice(0, fence.index).split("\n").length;
    const kind = /^# (.+)/.exec(text)?.[1] ?? "";
    return { place: `${page}:${line}`, language, kind, text };
  });
}

export const blocks = pages.flatMap(blocksOf);

/** The secrets that they name. */
export const environment: Record<string, string> = Object.fromEntries(
  blocks
    .flatMap(({ text }) => [...text.matchAll(/\benv:(\w+)/g)])
    .map(([, name]) => [name, randomBytes(32).toString("base64url")]),
);

/** The rows of a page's tables whose first cell starts with code, as lists of cells, without anchors. */
export function rows(page: string): string[][] {
  return read(page)
    .split("\n")
    .map((line) => line.replace(/^\| <a id="\w+"><\/a>/, "| "))
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/ \|(?= )/)
        .map((cell) => cell.trim()),
    );
}
