/** Each provider has a page, each statement its source, and what was not verified is said on the page. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../tools/root.ts";
import { read } from "../docs/blocks.ts";
import { names, pageOf, profileOf } from "./profile.ts";

/** A public text, or what of this repository runs the provider itself. */
const SOURCE = /^(https:\/\/\S+|npm run [\w:]+( -- --live)?)$/;

test("pages and profiles are of the same providers, and the index has all", () => {
  const pages = readdirSync(join(root, "docs/providers")).map((name) => name.replace(/\.md$/, ""));
  assert.deepEqual(pages.filter((it) => it !== "README").sort(), names);
  const index = read("docs/providers/README.md");
  const listed = [...index.matchAll(/^\| \[[^\]]+\]\(([\w-]+)\.md\)/gm)].map(([, it]) => it!);
  assert.deepEqual(listed.sort(), names);
});

for (const name of names) {
  const { facts, signIn, calls, service } = profileOf(name);
  const page = read(pageOf(name));

  describe(name, () => {
    test("each fact has a source, or says why it has none", () => {
      assert.ok(facts.length >= 3);
      for (const { says, source, unverified } of facts) {
        assert.notEqual(source === undefined, unverified === undefined, says);
        if (source !== undefined) assert.match(source, SOURCE, says);
      }
    });

    test("the page says whether something was not verified", () => {
      const isSaid = page.includes("- **Not verified**: ");
      assert.equal(
        isSaid,
        facts.some(({ unverified }) => unverified !== undefined),
      );
    });

    test("the page says what the middleware of mode keys has otherwise", () => {
      const said = /`login\.service: (\w+)`/.exec(page.replaceAll(/\s+/g, " "))?.[1];
      assert.equal(said, service?.keys);
    });

    test("the page is short, and says what people look for", () => {
      const [prose] = page.split("```yaml");
      const points = [...prose!.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, point]) => point!);
      assert.ok(points.length <= 8 && prose!.length < 2600, `${prose!.length} characters`);
      const wanted = signIn ? ["Roles", "Refresh tokens"] : ["Roles", "It cannot"];
      for (const point of wanted) assert.ok(points.includes(point), point);
    });

    test("what it cannot do with bearer tokens is played as well", () => {
      assert.ok(calls.some(({ status }) => status === 401));
      assert.ok(!signIn || calls.some(({ token }) => token === "id"), "the ID token is shown");
    });
  });
}
