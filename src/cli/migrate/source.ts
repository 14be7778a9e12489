/**
 * Options of an old configuration, by their names in any case, and a table of what becomes of each.
 */
import { type Draft, type Tree } from "./draft.ts";
import type { Said } from "./said.ts";

/** What becomes of an option. */
export type Taker = (draft: Draft, value: unknown, all: Source) => Said;

export class Source {
  private readonly entries: [string, unknown][];

  constructor(tree: Tree) {
    this.entries = Object.entries(tree);
  }

  get(key: string): unknown {
    return this.entries.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  get names(): string[] {
    return this.entries.map(([name]) => name);
  }

  /**
   * Gives every option to its taker. An option that is missing in the table may restrict, so
   * everything is then denied.
   */
  give(takers: Readonly<Record<string, Taker>>, draft: Draft, prefix = ""): void {
    const known = new Map(Object.entries(takers).map(([key, taker]) => [key.toLowerCase(), taker]));
    for (const [key, value] of this.entries) {
      const taker = known.get(key.toLowerCase());
      if (taker) draft.tell(prefix + key, taker(draft, value, this));
      else draft.close(prefix + key, "not known here, and it may restrict");
    }
  }
}
