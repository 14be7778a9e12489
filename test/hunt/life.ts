/**
 * One life of a gateway with modes protect, login and keys: it starts, fetches keys at a tick, signs people in, fetches
 * new keys at a later tick, is asked much at once, and ends when it is told to. Each step has a deadline.
 */
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Provider } from "../../stack/provider/provider.ts";
import { HttpBrowser } from "../support/http-browser.ts";

/** What the three modes run in, with a provider and an application behind. */
export interface Gateway {
  pid: number;
  /** Of the application, as browsers see it. */
  url: string;
  /** The file that mode keys writes. */
  keysFile: string;
  ended: Promise<unknown>;
  output(): string;
  /** Whatever it was: gone, and its folders with it. */
  stop(): Promise<void>;
}

/** A step that was not over in time. */
export class StoodStill extends Error {
  constructor(
    readonly step: string,
    seconds: number,
  ) {
    super(`${step}: not within ${seconds} s`);
  }
}

/** It was gone before it was told to go. */
export class Gone extends Error {
  constructor(step: string) {
    super(`${step}: it ended by itself`);
  }
}

/** Far longer than it takes on a busy machine. Seconds. */
const PATIENCE = 40;
const AT_ONCE = 24;

export async function live(gateway: Gateway, provider: Provider): Promise<void> {
  const gone = new AbortController();
  let told = false;
  const step = async (name: string, run: () => Promise<unknown>) => {
    const late = sleep(PATIENCE * 1000, undefined, { signal: gone.signal }).then(() => {
      throw new StoodStill(name, PATIENCE);
    });
    late.catch(() => {});
    const early = gateway.ended.then(() => {
      if (!told) throw new Gone(name);
    });
    early.catch(() => {});
    await Promise.race([run(), late, ...(told ? [] : [early])]);
  };
  const status = async (token: string | null, path = "/api/runs") => {
    const headers: Record<string, string> =
      token === null ? {} : { Authorization: `Bearer ${token}` };
    // An AbortSignal of its own: what hangs must not hang on.
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(PATIENCE * 1000)]);
    const response = await fetch(gateway.url + path, { headers, signal });
    await response.arrayBuffer();
    return response.status;
  };
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!gone.signal.aborted && !(await holds())) await sleep(50);
  };
  try {
    await step("the first tick fetches keys", async () => {
      await until(() => existsSync(gateway.keysFile));
      // A guest that looked in vain looks again in the next second, and answers 503 until then.
      const { mtimeMs } = statSync(gateway.keysFile);
      await sleep((Math.floor(mtimeMs / 1000) + 1) * 1000 - Date.now());
    });
    await step("a token is let in", async () => {
      const token = await provider.token("bob");
      await until(async () => (await status(token)) === 200);
    });
    await step("somebody signs in", () => signIn(gateway, gone.signal));
    await step("much at once", async () => {
      const token = await provider.token("bob");
      const asked = Array.from({ length: AT_ONCE }, (_, i) => status(i % 3 ? token : null));
      const found = await Promise.all(asked);
      assert.deepEqual([...new Set(found)].sort(), [200, 401]);
    });
    await step("a later tick fetches new keys", async () => {
      await provider.rotate();
      const token = await provider.token("bob");
      await until(async () => (await status(token)) === 200);
    });
    await step("somebody signs in with the new keys", () => signIn(gateway, gone.signal));
    told = true;
    await step("it ends when it is told to", async () => {
      process.kill(gateway.pid, "SIGTERM");
      await gateway.ended;
    });
  } finally {
    gone.abort();
  }
}

async function signIn({ url }: Gateway, signal: AbortSignal): Promise<void> {
  const browser = new HttpBrowser({ address: "127.0.0.1" });
  try {
    await browser.go(`${url}/api/runs`, { from: null, signal });
    const { status, body } = await browser.submit({ user: "bob" });
    assert.equal(status, 200, body.slice(0, 500));
  } finally {
    browser.close();
  }
}
