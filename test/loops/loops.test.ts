/** Every loop ends: each has a bound, and no suite makes one turn more often (`npm run loops` runs all of them). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type TemporaryFolder, temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { type Counts, counted, loopsOf, noCounts } from "./counted.ts";
import { countedGuest } from "./programs.ts";
import { run } from "./suites.ts";

/** A representative part: what comes at the limits, every case of the table, every mistake, sign-in, and garbage. */
const TESTS = ["loops/heaviest", "guest/cases", "guest/greedy", "guest/endless", "login/"];
const FUZZ = ["--cases", "5000", "--seed", "loops"];
/** Of all loops that are compiled: those that turn in that part. */
const LEAST_SHARE = 0.8;

test("each loop of the guest has a bound, each bound a loop, and none is exceeded", async () => {
  const program = countedGuest();
  const { counts, failures } = await run({ programs: [program], tests: TESTS, fuzz: FUZZ });
  assert.deepEqual([...new Set(counts.exceeded)], []);
  assert.equal(failures, "");
  const loops = loopsOf(new WebAssembly.Module(readFileSync(program.counted)))!;
  const compiled = loops.filter((loop) => loop !== null).length;
  const turned = Object.keys(counts.loops).length;
  assert.ok(turned > LEAST_SHARE * compiled, `of ${compiled} loops ${turned} turned`);
  assert.ok(counts.calls.handle_request! > 0 && counts.calls.handle_response! > 0);
});

const PROGRAM = `
  export function endless(): i32 {
    let turns = 0;
    while (true) turns++;
    return turns;
  }
  export class Counter {
    up(to: i32): i32 {
      let sum = 0;
      for (let i = 0; i < to; i++) {
        for (let j = 0; j < i; j++) sum += j;
      }
      return sum;
    }
  }
  export function count(to: i32): i32 {
    return new Counter().up(to);
  }
`;

describe("a program of three loops", () => {
  let folder: TemporaryFolder;
  before(() => (folder = temporaryFolder("loops", join(root, "build"))));
  after(() => folder.remove());

  /** Compiles it with a table for its file. */
  function compile(functions: Record<string, unknown>) {
    const file = `${folder.path.slice(root.length + 1)}/sample`;
    const table = join(folder.path, "table.mjs");
    writeFileSync(join(root, `${file}.ts`), PROGRAM);
    writeFileSync(table, `export default ${JSON.stringify({ [`${file}.ts`]: functions })};`);
    return spawnSync(
      process.execPath,
      [
        ...["node_modules/assemblyscript/bin/asc.js", `${file}.ts`, "--config", "none"],
        ...["--outFile", `${file}.wasm`, "--runtime", "stub", "--use", "abort="],
        ...["--transform", "./test/loops/count-loops.mjs"],
      ],
      { cwd: root, encoding: "utf8", env: { ...process.env, LOOPS_TABLE: `file://${table}` } },
    );
  }

  function start(counts: Counts) {
    const module = new WebAssembly.Module(readFileSync(join(folder.path, "sample.wasm")));
    const { exports } = new WebAssembly.Instance(module, {});
    return counted(exports, loopsOf(module)!, counts) as Record<string, (to?: number) => number>;
  }

  test("a loop without a bound is no program, nor is a bound without a loop", () => {
    const { status, stderr } = compile({ endless: "7", "Counter.up": ["1"], gone: "7" });
    assert.notEqual(status, 0);
    assert.match(stderr, /no bound: \S+ Counter\.up 2 \(line 11\)/);
    assert.match(stderr, /no loop: \S+ gone/);
  });

  test("an endless loop ends, and is named; so is one that turns more often than it may", () => {
    const { status, stderr } = compile({ endless: "1000", "Counter.up": ["3", "RULES"] });
    assert.equal(status, 0, stderr);
    const counts = noCounts();
    const { count, endless } = start(counts);
    assert.equal(count!(3), 1);
    assert.throws(() => endless!(), /endless 1: more than 1000 turns in a row, 1000/);
    assert.throws(() => count!(4), /Counter\.up 1: more than 3 turns in a row, 3/);
    assert.equal(counts.exceeded.length, 2);
    const up = (nth: number) =>
      Object.entries(counts.loops).find(([name]) => name.endsWith(` Counter.up ${nth}`))?.[1];
    assert.deepEqual(up(1), [4, 4]);
    // In a row 0, 1, 2 turns.
    assert.deepEqual(up(2), [2, 3]);
  });

  test("a product of loops that each keep to their bounds ends, too", () => {
    const most = String(60_000_000);
    const { status, stderr } = compile({ endless: "1", "Counter.up": [most, most] });
    assert.equal(status, 0, stderr);
    const counts = noCounts();
    assert.throws(
      () => start(counts).count!(20_000),
      /its turn is one too many of all in one call/,
    );
  });
});
