/** docs/ as a site: it builds, each page is in its order, each link and section is there, and words are spelt right. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { before, test } from "node:test";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import { root } from "../../tools/root.ts";
import { filesIn } from "../repo/files.ts";

type Node = DefaultTreeAdapterMap["node"];

const built = join(root, "build/site");
const site = join(root, "site");

interface Section {
  text: string;
  pages: [address: string, title: string][];
}

interface Page {
  ids: Set<string>;
  links: string[];
}

/** The page's ids, and its links within the site. */
function read(path: string): Page {
  const page: Page = { ids: new Set(), links: [] };
  const visit = (node: Node) => {
    if ("attrs" in node) {
      for (const { name, value } of node.attrs) {
        if (name === "id") page.ids.add(value);
        if (name === "href" && node.nodeName === "a" && !/^[a-z]+:/i.test(value)) {
          page.links.push(value);
        }
      }
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(readFileSync(join(built, path), "utf8")));
  return page;
}

const pages = () => filesIn("build/site").filter((path) => path.endsWith(".html"));

before(() => {
  const { status } = spawnSync(process.execPath, [join(root, "tools/site.mjs")], {
    stdio: "inherit",
  });
  assert.equal(status, 0, "the site is not built");
});

test("the order has every page, and no other", async () => {
  const { SECTIONS } = (await import(join(site, ".vitepress/order.mjs"))) as {
    SECTIONS: Section[];
  };
  const listed = SECTIONS.flatMap(({ pages }) => pages.map(([address]) => address));
  const there = filesIn("docs")
    .filter((path) => path.endsWith(".md"))
    .map((path) => path.slice("docs/".length).replace(/(^|\/)(index|README)\.md$|\.md$/, "$1"))
    .filter((address) => !/^contributing\/decisions\/./.test(address));
  assert.deepEqual([...listed].sort(), there.sort());
});

test("each link within the site leads to a page, and to a section that it has", () => {
  const found = new Map(pages().map((path) => [path.slice("build/site/".length), path]));
  const all = new Map([...found].map(([path]) => [path, read(path)]));
  assert.ok(all.size > 20, `${all.size} pages`);
  const missing: string[] = [];
  for (const [path, { links }] of all) {
    if (path === "404.html") continue;
    for (const link of links) {
      const { pathname, hash } = new URL(link, `http://site/${path}`);
      const target = normalize(
        decodeURIComponent(pathname)
          .slice(1)
          .replace(/(^|\/)$/, "$1index.html"),
      );
      const id = decodeURIComponent(hash.slice(1));
      const page = all.get(target);
      if (!page) missing.push(`${path}: ${link}`);
      else if (id !== "" && !page.ids.has(id)) missing.push(`${path}: ${link} (no such section)`);
    }
  }
  assert.deepEqual(missing, []);
});

test("a page can be found by its words", () => {
  const index = filesIn("build/site/assets").find((path) => /localSearchIndex/i.test(path));
  assert.ok(index, "there is no search index");
  assert.match(readFileSync(join(root, index), "utf8"), /backchannel/i);
});

test("words are spelt right", () => {
  const { status, stdout, stderr } = spawnSync(
    "npx",
    ["--no-install", "cspell", "--no-progress", "--no-summary", "--config", "cspell.json"].concat([
      "../docs/**/*.md",
      "../README.md",
      "../CONTRIBUTING.md",
      "../SECURITY.md",
      "../CHANGELOG.md",
    ]),
    { cwd: site, encoding: "utf8" },
  );
  assert.equal(status, 0, stdout + stderr);
});
