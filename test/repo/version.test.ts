/** One version, wherever it stands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "./files.ts";

const { version } = JSON.parse(textOf("package.json")) as { version: string };

test("the plugin's version and the lock file's are the package's", () => {
  assert.equal(/VERSION = "(.+)"/.exec(textOf("assembly/version.ts"))?.[1], version);
  const lock = JSON.parse(textOf("package-lock.json")) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  assert.deepEqual([lock.version, lock.packages[""]?.version], [version, version]);
});
