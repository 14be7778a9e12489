/**
 * Traefik drops the router of a plugin that it cannot load, and the router's requests go to the next one that
 * matches. So no static configuration with a plugin is written or shown here without abortOnPluginFailure.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filesIn, textOf } from "./files.ts";

const TEXT = /\.(md|ya?ml|toml|json|ts|mjs|sh)$|^\.ci\/run$/;
const LOADS_PLUGIN = /localPlugins|experimental\.plugins|experimental:\s+plugins:/;
/** Beginnings of paths, and why what is there is no static configuration that is run or shown. */
const OTHERS: Record<string, string> = {
  "src/cli/source/": "reads what people have written",
  "src/cli/check/": "reads what people have written",
  "src/cli/init/plugin-source.ts": "a part; what is made of it is in golden files",
  "test/cli/fixtures/": "as people write them",
  "test/cli/init.test.ts": "looks at what init writes",
  "test/install/": "runs what the documents show and init writes",
};
const ABORTS = /abortOnPluginFailure["']?\s*[:=]\s*["']?true/;

/** A document's code blocks stand each for itself; any other file is one. */
function pieces(path: string, text: string): string[] {
  if (!path.endsWith(".md")) return [text];
  return text.split(/^```.*$/m).filter((_, index) => index % 2 === 1);
}

test("every static configuration aborts when the plugin cannot be loaded", () => {
  let seen = 0;
  const careless = filesIn("").filter((path) => {
    if (!TEXT.test(path) || path.startsWith("package")) return false;
    if (Object.keys(OTHERS).some((beginning) => path.startsWith(beginning))) return false;
    const loading = pieces(path, textOf(path)).filter((piece) => LOADS_PLUGIN.test(piece));
    seen += loading.length;
    return loading.some((piece) => !ABORTS.test(piece));
  });
  assert.deepEqual(
    careless.filter((path) => path !== "test/repo/traefik.test.ts"),
    [],
  );
  assert.ok(seen > 0, "no static configuration found at all");
});
