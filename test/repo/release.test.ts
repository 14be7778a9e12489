/** What keeps a release from being made, and the workflows that make it: each of their steps runs here as well. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { parse } from "yaml";
import { root } from "../../tools/root.ts";
import { filesIn, textOf } from "./files.ts";

interface Checkout {
  tag: string;
  tags: string[];
  manifest: { version: string; repository: { url: string } };
  changelog: string;
  repository?: string;
}
const { objections, notesOf } = (await import(
  pathToFileURL(join(root, "tools/release.mjs")).href
)) as {
  objections(checkout: Checkout): string[];
  notesOf(changelog: string, version: string): string | null;
};

const RIGHT: Checkout = {
  tag: "v1.2.3",
  tags: ["v1.2.2", "v1.2.3"],
  manifest: { version: "1.2.3", repository: { url: "git+https://github.com/acme/rolegate.git" } },
  changelog: "# Changelog\n\n## 1.2.3 (2026-12-01)\n\nnew\n\n## 1.2.2 (2026-11-01)\n\nold\n",
};

test("a tag that is the version, and a dated section of the changelog: nothing stands against it", () => {
  assert.deepEqual(objections(RIGHT), []);
  assert.deepEqual(objections({ ...RIGHT, repository: "acme/rolegate" }), []);
  assert.equal(notesOf(RIGHT.changelog, "1.2.2"), "1.2.2 (2026-11-01)\n\nold");
});

const WRONG: Record<string, [Partial<Checkout>, RegExp]> = {
  "another version": [{ tag: "v1.2.4" }, /package\.json has 1\.2\.3/],
  "a tag without v": [{ tag: "1.2.3" }, /not of the form/],
  "a prerelease, which the catalogue passes over": [{ tag: "v1.2.3-rc.1" }, /not of the form/],
  "an odd tag beside": [{ tags: ["v1.2.3", "cli-1.0"] }, /the tag cli-1\.0 is no version/],
  "no section": [{ changelog: "## 1.2.30 (2026-12-01)\n" }, /no section/],
  "no date": [{ changelog: "## 1.2.3 (unreleased)\n" }, /has no date/],
  "a fork": [{ repository: "other/rolegate" }, /repository is acme\/rolegate, and this is other/],
};
for (const [what, [change, said]] of Object.entries(WRONG)) {
  test(`${what} stands against it`, () => {
    assert.match(objections({ ...RIGHT, ...change }).join("\n"), said);
  });
}

interface Step {
  run?: string;
  uses?: string;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { steps: Step[] }>;
}

const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
const workflows = filesIn(".github/workflows").map(
  (path) => [path, parse(textOf(path)) as Workflow] as const,
);
const steps = workflows.flatMap(([, { jobs }]) => Object.values(jobs).flatMap((job) => job.steps));

test("workflows run scripts of this repository, and few programs besides", () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  assert.ok(commands.length > 5);
  for (const command of commands) {
    const script = /^npm run (\S+)/.exec(command)?.[1];
    const file = /^bash (\S+)$/.exec(command)?.[1];
    if (script) assert.ok(scripts[script], command);
    else if (file) assert.ok(existsSync(join(root, file)), command);
    else
      assert.match(
        command,
        /^(git config|cd release && sha256sum|gh release create|npx --yes npm@)/,
      );
  }
});

test("actions are pinned by their commit, and nothing may be written unless a job says so", () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  assert.ok(used.length > 3);
  for (const action of used) assert.match(action, /@[0-9a-f]{40}$/);
  for (const [path, { permissions }] of workflows) {
    assert.deepEqual(permissions, { contents: "read" }, path);
  }
});
