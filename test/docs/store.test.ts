/** What docs/operations.md shows of several Traefiks is what `rolegate init --replicas` writes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root } from "../../tools/root.ts";
import { blocks } from "./blocks.ts";

interface Dynamic {
  http: Record<string, Record<string, unknown>>;
}

/** A file that test/cli/init-replicas.test.ts holds to what `init` writes. */
function written(name: string): string {
  const text = readFileSync(join(root, "test/cli/golden/init/replicas-file.txt"), "utf8");
  const file = text.split(/^── /m).find((it) => it.startsWith(`${name}\n`))!;
  return file.slice(name.length + 1);
}

test("the routers to an engine", () => {
  const [shown] = blocks.filter(({ kind }) => kind === "for an engine, in dynamic.yml");
  // Its anchor is in the rest of the file.
  const own = shown!.text.replace("{ <<: *rolegate, mode: store }", "{ mode: store }");
  const here = parse(own) as Dynamic;
  const made = parse(written("dynamic.yml"), { merge: true }) as Dynamic;
  const ofStore = (tree: Dynamic, section: string) =>
    Object.keys(tree.http[section]!)
      .filter((it) => /store|engine/.test(it))
      .sort();
  for (const section of ["routers", "services"]) {
    for (const [name, value] of Object.entries(here.http[section]!)) {
      assert.deepEqual(value, made.http[section]![name], `${section}.${name}`);
    }
  }
  // And nothing that it writes for the store is left out.
  for (const section of ["routers", "services", "middlewares"]) {
    assert.deepEqual(ofStore(here, section), ofStore(made, section));
  }
  const middleware = made.http.middlewares!["rolegate-store"] as {
    plugin: { rolegate: { mode: string; store: { kind: string } } };
  };
  assert.equal(middleware.plugin.rolegate.mode, "store");
  assert.equal(middleware.plugin.rolegate.store.kind, "etcd");
});
