/**
 * That the tests here can fail: the same guest built with bulk-memory instructions does not pass them on amd64. Go's
 * memmove is made to take REP MOVS, whatever the processor, so that this shows everywhere.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/root.ts";
import { pluginWasm } from "../support/gate.ts";
import { GoHost } from "../support/go-host.ts";
import { alwaysRepMovs } from "../support/rep-movs.ts";
import { bulkInstructions } from "../repo/instructions.ts";
import { GROUPS, ROUNDS } from "./memory.ts";

const BULK = join(root, "build", "test", "bulk-memory.wasm");

/** The guest as it is, but for these instructions. */
function compiled(): string {
  if (existsSync(BULK) && statSync(BULK).mtimeMs > statSync(pluginWasm).mtimeMs) return BULK;
  mkdirSync(dirname(BULK), { recursive: true });
  const options = ["--enable", "bulk-memory", "--outFile", BULK];
  execFileSync(process.execPath, ["tools/build.mjs", ...options], { cwd: root, stdio: "ignore" });
  return BULK;
}

/** What goes wrong with a module, of each group the first fault. One may end the whole process: each has its own. */
async function faultsOf(wasm: string): Promise<string[]> {
  const faults: string[] = [];
  for (const group of GROUPS) {
    const host = await GoHost.start("amd64 with REP MOVS");
    host.wasm = wasm;
    try {
      const station = await group.open(host);
      for (const size of group.sizes) {
        for (let round = 0; round < ROUNDS; round++) await station.attempt(size);
      }
      await station.close();
    } catch (error) {
      faults.push(`${group.name}: ${gist(error as Error)}`);
    }
    await host.stop();
  }
  return faults;
}

/** The line that says what it was, if there is one. */
function gist({ message }: Error): string {
  const [first, ...rest] = message.split("\n");
  return rest.find((line) => /wasm error|by wazero|fatal error/.test(line)) ?? first!;
}

test("a guest with bulk-memory instructions does not pass what is large", async (context) => {
  const wasm = compiled();
  assert.notDeepEqual(bulkInstructions(readFileSync(wasm)), []);
  const faults = await faultsOf(wasm);
  for (const fault of faults) context.diagnostic(fault);
  assert.ok(faults.length > 0, "nothing went wrong: these tests would not notice the fault");
});

test("where Go decides on REP MOVS in another way, nothing is built", () => {
  const decides = "\tuseREPMOV := isERMSNiceCPU && cpu.X86.HasERMS && cpu.X86.HasFSRM\n";
  assert.equal(alwaysRepMovs(decides), "\tuseREPMOV := isERMSNiceCPU || true\n");
  for (const source of ["", "useREPMOV := isIntel", decides + decides]) {
    assert.throws(() => alwaysRepMovs(source), /decides on REP MOVS/);
  }
});
