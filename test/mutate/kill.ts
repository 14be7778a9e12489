/**
 * Looks for tests that fail with a mutant switched on. Many mutants are tried in one run of a file: each is on while one
 * test runs that can tell it from the guest. All other tests must pass meanwhile, or nothing of the run counts, for then
 * a mutant has left something behind. What is left is tried alone.
 */
import { run, type Trace } from "./runs.ts";

/** Tests that a mutant is tried with in runs of many. */
const TRIES = 4;

/** Of the mutants that were tried, those that a test of the file fails with. */
export async function killWith(
  file: string,
  trace: Trace,
  ids: readonly string[],
): Promise<Set<string>> {
  const killed = new Set<string>();
  const candidates = new Map(ids.map((id) => [id, testsOf(id, trace).slice(0, TRIES)]));
  const patience = 5 + 3 * trace.seconds;
  for (let plan = planOf(candidates); plan.size > 0; plan = planOf(candidates)) {
    const { passed, failed, looping } = await run({ file, plan, patience });
    if (looping !== null) {
      // Nothing else of the run is known; the others are tried anew.
      const id = plan.get(looping);
      if (id === undefined) break;
      killed.add(id);
      plan.delete(looping);
      candidates.delete(id);
      for (const [name, other] of plan) candidates.get(other)?.unshift(name);
      continue;
    }
    if (passed.size + failed.size === 0) break;
    const strays = [...failed].filter((name) => !plan.has(name));
    for (const [name, id] of plan) {
      if (strays.length > 0 || !failed.has(name)) continue;
      killed.add(id);
      candidates.delete(id);
    }
    if (strays.length > 0) console.log(`${file}: "${strays[0]}" fails on the way`);
  }
  return killed;
}

/** A test for each mutant, as far as they go round; it is taken from the mutant's candidates. */
function planOf(candidates: Map<string, string[]>): Map<string, string> {
  const plan = new Map<string, string>();
  const fewestFirst = [...candidates].sort((a, b) => a[1].length - b[1].length);
  for (const [id, tests] of fewestFirst) {
    const at = tests.findIndex((name) => !plan.has(name));
    if (at >= 0) plan.set(tests.splice(at, 1)[0]!, id);
  }
  return plan;
}

/** Whether the file's tests that can tell a mutant fail with it alone, and pass without. */
export async function killAlone(file: string, trace: Trace, id: string): Promise<boolean> {
  const told = trace.tests.filter(([, seen]) => seen.includes(id)).map(([name]) => name);
  if (told.length === 0) return false;
  const names = told.includes("") ? undefined : told;
  const patience = 5 + 3 * trace.seconds;
  const { failed, looping } = await run({ file, names, mutant: id, patience });
  if (looping === null && failed.size === 0) return false;
  const without = await run({ file, names });
  return without.failed.size === 0 && without.passed.size > 0;
}

/** Names of the tests that can tell it, the most particular first; not what is around all of them. */
function testsOf(id: string, trace: Trace): string[] {
  return trace.tests
    .filter(([name, ids]) => name !== "" && ids.includes(id))
    .sort((a, b) => a[1].length - b[1].length)
    .map(([name]) => name);
}
