/** docs/troubleshooting.md: what it says that Traefik says, Traefik has; what it calls a page or a reason, is one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { pinnedTraefik } from "../../stack/traefik/wheel.ts";
import { root } from "../../tools/root.ts";
import { read } from "./blocks.ts";

/** The first cells of a section's table. */
function cells(heading: string): string[] {
  const page = read("docs/troubleshooting.md");
  const section = page.split(/^## /m).find((it) => it.startsWith(`${heading}\n`));
  assert.ok(section, heading);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) => line.slice(2).split(" | ")[0]!)
    .filter((cell) => !cell.startsWith("-"));
}

const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);

test("Traefik has each text that is said to be its own", async () => {
  const binary = readFileSync(await pinnedTraefik());
  const texts = cells("What Traefik says").flatMap((cell) =>
    quoted(cell.replace(/ on `[^`]+`$/, "")).map((text) => text.replace(/ …$/, "")),
  );
  assert.ok(texts.length >= 8, String(texts.length));
  assert.deepEqual(
    texts.filter((text) => !binary.includes(text)),
    [],
  );
});

test("each page is one", () => {
  const { pages } = parse(readFileSync(join(root, "assembly/pages/languages/en.yaml"), "utf8")) as {
    pages: Record<string, { title: string }>;
  };
  const titles = new Set(Object.values(pages).map(({ title }) => title));
  const named = cells("What Rolegate's pages say");
  assert.ok(named.length >= 8);
  assert.deepEqual(
    named.filter((title) => !titles.has(title)),
    [],
  );
});

test("each reason is one of docs/log.md", () => {
  const log = read("docs/log.md");
  const reasons = cells("A token is refused with 401").flatMap((cell) =>
    quoted(cell).filter((text) => /^[a-z_]+$/.test(text)),
  );
  assert.ok(reasons.length >= 8);
  assert.deepEqual(
    reasons.filter((reason) => !log.includes(`<a id="${reason}"></a>`)),
    [],
  );
});
