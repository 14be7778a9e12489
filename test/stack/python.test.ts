/** Python's pip on a bare machine: found, installed from Debian's packages, or said to be missing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../stack/machine/command.ts";
import { findPip } from "../../stack/fetch/python.ts";

const pip: Command = { program: "python3", args: ["-m", "pip"] };

/** A machine where `python3 -m pip` works once apt-get has installed something. */
function machine({ isRoot, isDebian }: { isRoot: boolean; isDebian: boolean }) {
  const calls: string[] = [];
  return {
    calls,
    isRoot,
    isDebian: async () => isDebian,
    find: async () => (calls.some((call) => call.startsWith("install")) ? pip : null),
    apt: async (...args: string[]) => void calls.push(args.join(" ")),
  };
}

test("a Python with pip is taken as it is", async () => {
  const bare = machine({ isRoot: true, isDebian: true });
  assert.equal(await findPip("It is fetched", { ...bare, find: async () => pip }), pip);
  assert.deepEqual(bare.calls, []);
});

test("root on a Debian without it: the packages are installed", async () => {
  const bare = machine({ isRoot: true, isDebian: true });
  assert.equal(await findPip("It is fetched", bare), pip);
  assert.deepEqual(bare.calls, [
    "update",
    "install -y --no-install-recommends python3 python3-pip",
  ]);
});

test("without root, or on another system, it is said what is missing", async () => {
  const missing = /^Error: It is fetched with Python's pip, and there is none/;
  for (const [isRoot, isDebian] of [
    [false, true],
    [true, false],
  ] as const) {
    const bare = machine({ isRoot, isDebian });
    await assert.rejects(findPip("It is fetched", bare), missing);
    assert.deepEqual(bare.calls, []);
  }
});
