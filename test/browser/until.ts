/** Waits for what comes by itself: looks again and again, and says what did not come. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** `limit` in milliseconds: far longer than it takes, for machines that are busy. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 20_000) {
  for (const end = Date.now() + limit; !(await holds()); await sleep(50)) {
    assert.ok(Date.now() < end, `${what}: not within ${limit} ms`);
  }
}
