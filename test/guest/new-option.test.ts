/**
 * An option is added by a row of config/options.yaml and the code that reads it, and by nothing else: three of them, in a
 * copy of the sources, which is then compiled.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Ajv } from "ajv";
import { filesOfOptions, PAGE, SCHEMA, TABLE } from "../../src/options/files.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { CLIENT_SECRET, SESSION_SECRET } from "../cases/sign-in.ts";
import { but } from "../cases/configurations.ts";
import { loadGate } from "../support/gate.ts";
import { HOST, LoginHost } from "../support/login-host.ts";

const LIST = `  Mood: [calm, stern]
`;
const ROWS = `    - path: validation.patience
      type: seconds
      least: 10s
      most: 1h
      default: 5m
      meaning: How long a guest is target

    - path: mood
      type: word
      words: Mood
      default: calm
      meaning: How a guest answers, \`calm\` or \`stern\`

    - path: login.alias
      type: text
      empty: true
      identity: true
      meaning: What users are called

`;
/** The code that reads them: what a value may be is in the table. */
const READS = `  ValidationOptions.patience(top.section("validation"));
  TopOptions.mood(top);
  LoginOptions.alias(top.section("login"));
`;

const folder = temporaryFolder("new-option");
after(() => folder.remove());
const inCopy = (path: string) => join(folder.path, path);
const wasm = inCopy("plugin.wasm");

/** Puts a text in front of the first place where another one is. */
function insert(path: string, anchor: string, text: string): void {
  const source = readFileSync(inCopy(path), "utf8");
  assert.ok(source.includes(anchor), `${path} has no ${anchor}`);
  writeFileSync(
    inCopy(path),
    source.replace(anchor, () => text + anchor),
  );
}

before(async () => {
  for (const path of ["assembly", "tools", "asconfig.json", TABLE, PAGE]) {
    mkdirSync(dirname(inCopy(path)), { recursive: true });
    cpSync(join(root, path), inCopy(path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), inCopy("node_modules"));
  insert(TABLE, "  Audit: [", LIST);
  insert(TABLE, "    - path: validation.acceptAzp\n", ROWS);
  for (const [path, text] of await filesOfOptions(folder.path)) {
    mkdirSync(dirname(inCopy(path)), { recursive: true });
    writeFileSync(inCopy(path), text);
  }
  insert("assembly/config/read.ts", "  readPublicUrl(top, settings);\n", READS);
  insert(
    "assembly/config/read.ts",
    "import { readLogin,",
    'import { LoginOptions } from "./options";\n',
  );
  // As the release, but for what takes the compiler longest.
  const transforms = ["no-collector", "packed-texts"].flatMap((it) => [
    "--transform",
    `./tools/${it}.mjs`,
  ]);
  const options = [
    "--target",
    "release",
    "--optimizeLevel",
    "0",
    "--shrinkLevel",
    "0",
    ...transforms,
  ];
  const compiler = "node_modules/assemblyscript/bin/asc.js";
  const { status, stderr } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: folder.path,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});

const config = (more: Record<string, unknown> = {}, login: Record<string, unknown> = {}) =>
  but({
    publicUrl: `https://${HOST}`,
    session: { secrets: [SESSION_SECRET] },
    login: { clientSecret: CLIENT_SECRET, ...login },
    rules: [{ match: "PathPrefix(`/`)", allow: "authenticated" }],
    ...more,
  });

const good = {
  absent: config(),
  "at the ends": config({ validation: { patience: "10s" }, mood: "stern" }, { alias: "" }),
  "as text, in any case": config({ validation: { Patience: "60m" }, MOOD: "calm" }, { alias: "x" }),
};
const bad: [name: string, config: object, path: string, code: string, says: RegExp][] = [
  [
    "too little",
    config({ validation: { patience: 9 } }),
    "validation.patience",
    "wrong_value",
    /from 10 to 3600 s/,
  ],
  [
    "too much",
    config({ validation: { patience: "2h" } }),
    "validation.patience",
    "wrong_value",
    /from 10 to/,
  ],
  ["no word of it", config({ mood: "merry" }), "mood", "wrong_value", /calm, stern/],
  ["misspelt", config({ moood: "calm" }), "moood", "unknown_key", /did you mean mood\?/],
  ["of another type", config({}, { alias: {} }), "login.alias", "wrong_type", /expected a text/],
];

describe("the guest", () => {
  for (const [name, block] of Object.entries(good)) {
    test(`takes them ${name}`, async () => {
      assert.equal((await loadGate(block, { wasm })).check().errors, 0);
    });
  }
  for (const [name, block, path, code, says] of bad) {
    test(`refuses what is ${name}`, async () => {
      const { logs } = (await loadGate(block, { wasm })).check();
      const [finding, ...others] = logs.flatMap(({ data }) =>
        data?.severity === "error" ? [data] : [],
      );
      assert.deepEqual(others, []);
      assert.deepEqual([finding!.path, finding!.code], [path, code]);
      assert.match(String(finding!.message), says);
    });
  }
  test("takes a session for another one's when what changes who somebody is changes", async () => {
    const host = await LoginHost.start(config({}, { alias: "a" }), { wasm });
    await host.signIn();
    const visit = async (block: object) => {
      const guest = await loadGate(block, { wasm, now: () => host.clock.ms });
      const headers = { Host: HOST, Cookie: host.jar.header("/")! };
      return (await guest.handle({ target: "/", headers })).forwarded !== null;
    };
    assert.equal(await visit(config({}, { alias: "a" })), true);
    assert.equal(await visit(config({ mood: "stern" }, { alias: "a" })), true);
    assert.equal(await visit(config({}, { alias: "b" })), false);
    assert.equal(await visit(config()), false);
  });
});

test("the schema has them", () => {
  const schema = JSON.parse(readFileSync(inCopy(SCHEMA), "utf8")) as {
    definitions: Record<string, { description: string }>;
  };
  const { description } = schema.definitions["validation.patience"]!;
  assert.equal(description, "How long a guest is target. From 10s to 1h. Default: 5m");
  const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);
  const plain = (block: object) => JSON.parse(JSON.stringify(block)) as unknown;
  for (const [name, block] of Object.entries(good)) assert.ok(accepts(plain(block)), name);
  for (const [name, block] of bad) assert.ok(!accepts(plain(block)), name);
});

test("the page has them", () => {
  const lines = readFileSync(inCopy(PAGE), "utf8").split("\n");
  const expected = [
    "| `validation.patience` | `5m` | How long a guest is target. From `10s` to `1h` |",
    "| `mood` | `calm` | How a guest answers, `calm` or `stern` |",
    "| `login.alias` | | What users are called |",
  ];
  for (const line of expected) assert.ok(lines.includes(line), line);
});
