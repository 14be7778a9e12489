/** Where Chromium is found, and what is said when there is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findChromium } from "./chromium.ts";

test("CHROMIUM_BIN is taken at its word", async () => {
  const env = { ...process.env, CHROMIUM_BIN: process.execPath };
  assert.equal(await findChromium({ env }), process.execPath);
  await assert.rejects(
    findChromium({ env: { CHROMIUM_BIN: "/nowhere/chromium" } }),
    /CHROMIUM_BIN: \/nowhere\/chromium does not run/,
  );
});

test("without one, root gets Debian's package, and others a word about it", async () => {
  const { PATH } = process.env;
  const calls: string[] = [];
  const install = async () => void calls.push("install");
  const isDebian = async () => true;
  try {
    process.env.PATH = "/nowhere";
    const search = { env: {}, isDebian, install };
    const message = /Debian: apt-get install chromium/;
    await assert.rejects(findChromium({ ...search, isRoot: false }), message);
    assert.deepEqual(calls, []);
    await assert.rejects(findChromium({ ...search, isRoot: true }), message);
    assert.deepEqual(calls, ["install"]);
  } finally {
    process.env.PATH = PATH;
  }
});
