/**
 * What Traefik's catalogue asks of a plugin's repository and release, held by this checkout and its archive. Its rules
 * are those of its own validator, which was run on them (traefik/piceus, 0a7ad2b).
 */
import assert from "node:assert/strict";
import { createHash, ECDH } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unzipSync } from "fflate";
import { parse } from "yaml";
import { loadGuest } from "../../src/guest/load.ts";
import { root } from "../../tools/root.ts";
import { FILES, git, manifest as ofPackage, release } from "./release.ts";

const { folder } = release();
const archive = unzipSync(readFileSync(join(folder, FILES.zip)));
const manifest = parse(Buffer.from(archive[".traefik.yml"]!).toString()) as Record<string, unknown>;

test("the release has one zip, and in it manifest and module stand at the top", () => {
  assert.equal(readdirSync(folder).filter((name) => name.endsWith(".zip")).length, 1);
  assert.ok(archive[".traefik.yml"] && archive["plugin.wasm"]);
});

test("the manifest says what it has to, and names no other module", () => {
  for (const key of ["displayName", "summary"]) assert.match(String(manifest[key]), /\w/, key);
  assert.deepEqual([manifest.type, manifest.runtime], ["middleware", "wasm"]);
  assert.ok(Object.keys(manifest.testData as object).length > 0);
  assert.equal(manifest.wasmPath, undefined);
});

test("its example starts without mounts and variables, and has no mistake", async () => {
  const guest = await loadGuest({
    wasm: new WebAssembly.Module(archive["plugin.wasm"]! as Buffer),
    config: manifest.testData,
  });
  const { errors, logs } = guest.check();
  assert.deepEqual([errors, logs], [0, []]);
  const { response } = await guest.handle({ target: "/" });
  assert.equal(response.status, 401);
});

test("nobody can have the private half of its key: the public one is made of a sentence", () => {
  const { jwks } = manifest.testData as { jwks: string };
  const [key] = (JSON.parse(jwks) as { keys: { x: string; y: string }[] }).keys;
  const x = createHash("sha256").update("Rolegate: nobody has the private key 0").digest();
  const point = ECDH.convertKey(Buffer.concat([Buffer.of(2), x]), "prime256v1") as Buffer;
  assert.deepEqual(
    [key!.x, key!.y],
    [point.subarray(1, 33), point.subarray(33)].map((it) => it.toString("base64url")),
  );
});

test("README, package and manifest are there, and tell the same", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  assert.ok(readme.length > 1000);
  assert.ok(ofPackage.description.startsWith(String(manifest.summary).replace(/\.$/, "")));
  const module = /github\.com\/[^/]+\/\w+/.exec(ofPackage.repository.url)![0];
  assert.match(module, /\/rolegate$/, "a name by which check knows the plugin");
});

test("all tags are versions, or the repository is refused", () => {
  const odd = git(root, "tag")
    .split("\n")
    .filter((tag) => tag !== "" && !/^v\d+\.\d+\.\d+$/.test(tag));
  assert.deepEqual(odd, []);
});

/** As GitHub counts: by the extension, unless .gitattributes says something else; data and prose do not count. */
const LANGUAGES: Record<string, string> = {
  ...{ ts: "TypeScript", mjs: "JavaScript", js: "JavaScript", go: "Go", py: "Python", sh: "Shell" },
  ...{ css: "CSS", html: "HTML" },
};

test("most of the repository is Go to GitHub, for the catalogue looks for nothing else", () => {
  const files = git(root, "ls-files").split("\n");
  const attributes = (name: string) =>
    new Map(
      git(root, "check-attr", name, "--", ...files)
        .split("\n")
        .map((line) => line.split(`: ${name}: `) as [string, string]),
    );
  const vendored = attributes("linguist-vendored");
  const named = attributes("linguist-language");
  const bytes: Record<string, number> = {};
  for (const file of files) {
    const byName = LANGUAGES[/\.(\w+)$/.exec(file)?.[1] ?? ""];
    if (!byName || vendored.get(file) !== "unspecified") continue;
    const attribute = named.get(file)!;
    const language = attribute === "unspecified" ? byName : attribute;
    bytes[language] = (bytes[language] ?? 0) + statSync(join(root, file)).size;
  }
  const [[most]] = Object.entries(bytes).sort(([, a], [, b]) => b - a) as [[string, number]];
  assert.equal(most, "Go", JSON.stringify(bytes));
});
