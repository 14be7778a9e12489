/**
 * A guest keeps what it found out about the last request's header names (assembly/gate/header-names.ts): another list
 * must never be taken for it. What is longer than the first buffer is read whole.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { loadGuest } from "../../src/guest/load.ts";
import { root } from "../../tools/root.ts";
import { GOOD } from "../cases/configurations.ts";
import { loadGate } from "../support/gate.ts";
import { claims, token } from "../support/tokens.ts";

const SPELLINGS = ["X-Forwarded-User", "X_forwarded_user", "X_forwarded-User", "X-Forwarded_user"];
/** As long as those, and nobody's: the list of names has the same length. */
const FREE = "X-Forwarded-Usex";

/** Sends a caller's request with more headers, and returns what the upstream got. */
async function gate() {
  const guest = await loadGate({
    ...GOOD,
    rules: [{ match: "Path(`/team`)", allow: "Header(`X-Team`, `a`)" }],
    default: "authenticated",
    forwardHeaders: { "X-Forwarded-User": "sub" },
  });
  const authorization = `Bearer ${await token()}`;
  return async (more: [string, string][], target = "/") => {
    const headers: [string, string][] = [["Authorization", authorization], ...more];
    const { forwarded } = await guest.handle({ method: "GET", target, headers });
    return { headers: forwarded?.headers, target: forwarded?.target };
  };
}

for (const spelling of SPELLINGS) {
  test(`${spelling}, after a request whose list of names is as long`, async () => {
    const ask = await gate();
    for (let i = 0; i < 3; i++) {
      assert.equal((await ask([[FREE, "me"]])).headers!.get(FREE), "me");
      const { headers } = await ask([[spelling, "forged"]]);
      assert.equal(headers!.get("X-Forwarded-User"), claims().sub);
      if (spelling !== "X-Forwarded-User") assert.equal(headers!.get(spelling), undefined);
    }
  });
}

test("a header that a rule asks for is read where it is there, and only there", async () => {
  const ask = await gate();
  for (let i = 0; i < 3; i++) {
    assert.ok((await ask([["X-Team", "a"]], "/team")).headers);
    assert.ok(!(await ask([["X-Tean", "a"]], "/team")).headers);
    assert.ok(!(await ask([["X-Team", "b"]], "/team")).headers);
    assert.ok(!(await ask([], "/team")).headers);
  }
});

test("lists that are too long to be kept are sorted each time, and the kept one stays", async () => {
  const ask = await gate();
  const many = Array.from({ length: 60 }, (_, i): [string, string] => [`X-Long-Name-Of-${i}`, "1"]);
  for (let i = 0; i < 3; i++) {
    const { headers } = await ask([...many, ["X_forwarded_user", "forged"]]);
    assert.equal(headers!.get("X_forwarded_user"), undefined);
    assert.equal(headers!.get("X-Forwarded-User"), claims().sub);
    assert.equal((await ask([[FREE, "me"]])).headers!.get(FREE), "me");
  }
});

test("lists that take turns, in any order", async () => {
  const ask = await gate();
  const lists = [...SPELLINGS, FREE, "Accept", "X-Trace"].map((name) => async () => {
    const { headers } = await ask([[name, "me"]]);
    assert.equal(headers!.get("X-Forwarded-User"), claims().sub, name);
    const kept = [FREE, "Accept", "X-Trace"].includes(name) ? "me" : undefined;
    if (name !== "X-Forwarded-User") assert.equal(headers!.get(name), kept, name);
  });
  for (let step = 1; step < lists.length; step++) {
    for (let i = 0; i < 3 * lists.length; i++) await lists[(i * step) % lists.length]!();
  }
  for (const [i, one] of lists.entries()) {
    for (const other of lists.slice(i + 1)) {
      for (let turn = 0; turn < 3; turn++) {
        await one();
        await other();
      }
    }
  }
});

test("the host is asked in Go's spelling of names, which it need not make anew", async () => {
  const names: string[] = [];
  const guest = await loadGuest({
    wasm: join(root, "plugin.wasm"),
    config: { ...GOOD, forwardHeaders: { "X-Forwarded-User": "sub" }, default: "authenticated" },
    onCall(name, args, memory) {
      if (name !== "get_header_values" && name !== "remove_header") return;
      const [, start, length] = args as number[];
      names.push(Buffer.from(memory.buffer, start! >>> 0, length).toString());
    },
  });
  const headers: [string, string][] = [
    ["Authorization", `Bearer ${await token()}`],
    ...SPELLINGS.map((spelling): [string, string] => [spelling, "forged"]),
  ];
  for (let i = 0; i < 2; i++) {
    names.length = 0;
    assert.ok((await guest.handle({ method: "GET", target: "/", headers })).forwarded);
    assert.deepEqual(names.toSorted(), ["Authorization", "Authorization", ...SPELLINGS].toSorted());
  }
});

/** Around the size of the buffer that the guest first reads into (assembly/host/exchange.ts). */
const LENGTHS = [2046, 2047, 2048, 2049, 2050, 4096, 6000];

test("values that fill the first buffer, or are a byte too long for it, are read whole", async () => {
  const ask = await gate();
  for (const length of LENGTHS) {
    // The host ends both values with a NUL.
    const values = (last: string): [string, string][] => [
      ["X-Team", "x".repeat(length - 3)],
      ["X-Team", last],
    ];
    assert.ok((await ask(values("a"), "/team")).headers, String(length));
    assert.ok(!(await ask(values("b"), "/team")).headers, String(length));
  }
});

test("targets that fill the first buffer, or are a byte too long for it, are read whole", async () => {
  const ask = await gate();
  for (const length of LENGTHS) {
    const target = `/team?${"q".repeat(length - 6)}`;
    assert.equal((await ask([["X-Team", "a"]], target)).target, target);
    assert.ok(!(await ask([["X-Team", "b"]], target)).headers, String(length));
  }
});

test("lists of names around the size of the first buffer are read whole", async () => {
  const ask = await gate();
  for (let length = 1980; length < 2060; length++) {
    for (let i = 0; i < 2; i++) {
      const { headers } = await ask([
        ["X".repeat(length), "1"],
        ["X_forwarded_user", "forged"],
      ]);
      assert.equal(headers!.get("X-Forwarded-User"), claims().sub);
      assert.equal(headers!.get("X_forwarded_user"), undefined);
    }
  }
});
