/** Tries mutants with files of tests: those that the table names, then all the others. */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { CHECKS } from "./checks-table.ts";
import type { Mutant } from "./definition.mjs";
import { killAlone, killWith } from "./kill.ts";
import { idOf } from "./modules.ts";
import { functionOf } from "./rows.ts";
import { traceOf } from "./runs.ts";

/** The suites that run the guest on the Node host, the quick ones first. */
const SUITES = ["guest", "login", "vectors", "properties"];
/** Files that take longer than all others: they are asked about what the others do not tell. */
const SLOW = ["guest/schema", "guest/fuzz", "vectors/differential", "properties/language"];

export class Campaign {
  /** Of each mutant that was killed the file, and what becomes of it: `guest/cases fails`. */
  readonly killed = new Map<string, string>();
  /** Cut short by the deadline: what survives was not tried with everything. */
  isCut = false;

  constructor(
    readonly mutants: readonly Mutant[],
    private readonly report: (line: string) => void = () => {},
    /** When nothing more is begun, in milliseconds since 1970. */
    private readonly deadline = Infinity,
  ) {}

  get survivors(): string[] {
    return this.mutants.map(idOf).filter((id) => !this.killed.has(id));
  }

  /** `quick`: with no tests but those that the table names. */
  async run(quick: boolean): Promise<void> {
    const named = [...new Set(this.mutants.flatMap(filesOf))].sort(slowLast);
    await this.transaction(named, (mutant, file) => filesOf(mutant).includes(file));
    if (!quick) {
      await this.transaction(testFiles(), () => true);
      await this.transaction(SLOW, () => true);
    }
    const others = quick ? [] : [...testFiles(), ...SLOW];
    await this.tryAlone((mutant) => new Set([...filesOf(mutant), ...others]));
  }

  /** Tries what is left with each of the files, many mutants in a run. */
  private async transaction(
    files: readonly string[],
    belongs: (mutant: Mutant, file: string) => boolean,
  ): Promise<void> {
    const isLeft = (mutant: Mutant) => !this.killed.has(idOf(mutant));
    if (!this.mutants.some(isLeft)) return;
    await bundle(files);
    await this.each(files, async (file) => {
      const left = this.mutants.filter((mutant) => isLeft(mutant) && belongs(mutant, file));
      if (left.length === 0) return;
      const ids = left.map(idOf);
      const killed = await killWith(file, await traceOf(file), ids, () => this.isOver());
      for (const id of killed) this.killed.set(id, `${file} fails`);
      this.report(`${file}: ${killed.size} of ${left.length}, ${this.survivors.length} left`);
    });
  }

  private async tryAlone(files: (mutant: Mutant) => Iterable<string>): Promise<void> {
    const left = this.mutants.filter((mutant) => !this.killed.has(idOf(mutant)));
    await this.each(left, async (mutant) => {
      const id = idOf(mutant);
      for (const file of files(mutant)) {
        if (this.isOver()) return;
        const kill = await killAlone(file, await traceOf(file), id);
        if (!kill) continue;
        this.killed.set(id, `${file} ${kill}`);
        this.report(`${file}: ${id}`);
        return;
      }
    });
  }

  private isOver(): boolean {
    this.isCut ||= Date.now() >= this.deadline;
    return this.isCut;
  }

  /** As many at a time as there are processors, until the deadline. */
  private async each<T>(list: readonly T[], work: (it: T) => Promise<void>): Promise<void> {
    const queue = [...list];
    const worker = async () => {
      while (queue.length > 0 && !this.isOver()) await work(queue.shift()!);
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
  }
}

async function bundle(files: readonly string[]): Promise<void> {
  const tools = await import(pathToFileURL("tools/build.mjs").href);
  await tools.bundle(files.map((file) => `test/${file}.test.ts`));
}

function slowLast(a: string, b: string): number {
  return SLOW.indexOf(a) - SLOW.indexOf(b);
}

/** The files that are expected to fail. */
function filesOf(mutant: Mutant): readonly string[] {
  return CHECKS[functionOf(mutant)]?.tests ?? [];
}

function testFiles(): string[] {
  const files = SUITES.flatMap((suite) =>
    (readdirSync(`test/${suite}`, { recursive: true }) as string[])
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `${suite}/${name.replace(/\.test\.ts$/, "")}`),
  );
  return files.filter((file) => !SLOW.includes(file));
}
