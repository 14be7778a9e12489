/** What contributors read: paths exist, walks have every file, diagrams parse, records are complete, lines are short. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../tools/root.ts";
import { filesIn, textOf } from "../repo/files.ts";
import { pages } from "./blocks.ts";
import { mistakesIn } from "./mermaid.ts";

const GUIDES = pages.filter((page) => /^(CONTRIBUTING\.md|docs\/contributing\/)/.test(page));
const COLUMNS = 120;

/** What is in backticks and begins with a folder of the checkout. */
const PATH = /`((?:assembly|bench|config|docs|examples|presets|src|stack|test|tools)\/[\w./-]*)`/g;

test("paths that guides and comments name exist", () => {
  const named = GUIDES.flatMap((page) =>
    [...textOf(page).matchAll(PATH)].map(([, path]) => ({ page, path: path! })),
  );
  const comments = ["assembly", "src", "stack", "tools"]
    .flatMap(filesIn)
    .filter((path) => /\.(ts|mjs)$/.test(path))
    // They name the documents of what they migrate from.
    .filter((path) => !path.startsWith("src/cli/migrate/"))
    .flatMap((page) =>
      [...textOf(page).matchAll(/\b(docs\/[\w/-]+\.md)\b/g)].map(([, path]) => ({
        page,
        path: path!,
      })),
    );
  assert.ok(named.length > 60 && comments.length > 3);
  const missing = [...named, ...comments].filter(({ path }) => !existsSync(join(root, path)));
  assert.deepEqual(missing, []);
});

/** Where a walk has to name every file that mentions what it follows. What a program has written may be named. */
const WALKED = ["assembly", "config", "src/cli"];

const walks = [...textOf("CONTRIBUTING.md").matchAll(/^### (.+)\n([\s\S]*?)(?=^##)/gm)].map(
  ([, name, text]) => ({
    name: name!,
    followed: /^Follow `(\w+)`/m.exec(text!)?.[1] ?? "",
    files: [...text!.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path!),
  }),
);

describe("the walks of CONTRIBUTING.md", () => {
  test("there are five, each follows something", () => {
    assert.equal(walks.length, 5);
    assert.deepEqual(
      walks.filter(({ followed, files }) => followed === "" || files.length < 3),
      [],
    );
  });

  for (const { name, followed, files } of walks) {
    const mentions = (path: string) => new RegExp(`\\b${followed}\\b`).test(textOf(path));

    test(`${name}: each file has ${followed}, and no file of the guest or the command is missing`, () => {
      assert.deepEqual(
        files.filter((path) => !mentions(path)),
        [],
        "named, but it is not there",
      );
      const sources = WALKED.flatMap(filesIn).filter((path) => /\.(ts|yaml)$/.test(path));
      assert.deepEqual(
        sources.filter((path) => mentions(path) && !files.includes(path)),
        [],
        "it is there, but not named",
      );
    });
  }
});

test("diagrams are in the part of Mermaid's language that is known to parse", () => {
  const found = pages.flatMap((page) =>
    [...textOf(page).matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(([, text]) => ({
      page,
      mistakes: mistakesIn(text!),
    })),
  );
  assert.ok(found.length >= 5);
  assert.deepEqual(
    found.filter(({ mistakes }) => mistakes.length > 0),
    [],
  );
  assert.deepEqual(mistakesIn("sequenceDiagram\n    A->>B: a; b\n").length, 1);
  assert.deepEqual(mistakesIn("sequenceDiagram\n    alt a\n    A->>B: b\n").length, 1);
  assert.deepEqual(mistakesIn("flowchart LR\n    a --> b\n    a => b\n").length, 1);
});

test("each decision has its number, its headings, and a row", () => {
  const folder = "docs/contributing/decisions";
  const records = readdirSync(join(root, folder)).filter((name) => name !== "README.md");
  const index = textOf(`${folder}/README.md`);
  assert.ok(records.length >= 9);
  records.sort().forEach((name, i) => {
    const number = String(i + 1).padStart(4, "0");
    assert.ok(name.startsWith(`${number}-`), name);
    const text = textOf(`${folder}/${name}`);
    assert.ok(text.startsWith(`# ${number}: `), name);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, ["Context", "Decision", "Consequences"], name);
    assert.ok(index.includes(`| [${number}](${name}) |`), `${name} has no row`);
  });
});

test(`prose of guides is within ${COLUMNS} columns`, () => {
  const long = GUIDES.flatMap((page) =>
    textOf(page)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .split("\n")
      .filter((line) => line.length > COLUMNS && !line.startsWith("|"))
      .map((line) => `${page}: ${line}`),
  );
  assert.deepEqual(long, []);
});

test("links to headings lead to one", () => {
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replaceAll(" ", "-");
  for (const page of GUIDES) {
    for (const [, path, fragment] of textOf(page).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)) {
      const target = path === "" ? page : join(dirname(page), path!);
      assert.ok(statSync(join(root, target)).isFile(), `${page}: ${target}`);
      const headings = [...textOf(target).matchAll(/^#+ (.+)$/gm)].map(([, it]) => anchor(it!));
      assert.ok(headings.includes(fragment!), `${page}: ${target}#${fragment}`);
    }
  }
});
