/** `rolegate init --add`: one more application beside the one that is there, whose lines stay as they are. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { parse } from "yaml";
import { loopback } from "../../stack/machine/ports.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { headersOf, Site } from "../live/site.ts";
import { complaint, rolegate } from "./run.ts";

const folder = temporaryFolder("init-add");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);
const read = (name: string) => readFileSync(path(name), "utf8");
const run = (...args: string[]) => rolegate(args, { cwd: folder.path });
const FIRST = [
  ...["init", "--yes", "--offline", "--issuer", "https://sso.example.com", "--client-id", "app"],
  ...["--public-url", "https://app.example.com", "--service", "http://app:4200"],
];
const add = (...args: string[]) =>
  run(
    ...["init", "--yes", "--add", "wiki", "--client-id", "wiki"],
    ...["--public-url", "https://wiki.example.com", "--service", "http://wiki:80", ...args],
  );
beforeEach(() => {
  rmSync(folder.path, { recursive: true });
  mkdirSync(folder.path);
});

const checked = async (...more: string[]) => {
  writeFileSync(path("state/client-secret-wiki"), "kZ3vQ8wL1xN5rT7yB2mD4fG6");
  return (await run("check", "--strict", "traefik.yml", "dynamic.yml", ...more)).stdout;
};

describe("a file of Traefik's", () => {
  for (const [name, first, more, count] of [
    ["sign-in", [], [], 5],
    ["sign-in with roles", ["--preset", "read-write"], ["--preset", "admin"], 5],
    ["a public client", ["--public-client"], ["--public-client"], 5],
    ["tokens only beside it", [], ["--bearer-only"], 4],
    ["tokens only", ["--bearer-only"], [], 3],
    ["Prefect beside it", [], ["--preset", "prefect"], 5],
    ["a store", ["--replicas", "2", "--store", "etcd=http://etcd:2379"], [], 6],
  ] as [string, string[], string[], number][]) {
    test(`${name}: both applications pass check, and no line of the first is changed`, async () => {
      await run(...FIRST, ...first);
      const before = read("dynamic.yml");
      const { code, stderr, stdout } = await add(...more);
      assert.equal(code, 0, stderr);
      assert.equal(read("dynamic.yml"), before, "the file itself is left to its owner");
      const after = read("dynamic.yml.new");
      const kept = after.split("\n").filter((line) => before.split("\n").includes(line));
      for (const line of before.split("\n")) assert.ok(kept.includes(line), line);
      writeFileSync(path("made.diff"), stdout);
      const patched = spawnSync("patch", ["-s", "-o", "patched.yml", "dynamic.yml", "made.diff"], {
        cwd: folder.path,
      });
      assert.equal(patched.status, 0, String(patched.stdout) + String(patched.stderr));
      assert.equal(read("patched.yml"), after, "what is shown is what is written");
      renameSync(path("dynamic.yml.new"), path("dynamic.yml"));
      rmSync(path("patched.yml"));
      assert.match(await checked(), new RegExp(`^${count} middlewares: 0 errors, 0 warnings\n`));
    });
  }

  test("the provider's options and the session's secret are the first one's, the client's are its own", async () => {
    await run(...FIRST, "--provider", "dex");
    await add("--preset", "signed-in");
    const { http } = parse(read("dynamic.yml.new"), { merge: true });
    const [app, wiki] = ["rolegate", "wiki"].map((it) => http.middlewares[it].plugin.rolegate);
    assert.deepEqual(wiki.session, app.session);
    assert.deepEqual(wiki.login.scopes, app.login.scopes);
    assert.deepEqual(wiki.rolesFrom, app.rolesFrom);
    assert.equal(wiki.login.clientSecret, "file:/state/client-secret-wiki");
    assert.deepEqual([wiki.clientId, wiki.publicUrl], ["wiki", "https://wiki.example.com"]);
    assert.equal(wiki.roles, undefined, "preset signed-in takes none");
    assert.equal(http.routers["wiki-login"].service, http.routers.login.service);
    assert.deepEqual(http.middlewares["wiki-login"].plugin.rolegate, { ...wiki, mode: "login" });
  });

  test("--dry-run shows it, and writes nothing", async () => {
    await run(...FIRST);
    const { code, stdout } = await add("--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /^\+ {4}wiki:$/m);
    assert.ok(!existsSync(path("dynamic.yml.new")));
  });

  test("a folder of files: a file of its own, and nothing to move", async () => {
    await run(...FIRST);
    mkdirSync(path("conf"));
    renameSync(path("dynamic.yml"), path("conf/app.yml"));
    writeFileSync(
      path("traefik.yml"),
      read("traefik.yml").replace("filename: dynamic.yml", "directory: conf"),
    );
    const { code, stderr } = await add();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /mv /);
    writeFileSync(path("state/client-secret-wiki"), "kZ3vQ8wL1xN5rT7yB2mD4fG6");
    const { stdout } = await run(
      "check",
      "--strict",
      "traefik.yml",
      "conf/app.yml",
      "conf/wiki.yml",
    );
    assert.match(stdout, /^5 middlewares: 0 errors, 0 warnings\n/);
    assert.equal(complaint(await add()).code, "file_exists");
  });
});

describe("what cannot be added", () => {
  const REFUSED: [name: string, code: string, args: string[]][] = [
    ["a name that is there", "name_taken", ["--add", "app"]],
    ["a name that is none", "name_invalid", ["--add", "a b"]],
    ["another issuer", "issuer_differs", ["--issuer", "https://other.example.com"]],
    ["an address with a path", "url_invalid", ["--public-url", "https://wiki.example.com/x"]],
  ];
  for (const [name, code, args] of REFUSED) {
    test(name, async () => {
      await run(...FIRST);
      const ran = await add(...args);
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
      assert.ok(!existsSync(path("dynamic.yml.new")));
    });
  }
  test("where there is nothing yet", async () => {
    const ran = await add();
    assert.deepEqual([ran.code, complaint(ran).code], [2, "nothing_to_add_to"]);
  });
  test("labels", async () => {
    await run(...FIRST, "--target", "docker");
    assert.equal(complaint(await add()).code, "nothing_to_add_to");
  });
  test("a file that is written in one line", async () => {
    await run(...FIRST);
    writeFileSync(path("dynamic.yml"), JSON.stringify(parse(read("dynamic.yml"), { merge: true })));
    const ran = await add();
    assert.deepEqual([ran.code, complaint(ran).code], [2, "not_mergeable"]);
  });
  test("twice: the first proposal is not written over", async () => {
    await run(...FIRST);
    await add();
    const ran = await add("--client-id", "other");
    assert.deepEqual([ran.code, complaint(ran).code], [2, "file_exists"]);
  });
});

test("in a real Traefik: somebody signs in at the second application by its own client", async () => {
  const undo = new Undo();
  try {
    const provider = await startProvider();
    undo.add(() => provider.stop());
    const site = await Site.at(undo);
    const second = site.url.replace("localhost", loopback);
    provider.clients.serve(site.url);
    provider.clients.serve(second);
    const { id: clientId, secret: clientSecret } = provider.clients;
    await site.start({ issuer: provider.issuer, clientId, clientSecret, args: [] });
    const client = { id: provider.clients.idOf("post"), secret: provider.clients.secret };
    const added = await rolegate(
      [
        ...["init", "--yes", "--add", "wiki", "--client-id", client.id, "--preset", "signed-in"],
        ...["--public-url", second, "--service", site.upstream.url],
      ],
      { cwd: site.folder.path },
    );
    assert.equal(added.code, 0, added.stderr);
    writeFileSync(site.path("state/client-secret-wiki"), client.secret);
    site.edit(() =>
      readFileSync(site.path("dynamic.yml.new"), "utf8").replaceAll(
        "clientSecret: file:/state/client-secret-wiki",
        "clientSecret: file:/state/client-secret-wiki\n            clientAuth: post",
      ),
    );
    const browser = site.browser();
    for (const until = Date.now() + 20_000; ;) {
      const page = await browser.go(`${second}/api/x`, { from: null });
      if (page.status !== 404) break;
      assert.ok(Date.now() < until, site.log());
    }
    const end = await browser.submit({ user: "alice" });
    assert.deepEqual([end.status, end.url], [200, `${second}/api/x`], site.log());
    assert.equal(headersOf(end)["x-forwarded-user"], "alice");
    const first = await browser.fetch(`${site.url}/api/x`, {
      headers: { Accept: "application/json" },
    });
    assert.equal(first.status, 401, "a session of the second is none of the first");
  } finally {
    await undo.all();
  }
});
