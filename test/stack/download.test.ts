/** What is fetched is checked, published whole or not at all, and leaves nothing else in the cache. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder, type TemporaryFolder } from "../../stack/machine/cleanup.ts";
import { cached, cacheFolder, type Artifact } from "../../stack/fetch/download.ts";

let cache: TemporaryFolder;
beforeEach(() => void (cache = temporaryFolder("cache")));
afterEach(() => cache.remove());

const content = "a small fake\n";

function fake(change: Partial<Artifact> = {}): Artifact {
  return {
    name: "fake-1",
    sha256: createHash("sha256").update(content).digest("hex"),
    async fetch(folder) {
      const file = join(folder, "download");
      writeFileSync(file, content);
      await sleep(20);
      return file;
    },
    async unpack(file, folder) {
      renameSync(file, join(folder, "made"));
      return join(folder, "made");
    },
    ...change,
  };
}

test("a file with another hash is refused before it is unpacked", async () => {
  let unpacked = false;
  const artifact = fake({
    sha256: "0".repeat(64),
    async unpack(file) {
      unpacked = true;
      return file;
    },
  });
  await assert.rejects(cached(artifact, cache.path), /SHA-256 is [0-9a-f]{64}, pinned is 0{64}/);
  assert.equal(unpacked, false);
  assert.deepEqual(readdirSync(cache.path), []);
});

test("a failure while unpacking publishes nothing", async () => {
  const artifact = fake({ unpack: () => Promise.reject(new Error("disk full")) });
  await assert.rejects(cached(artifact, cache.path), /disk full/);
  assert.deepEqual(readdirSync(cache.path), []);
});

test("two at once both get the result, and a third does not fetch", async () => {
  const paths = await Promise.all([cached(fake(), cache.path), cached(fake(), cache.path)]);
  const never = fake({ fetch: () => Promise.reject(new Error("fetched again")) });
  paths.push(await cached(never, cache.path));
  assert.deepEqual(paths, Array(3).fill(join(cache.path, "fake-1")));
  assert.equal(readFileSync(paths[0]!, "utf8"), content);
  assert.deepEqual(readdirSync(cache.path), ["fake-1"]);
});

test("the same for a folder, which no rename replaces", async () => {
  const artifact = fake({
    async unpack(file, folder) {
      const made = temporaryFolder("made", folder).path;
      renameSync(file, join(made, "inside"));
      return made;
    },
  });
  await Promise.all([cached(artifact, cache.path), cached(artifact, cache.path)]);
  assert.deepEqual(readdirSync(cache.path), ["fake-1"]);
  assert.equal(readFileSync(join(cache.path, "fake-1", "inside"), "utf8"), content);
});

test("the cache is where the environment says", () => {
  const env = { HOME: "/h" };
  assert.equal(cacheFolder(env), "/h/.cache/rolegate");
  assert.equal(cacheFolder({ ...env, XDG_CACHE_HOME: "/x" }), "/x/rolegate");
  assert.equal(cacheFolder({ ...env, XDG_CACHE_HOME: "/x", ROLEGATE_CACHE: "/r" }), "/r");
});
