/** What counts as killed: tests that fail, or do not end, with a mutant, and pass in a fraction of their time without. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { killAlone } from "./kill.ts";
import { run } from "./runs.ts";
import { sample } from "./summary.ts";

const FOLDER = "build/test/mutate-runs";
const FILE = "mutate-runs/tests";

before(() => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    `${FOLDER}/tests.test.mjs`,
    `import { test } from "node:test";
     const mutant = process.env.ROLEGATE_MUTANT;
     const loop = () => { for (;;); };
     test("good", async () => {
       if (mutant === "fails") throw new Error();
       if (mutant === "loops") loop();
       if (mutant === "waits") await new Promise((resolve) => setTimeout(resolve, 1e9));
     });
     test("bad", () => { throw new Error(); });
     test("endless", loop);`,
  );
});
after(() => rmSync(FOLDER, { recursive: true }));

/** A file whose tests take no time, and of which one can tell the mutant. */
const traceOf = (name: string, id: string) => ({ seconds: 0, tests: [[name, [id]]] as const });

for (const [id, name, kill] of [
  ["fails", "good", "fails"],
  ["loops", "good", "does not end"],
  ["nothing", "good", null],
  // They are no better without the mutant.
  ["fails", "bad", null],
  ["loops", "endless", null],
] as const) {
  test(`"${name}" with a mutant that ${id}: ${kill}`, async () => {
    assert.equal(await killAlone(FILE, traceOf(name, id), id), kill);
  });
}

test("a test that waits for ever is ended as well", async () => {
  const { stuck, passed } = await run({ file: FILE, names: ["good"], mutant: "waits", limit: 1 });
  assert.deepEqual([stuck, passed.size], ["", 0]);
});

test("as the seed counts up, a sample comes to each mutant once", () => {
  const mutants = Array.from({ length: 47 }, (_, i) => ({ check: `a#b: ${i}`, operand: "x" }));
  for (const first of [0, 20_000]) {
    const samples = [0, 1, 2, 3, 4].map((i) => sample(mutants, 10, first + i));
    assert.deepEqual(samples.map(({ length }) => length).sort(), [10, 10, 10, 10, 7]);
    assert.equal(new Set(samples.flat()).size, mutants.length);
    assert.deepEqual(sample(mutants, 10, first + 5), samples[0]);
  }
});
