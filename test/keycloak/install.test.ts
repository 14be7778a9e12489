/** What Keycloak needs on a bare machine: Java from Debian's packages, and the repository that Maven's settings name. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder, type TemporaryFolder } from "../../stack/machine/cleanup.ts";
import { findJava } from "../../stack/fetch/java.ts";
import { repository } from "../../stack/fetch/maven.ts";

let home: TemporaryFolder;
before(() => void (home = temporaryFolder("install")));
after(() => home.remove());

/** Runs `check` where only these programs are to be found, each a shell script. */
async function withPrograms(
  programs: Record<string, string>,
  check: (folder: string) => Promise<void>,
): Promise<void> {
  const { PATH, JAVA_HOME } = process.env;
  const folder = mkdtempSync(join(home.path, "bin-"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env.PATH = folder;
  delete process.env.JAVA_HOME;
  try {
    await check(folder);
  } finally {
    process.env.PATH = PATH;
    if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME;
  }
}

const java = (version: string) => `echo 'openjdk ${version} 2025-04-15'`;
/** `env NAME=value program …`: the script itself has no PATH to find the real one by. */
const env = `shift; exec "$@"`;
/** Notes how it was called; has only Java 21, and puts it beside itself. */
const aptGet = `
[ "$1" = --version ] && exit 0
echo "$@" >> "\${0%/*}/calls"
case "$*" in *openjdk-17*) exit 100;; *openjdk-21*) ;; *) exit 0;; esac
/bin/cp "\${0%/*}/packaged-java" "\${0%/*}/java"`;

const debian = { java: java("11.0.2"), "packaged-java": java("21.0.7"), "apt-get": aptGet, env };

test("Java 17 or newer is taken as it is", () =>
  withPrograms({ java: java("17.0.15"), "apt-get": aptGet, env }, async () => {
    assert.equal(await findJava(true), "java");
  }));

test("root on a Debian without it: the packages are asked for, the next where one is missing", () =>
  withPrograms(debian, async (folder) => {
    assert.equal(await findJava(true), "java");
    assert.deepEqual(readFileSync(join(folder, "calls"), "utf8").trim().split("\n"), [
      "-q update",
      "-q install -y --no-install-recommends openjdk-17-jre-headless",
      "-q install -y --no-install-recommends openjdk-21-jre-headless",
    ]);
  }));

test("without root, or on another system, it is said what is missing", async () => {
  const missing = /needs Java 17 or newer, on PATH or in JAVA_HOME/;
  await withPrograms({ "apt-get": aptGet, env }, () => assert.rejects(findJava(false), missing));
  await withPrograms({ java: java("1.8.0") }, () => assert.rejects(findJava(true), missing));
});

test("a mirror in Maven's settings stands for the central repository, one in a comment does not", () => {
  const mirror = (of: string, url: string) =>
    `<mirror><id>m</id><mirrorOf>${of}</mirrorOf><url> ${url} </url></mirror>`;
  const file = join(home.path, "settings.xml");
  const ask = (text: string) => {
    writeFileSync(file, `<settings><mirrors>${text}</mirrors></settings>`);
    return repository(file);
  };
  const central = repository(join(home.path, "none.xml"));
  assert.match(central, /^https:/);
  assert.equal(ask(mirror("central", "https://m.example/maven2/")), "https://m.example/maven2");
  assert.equal(ask(mirror("*", "https://all.example")), "https://all.example");
  assert.equal(ask(mirror("other", "https://other.example")), central);
  assert.equal(ask(`<!-- ${mirror("*", "https://old.example")} -->`), central);
});
