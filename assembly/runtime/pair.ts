/**
 * Two regions for data that is read again when it changes: one in use, one to build the next
 * version in.
 */
import { Region } from "./arena";

/** Builds into one region while the other is in use. */
@final
export class Pair {
  private inUse: Region = new Region();
  private spare: Region = new Region();

  /** Clears the spare region and makes it active. Returns the region that was active before. */
  enter(): Region {
    this.spare.clear();
    return this.spare.enter();
  }

  /** Takes what was built into use. */
  swap(): void {
    const retired = this.inUse;
    this.inUse = this.spare;
    this.spare = retired;
  }
}
