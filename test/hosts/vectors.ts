/** Wycheproof's signatures in the module of test/vectors, on wazero: what is valid there, and nothing else. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { GoModule } from "../support/go-host.ts";
import { vectorsWasm } from "../vectors/guest.ts";
import { FILES } from "../vectors/signature-files.ts";
import { type Case, read } from "../vectors/wycheproof.ts";
import type { Run } from "./run.ts";

/** `most`: cases of each file, which the seed picks. */
export function testVectors(run: Run, most = Infinity): void {
  describe("signatures", () => {
    let module: GoModule;
    before(async () => (module = await run.host.open(vectorsWasm())));
    for (const [name, algorithm] of FILES) {
      test(`${algorithm}: ${name}`, async () => {
        const groups = read(name);
        const all = groups.flatMap((group) => group.tests.map((it) => ({ group, it })));
        const picked = run.dice(name).shuffled(all).slice(0, most);
        let imported: object | null = null;
        let key = 0;
        for (const { group, it } of byGroup(picked)) {
          if (imported !== group) {
            imported = group;
            await module.call("clearKeys", []);
            assert.equal(await module.call("pem", [Buffer.from(group.publicKeyPem)]), 0);
            key = await module.call("current", []);
          }
          const valid = await module.call("verify", [
            ...[key, Buffer.from(algorithm)],
            ...[it.msg, it.sig].map((hex) => Buffer.from(hex, "hex")),
          ]);
          assert.equal(valid, it.result === "valid" ? 1 : 0, `${it.tcId} ${it.comment}`);
        }
      });
    }
  });
}

/** In an order that imports each key once. */
function byGroup<G, T extends { group: G; it: Case }>(list: readonly T[]): T[] {
  const groups = [...new Set(list.map(({ group }) => group))];
  return groups.flatMap((group) => list.filter((each) => each.group === group));
}
