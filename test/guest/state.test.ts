/** The state directory on the Node host; test/e2e/state.test.ts has the same on Traefik. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGuest } from "../../src/guest/load.ts";
import { STATES, prepareState } from "../cases/states.ts";
import { visitorWasm } from "../support/probe.ts";

let folder: string;
let guest: Guest;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rolegate-state-"));
  prepareState(folder);
  guest = await loadGuest({ wasm: visitorWasm(), mounts: [`${folder}:/state`] });
});
after(() => rmSync(folder, { recursive: true }));

describe("the state directory", () => {
  for (const [name, steps, expected] of STATES) {
    test(name, async () => {
      const { response } = await guest.handle({ target: "/", headers: { "X-State": steps } });
      const said = response.body.toString().trimEnd();
      if (expected instanceof RegExp) assert.match(said, expected);
      else assert.equal(said, expected);
    });
  }
});
