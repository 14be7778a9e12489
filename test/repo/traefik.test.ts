/**
 * Traefik drops the router of a plugin that it cannot load, and the router's requests go to the next one that
 * matches. So no static configuration with a plugin is written or shown here without abortOnPluginFailure.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filesIn, textOf } from "./files.ts";

const TEXT = /\.(md|ya?ml|toml|json|ts|mjs|sh)$|^\.ci\/run$/;
const LOADS_PLUGIN = /localPlugins|experimental\.plugins|experimental:\s+plugins:/;
/** Reads what others have written. */
const READER = "src/cli/source/";
const ABORTS = /abortOnPluginFailure["']?\s*[:=]\s*["']?true/;

/** A document's code blocks stand each for itself; any other file is one. */
function pieces(path: string, text: string): string[] {
  if (!path.endsWith(".md")) return [text];
  return text.split(/^```.*$/m).filter((_, index) => index % 2 === 1);
}

test("every static configuration aborts when the plugin cannot be loaded", () => {
  let seen = 0;
  const careless = filesIn("").filter((path) => {
    if (!TEXT.test(path) || path.startsWith("package") || path.startsWith(READER)) return false;
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
