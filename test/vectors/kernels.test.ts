/** The generated kernels are what their generator writes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

test("assembly/crypto/kernels is generated", async () => {
  const folder = "assembly/crypto/kernels/";
  const generator = (await import(pathToFileURL(`${folder}generate.mjs`).href)) as {
    kernels(): Record<string, string>;
  };
  const files = Object.entries(generator.kernels());
  assert.ok(files.length > 0);
  for (const [name, text] of files) assert.equal(readFileSync(folder + name, "utf8"), text, name);
});
