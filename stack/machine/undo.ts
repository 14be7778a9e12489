/** Stops what was started together, the last first. */

export class Undo {
  #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** May be called again. */
  async all(): Promise<void> {
    for (let last = this.#steps.pop(); last; last = this.#steps.pop()) await last();
  }

  /** Does all of it when `start` fails. */
  async orKeep<T>(start: () => Promise<T>): Promise<T> {
    try {
      return await start();
    } catch (error) {
      await this.all();
      throw error;
    }
  }
}
