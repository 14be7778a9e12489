/** `migrate --table`: the table holds for the result, tells what the original let in, and fails when a rule is loosened. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../../stack/machine/cleanup.ts";
import { complaint, fixtures, rolegate } from "../run.ts";
import { filledIn } from "./gate.ts";

const folder = temporaryFolder("migrate-table");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);

/** Whether all of it is said exactly: then what is refused was refused before. */
const FILES: Record<string, boolean> = {
  "authelia.yml": false,
  "hub-jwt.yml": true,
  "hub-oidc.yml": true,
  "jwt-middleware.yml": false,
  "oauth2-proxy.cfg": false,
  "traefik-oidc-auth.yml": false,
  "traefikoidc.yml": false,
};

interface Table {
  tests: Record<string, string[]>;
}

async function migrated(file: string): Promise<{ out: string; table: string; stderr: string }> {
  const [out, table] = [path(`${file}.new.yml`), path(`${file}.test.yml`)];
  const args = ["migrate", join(fixtures, "migrate", file), "-o", out, "--table", table, "--force"];
  const { code, stderr } = await rolegate(args);
  assert.equal(code, 0, stderr);
  writeFileSync(out, filledIn(readFileSync(out, "utf8")));
  return { out, table, stderr };
}

for (const [file, isExact] of Object.entries(FILES)) {
  describe(file, () => {
    test("the table holds once the placeholders are filled in", async () => {
      const { table } = await migrated(file);
      const { code, stdout } = await rolegate(["test", table]);
      assert.equal(code, 0, stdout);
    });
    test("its headings say what the original did, as far as that is known", async () => {
      const { table } = await migrated(file);
      const { tests } = parse(readFileSync(table, "utf8")) as Table;
      for (const [heading, rows] of Object.entries(tests)) {
        const isLetIn = heading.endsWith(" let in") && !heading.startsWith("refused; ");
        assert.ok(
          rows.every((row) => / -> allow /.test(row) === isLetIn),
          heading,
        );
        if (!isLetIn) assert.equal(heading.endsWith(" refused"), isExact, heading);
      }
      assert.ok(Object.keys(tests).some((heading) => heading.includes("refused")));
    });
    test("it fails when a rule lets more in", async () => {
      const { out, table } = await migrated(file);
      const text = readFileSync(out, "utf8");
      const loose = text
        .replace(/^( +)allow: (?!public).*$/gm, "$1allow: authenticated")
        .replace(/^( +)default: deny$/m, "$1default: authenticated");
      assert.notEqual(loose, text);
      writeFileSync(out, loose);
      const { code, stdout } = await rolegate(["test", table]);
      // Where signing in is enough already, there is nothing more to be let in.
      const hasRefused = / -> 403 /.test(readFileSync(table, "utf8"));
      // A role that only this rule named is nobody's then, which is a mistake of the table (2).
      assert.ok(hasRefused ? code === 1 || code === 2 : code === 0, stdout);
    });
  });
}

test("rules with a placeholder: the result is written, and what to do for a table", async () => {
  const { out, table, stderr } = await migrated("nginx.conf");
  assert.match(stderr, /^warning: no table: .*is a placeholder/m);
  assert.ok(stderr.includes(`rolegate test --new ${table} -c ${out}\n`));
  const made = await rolegate(["test", "--new", table, "-c", out]);
  assert.equal(made.code, 0, made.stderr);
  assert.equal((await rolegate(["test", table])).code, 0);
});

describe("what is asked wrongly", () => {
  test("a table without a result", async () => {
    const ran = await rolegate(["migrate", "migrate/hub-jwt.yml", "--table", path("x.yml")]);
    assert.deepEqual([ran.code, complaint(ran).code], [2, "out_missing"]);
  });
  test("several middlewares", async () => {
    const file = path("two.yml");
    const jwt = readFileSync(join(fixtures, "migrate/hub-jwt.yml"), "utf8");
    writeFileSync(file, `${jwt}---\n${jwt}`);
    const args = ["migrate", file, "-o", path("o.yml"), "--table", path("x.yml")];
    const ran = await rolegate(args);
    assert.deepEqual([ran.code, complaint(ran).code], [2, "several_middlewares"]);
  });
});
