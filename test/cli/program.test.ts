/** What every command has in common: version, help, errors, completion, colours, Ctrl-C. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { complaint, golden, rolegate, starts } from "./run.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
};

describe("version and help", () => {
  test("--version prints the package's, and the one that the plugin says", async () => {
    assert.deepEqual(await rolegate(["--version"]), {
      code: 0,
      stdout: `rolegate ${version}\nplugin.wasm ${version}\n`,
      stderr: "",
    });
  });

  test("--version without a plugin: its own, and what is missing", async () => {
    const env = { ROLEGATE_PLUGIN: "nowhere.wasm" };
    const { code, stdout, stderr } = await rolegate(["--version"], { env });
    assert.deepEqual([code, stdout], [2, `rolegate ${version}\n`]);
    assert.match(stderr, /plugin_missing/);
  });

  test("--version takes under 150 ms where Node itself takes 50", () => {
    const { times } = starts(["--version"]);
    // Measured: 1.6 to 1.8.
    assert.ok(times < 3, `${times.toFixed(1)} times as long as Node's start`);
  });

  test("--help shows the commands, with examples", async () => {
    const { code, stdout, stderr } = await rolegate(["--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    golden("help.txt", stdout);
  });

  test("every command has help with an example", async () => {
    const [, stdout = ""] = (await rolegate(["--help"])).stdout.split("Commands:\n");
    const names = [...stdout.matchAll(/^ {2}([a-z]+)[ [<]/gm)].map(([, name]) => name!);
    const commands = names.filter((name) => !["rolegate", "help"].includes(name));
    assert.ok(commands.length > 0);
    for (const name of commands) {
      const { code, stdout: help } = await rolegate([name, "--help"]);
      assert.equal(code, 0);
      assert.match(help, new RegExp(`\\nExamples:\\n {2}.*\\b${name}`), name);
    }
  });

  test("help does not speak of defaults that are empty lists", async () => {
    for (const name of ["check", "explain", "matrix"]) {
      const { stdout } = await rolegate([name, "--help"]);
      assert.doesNotMatch(stdout, /default:\s+\[\]/);
    }
    assert.match((await rolegate(["check", "--help"])).stdout, /default: "text"/);
  });

  test("no arguments: the help, and the exit code of a usage error", async () => {
    const { code, stdout } = await rolegate([]);
    assert.equal(code, 2);
    assert.match(stdout, /^Usage: rolegate/);
  });
});

describe("errors", () => {
  test("an unknown command: code, message and hint, no stack", async () => {
    const ran = await rolegate(["complet"]);
    assert.equal(ran.code, 2);
    assert.equal(ran.stdout, "");
    assert.deepEqual(complaint(ran), {
      code: "unknown_command",
      message: "unknown command 'complet'",
      hint: "Did you mean completion?",
    });
  });

  test("--debug shows where it came up", async () => {
    const { stderr } = await rolegate(["check", "none.yml", "--debug"]);
    assert.match(stderr, /^error \[file_unreadable\] none\.yml: .*\nCliError: .*\n +at /);
    assert.doesNotMatch((await rolegate(["check", "none.yml"])).stderr, /\n +at /);
  });

  test("an unknown option", async () => {
    const ran = await rolegate(["completion", "bash", "--colour"]);
    assert.equal(ran.code, 2);
    assert.equal(complaint(ran).code, "unknown_option");
  });

  test("the hint is the help of the command that was asked wrongly", async () => {
    const hints = [
      [["apikey", "new", "ci"], "missing_mandatory_option_value", "rolegate apikey new --help"],
      [["apikey"], "no_command", "rolegate apikey --help"],
      [["check"], "missing_argument", "rolegate check --help"],
      [["help", "chekc"], "unknown_command", "rolegate --help"],
    ] as const;
    for (const [args, code, help] of hints) {
      const said = complaint(await rolegate([...args]));
      assert.deepEqual([said.code, said.hint], [code, `${help} shows what there is`]);
    }
  });

  test("a file that cannot be written is no bug of ours: its path, and what stands in the way", async () => {
    const ran = await rolegate(["secret", "-o", join(root, "package.json/secret")]);
    const { code, message, hint } = complaint(ran);
    assert.deepEqual([ran.code, code, hint], [3, "not_written", ""]);
    assert.match(message, /package\.json\/secret: .*package\.json is no folder$/);
    const deep = complaint(await rolegate(["secret", "-o", join(root, "package.json/a/secret")]));
    assert.equal(deep.code, "not_written");
    assert.match(deep.message, /a part of the path is no folder$/);
  });

  test("a value that is none of the choices", async () => {
    const ran = await rolegate(["completion", "tcsh"]);
    assert.equal(ran.code, 2);
    assert.match(complaint(ran).message, /Allowed choices are bash, zsh, fish/);
  });
});

describe("colours", () => {
  const bad = ["complet"];
  const isColoured = (text: string) => text.includes("\u001b[");

  test("none without a terminal", async () => {
    assert.ok(!isColoured((await rolegate(bad)).stderr));
  });
  test("FORCE_COLOR asks for them, NO_COLOR and --no-color have the last word", async () => {
    const env = { FORCE_COLOR: "1" };
    assert.ok(isColoured((await rolegate(bad, { env })).stderr));
    assert.ok(!isColoured((await rolegate(bad, { env: { ...env, NO_COLOR: "1" } })).stderr));
    assert.ok(!isColoured((await rolegate([...bad, "--no-color"], { env })).stderr));
  });
});

describe("completion", () => {
  /** What bash offers after the words; the last one is being typed. */
  async function offered(...words: string[]): Promise<string[]> {
    const { stdout } = await rolegate(["completion", "bash"]);
    const quoted = ["rolegate", ...words].map((word) => `'${word}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _rolegate; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const shell = spawnSync("bash", ["-c", script], { cwd: root, encoding: "utf8" });
    assert.equal(shell.stderr, "");
    return shell.stdout.split("\n").filter(Boolean);
  }

  test("commands, choices, options and files", async () => {
    assert.deepEqual(await offered("comp"), ["completion"]);
    assert.deepEqual(await offered("completion", ""), ["bash", "zsh", "fish"]);
    const options = ["--debug", "--no-color", "-h", "--help"];
    assert.deepEqual(await offered("completion", "-"), options);
    assert.deepEqual(await offered("completion", "--deb"), ["--debug"]);
    assert.deepEqual(await offered("apikey", ""), ["new", "list", "revoke"]);
    assert.deepEqual(await offered("check", "--strict", "READ"), ["README.md"]);
    assert.deepEqual(await offered("check", "--mount", "READ"), ["README.md"]);
    assert.deepEqual(await offered("check", "--format", ""), ["text", "json", "sarif"]);
  });

  test("a bash with somebody at the keyboard completes: Tab, and the line goes on", async () => {
    const { stdout } = await rolegate(["completion", "bash"]);
    const folder = temporaryFolder("completion");
    try {
      writeFileSync(join(folder.path, "rolegate.bash"), stdout);
      const typed = [
        // Stands for the command: says how it was called.
        'rolegate() { printf "<%s>" "$@"; echo; }; . ./rolegate.bash',
        "rolegate comp\tba\t",
        "rolegate init --tar\tku\t --dry\t",
        "rolegate check rolegate.b\t",
        "exit",
      ];
      // A terminal of its own: bash reads keys only from one.
      const { stdout: screen } = spawnSync(
        "script",
        ["-qec", "bash --norc --noprofile -i", "/dev/null"],
        {
          ...{ cwd: folder.path, input: typed.map((line) => `${line}\n`).join("") },
          ...{ encoding: "utf8", env: { PATH: process.env.PATH ?? "", TERM: "dumb" } },
        },
      );
      const calls = [...screen.matchAll(/^(<.+>)\r$/gm)].map(([, call]) => call);
      assert.deepEqual(
        calls,
        ["<completion><bash>", "<init><--target><kubernetes><--dry-run>", "<check><rolegate.bash>"],
        screen,
      );
    } finally {
      folder.remove();
    }
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    test(`a script for ${shell}`, async () => {
      const { code, stdout, stderr } = await rolegate(["completion", shell]);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /completion/);
    });
  }
});
