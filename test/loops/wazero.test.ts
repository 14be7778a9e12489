/** The table of cases on wazero, by a guest whose loops are counted there: none turns more often than it may. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { wireOf } from "../cases/case.ts";
import { writeFiles } from "../cases/files.ts";
import { ENVIRONMENT, GATES, STATE } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { fileForm } from "../support/forms.ts";
import { GoHost } from "../support/go-host.ts";
import { NATIVE } from "../support/go-program.ts";
import { collect, loopsOf, nameOf, noCounts, sizeOf } from "./counted.ts";
import { countedGuest } from "./programs.ts";

const folder = temporaryFolder("loops-wazero");
let host: GoHost;
before(async () => {
  writeFiles(folder.path);
  host = await GoHost.start(NATIVE);
});
after(async () => {
  await host?.stop();
  folder.remove();
});

test(`the table of cases on ${NATIVE}`, async () => {
  const wasm = countedGuest().counted;
  const loops = loopsOf(new WebAssembly.Module(readFileSync(wasm)))!;
  const counts = noCounts();
  for (const [gate, config] of Object.entries(GATES)) {
    const guest = await host.load({
      wasm,
      config: fileForm(config),
      mounts: [`${folder.path}:${STATE}`],
      env: ENVIRONMENT,
    });
    const look = async () =>
      collect(
        "handle_request",
        new Uint32Array(await guest.memory("loops", sizeOf(loops))),
        loops,
        counts,
      );
    await look();
    for (const [number, it] of CASES.entries()) {
      if (it.gate !== gate) continue;
      const result = await guest.handle(wireOf(it, `case-${number}`), () => ({ body: "upstream" }));
      assert.equal(result.trap, null, it.name);
    }
    await look();
    await guest.close();
  }
  const over = loops.filter(
    (loop) => loop && (counts.loops[nameOf(loop)]?.[0] ?? 0) > loop.bound.most,
  );
  assert.deepEqual(over, []);
  assert.ok(
    Object.keys(counts.loops).length > 300,
    `${Object.keys(counts.loops).length} loops turned`,
  );
});
