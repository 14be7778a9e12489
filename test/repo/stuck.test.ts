/** What is said of a test file that is about to run out of time: where it is, although nothing of it is printed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { childrenOf, watch } from "../../tools/stuck.mjs";

/** The body of a test, and what is said of it. */
const BODIES: Record<string, [string, RegExp]> = {
  "a loop names its function": [
    "function neverEnds() { for (;;); }\nneverEnds();",
    /#0 neverEnds /,
  ],
  "a lock says where it waits": [
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    /thread \d+ \S+ S [^]*#0 \S+ \S+stuck\.test\.mjs:4:/,
  ],
  "what waits for an event runs nothing": [
    "return new Promise(() => setInterval(() => {}, 60_000));",
    /thread \d+ \S+ S [^]*no JavaScript runs/,
  ],
};
/** Another debugger may be at Node's port. */
const ATTEMPTS = 5;

for (const [name, [body, wanted]] of Object.entries(BODIES)) {
  test(name, async () => {
    const folder = temporaryFolder("stuck");
    const file = join(folder.path, "stuck.test.mjs");
    const tests = `test("first", () => {});\ntest("second", () => {\n${body}\n});\n`;
    writeFileSync(file, `import { test } from "node:test";\n${tests}`);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const runner = spawn(process.execPath, ["--test", file], { env, stdio: "ignore" });
    const ended = once(runner, "exit");
    try {
      let text = "";
      for (let i = 0; i < ATTEMPTS && !wanted.test(text); i++) text = await lookAt(runner.pid!);
      assert.ok(text.startsWith(`about to time out: ${file}, process `), text);
      assert.match(text, wanted);
    } finally {
      // The runner ends with its only file.
      for (const pid of childrenOf(runner.pid!)) process.kill(Number(pid), "SIGKILL");
      runner.kill();
      await ended;
      folder.remove();
    }
  });
}

async function lookAt(runner: number): Promise<string> {
  let unwatch = () => {};
  const text = await new Promise<string>((resolve) => {
    unwatch = watch(runner, 0.5, resolve);
  });
  unwatch();
  return text;
}
