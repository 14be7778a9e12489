/**
 * Looks for tests that fail with a mutant switched on. Many mutants are tried in one run of a file: each is on while one
 * test runs that can tell it from the guest. All other tests must pass meanwhile, or nothing of the run counts, for then
 * a mutant has left something behind. What is left is tried alone, and so is what makes a run stick.
 */
import { run, SHARE, type Trace } from "./runs.ts";

/** What becomes of the tests with a mutant. */
export type Kill = "fails" | "does not end";

/** Tests that a mutant is tried with in runs of many. */
const TRIES = 4;

/** Of the mutants that were tried, those that a test of the file fails with. */
export async function killWith(
  file: string,
  trace: Trace,
  ids: readonly string[],
  isOver: () => boolean,
): Promise<Set<string>> {
  const killed = new Set<string>();
  const candidates = new Map(ids.map((id) => [id, testsOf(id, trace).slice(0, TRIES)]));
  for (let plan = planOf(candidates); plan.size > 0 && !isOver(); plan = planOf(candidates)) {
    const { passed, failed, stuck } = await run({ file, plan, limit: limitOf(trace) });
    if (stuck !== null) {
      // Nothing else of the run is known; the others are tried anew.
      const id = plan.get(stuck);
      if (id === undefined) break;
      plan.delete(stuck);
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

/**
 * What becomes of the file's tests that can tell a mutant with it alone; null: they pass. Only what they do not do
 * without it counts, and that they do not end only where they are far from their limit without it.
 */
export async function killAlone(file: string, trace: Trace, id: string): Promise<Kill | null> {
  const told = trace.tests.filter(([, seen]) => seen.includes(id)).map(([name]) => name);
  if (told.length === 0) return null;
  const names = told.includes("") ? undefined : told;
  const limit = limitOf(trace);
  const { failed, stuck } = await run({ file, names, mutant: id, limit });
  if (stuck === null && failed.size === 0) return null;
  const without = await run({ file, names, limit });
  if (without.stuck !== null || without.failed.size > 0 || without.passed.size === 0) return null;
  if (failed.size > 0) return "fails";
  return without.seconds < (limit * SHARE) / 3 ? "does not end" : null;
}

/** Seconds of the processor that a run of the file may take: three times what it does, and to start. */
function limitOf(trace: Trace): number {
  return 5 + 3 * trace.seconds;
}

/** Names of the tests that can tell it, the most particular first; not what is around all of them. */
function testsOf(id: string, trace: Trace): string[] {
  return trace.tests
    .filter(([name, ids]) => name !== "" && ids.includes(id))
    .sort((a, b) => a[1].length - b[1].length)
    .map(([name]) => name);
}
