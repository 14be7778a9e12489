/** Two regions for what is read again when it changes: one in use, one to build the next in. */
import { Region } from "./arena";

/** Builds into one region while the other is in use. */
@final
export class Pair {
  private inUse: Region = new Region();
  private spare: Region = new Region();

  /** Sends allocations to the cleared spare region, and returns the one to go back to. */
  enter(): Region {
    this.spare.clear();
    return this.spare.enter();
  }

  /** What was built is in use from now on. */
  swap(): void {
    const retired = this.inUse;
    this.inUse = this.spare;
    this.spare = retired;
  }
}
