/** `-` is standard input, of every command that reads files, however slowly it comes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { keySet, rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { complaint, fixtures, program, rolegate } from "./run.ts";

const folder = temporaryFolder("standard-input");
after(() => folder.remove());
const fixture = (name: string) => readFileSync(join(fixtures, name), "utf8");
const kept = (name: string, text: string) => {
  writeFileSync(join(folder.path, name), text);
  return join(folder.path, name);
};

/** More than a pipe holds: once it is written, somebody reads, and finds nothing more for a while. */
const SPACE = "\n".repeat(300_000);
const COMMENT = `# ${"x".repeat(300_000)}\n`;

const DYNAMIC = ["-c", "explain/dynamic.yml"];
const jwks = kept("jwks.json", JSON.stringify(await keySet(rsa)));
const jwt = await token({});
const bearer = kept("token.txt", jwt);

/** The same command with a file, and what that file has. */
const COMMANDS: Record<string, { args: string[]; file: string; text: string; before?: string }> = {
  check: { args: ["check", "?"], file: "check/dynamic.yml", text: fixture("check/dynamic.yml") },
  "check, one of two": {
    args: ["check", "check/traefik.yml", "?"],
    file: "check/dynamic.yml",
    text: fixture("check/dynamic.yml"),
  },
  "explain --config": {
    args: ["explain", "-c", "?", "--role", "viewer", "/api/runs"],
    file: "explain/dynamic.yml",
    text: fixture("explain/dynamic.yml"),
  },
  "explain --curl": {
    args: ["explain", ...DYNAMIC, "--role", "viewer", "--curl", "?"],
    file: "explain/curl.txt",
    text: fixture("explain/curl.txt"),
  },
  "explain --data": {
    args: ["explain", ...DYNAMIC, "--role", "viewer", "-d", "@?", "/api/blocks"],
    file: kept("body.json", '{"include_secrets": true}'),
    text: '{"include_secrets": true}',
  },
  "explain --token": {
    args: ["explain", ...DYNAMIC, "--trust", "--token", "@?", "/api/runs"],
    ...{ file: bearer, text: jwt },
  },
  "explain --jwks": {
    args: ["explain", ...DYNAMIC, "--token", jwt, "--jwks", "?", "/api/runs"],
    ...{ file: jwks, text: readFileSync(jwks, "utf8") },
  },
  "matrix --routes": {
    args: ["matrix", "-c", "matrix/before.yml", "-f", "csv", "--routes", "?"],
    file: "matrix/routes.txt",
    text: fixture("matrix/routes.txt"),
  },
  "matrix --openapi": {
    args: ["matrix", "-c", "matrix/before.yml", "-f", "csv", "--openapi", "?"],
    file: "matrix/openapi.yml",
    text: fixture("matrix/openapi.yml"),
  },
  "matrix --against": {
    args: ["matrix", "-c", "matrix/after.yml", "-a", "?", "--routes", "matrix/routes.txt"],
    file: "matrix/before.yml",
    text: fixture("matrix/before.yml"),
  },
  migrate: {
    args: ["migrate", "?"],
    file: "migrate/oauth2-proxy.cfg",
    text: fixture("migrate/oauth2-proxy.cfg"),
    before: COMMENT,
  },
  "keys show": {
    args: ["keys", "show", "?"],
    ...{ file: jwks, text: readFileSync(jwks, "utf8") },
  },
};

/** Lines are counted from the text's own first one, and the file has its own name. */
function comparable(text: string, file: string): string {
  return (
    text
      .replaceAll(file, "(standard input)")
      .replace(/\(standard input\):\d+/g, "(standard input)")
      // Comments are folded where a name makes them too long.
      .replace(/^#.*\n/gm, "")
      .replace(/X-Request-Id: \w+/g, "X-Request-Id")
      .replace(/^ *\d* +\|/gm, " |")
  );
}

describe("the answer is that for the file", () => {
  for (const [name, { args, file, text, before }] of Object.entries(COMMANDS)) {
    test(name, async () => {
      const ofFile = await rolegate(args.map((it) => it.replace("?", file)));
      const words = args.map((it) => it.replace("?", "-"));
      const piped = await rolegate(words, { input: before ?? SPACE, later: text });
      assert.equal(piped.code, ofFile.code, piped.stderr);
      for (const stream of ["stdout", "stderr"] as const) {
        assert.equal(comparable(piped[stream], file), comparable(ofFile[stream], file));
      }
    });
  }
});

test("one command's result is another one's input", () => {
  const line = `'${process.execPath}' '${program}' migrate migrate/oauth2-proxy.cfg | '${process.execPath}' '${program}' check -`;
  const { stdout, stderr } = spawnSync("bash", ["-c", line], { cwd: fixtures, encoding: "utf8" });
  assert.match(stdout, /^\d+ middlewares?: \d+ errors?/m);
  assert.doesNotMatch(stderr, /error \[/);
});

describe("what cannot be read is said", () => {
  test("named twice", async () => {
    for (const args of [
      ["check", "-", "-"],
      ["explain", "-c", "-", "--curl", "-"],
      ["matrix", "-c", "-", "-a", "-", "--routes", "matrix/routes.txt"],
    ]) {
      const ran = await rolegate(args, { input: fixture("explain/dynamic.yml") });
      assert.deepEqual([ran.code, complaint(ran).code], [2, "stdin_twice"], args.join(" "));
    }
  });

  test("nothing", async () => {
    const ran = await rolegate(["check", "-"]);
    assert.deepEqual([ran.code, complaint(ran).code], [2, "no_middleware"]);
  });

  test("too much", async () => {
    const ran = await rolegate(["check", "-"], { input: Buffer.alloc((8 << 20) + 1, "#") });
    assert.deepEqual([ran.code, complaint(ran).code], [2, "file_too_large"]);
  });
});
