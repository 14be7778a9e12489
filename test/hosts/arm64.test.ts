/** Wazero's compiler for arm64; on another processor in qemu, which is slow: of the large tables a share, which the seed picks. */
import { testConfigurations } from "./configurations.ts";
import { testMemory } from "./memory.ts";
import { Run } from "./run.ts";
import { testTable } from "./table.ts";
import { testVectors } from "./vectors.ts";

const run = new Run("arm64");
testTable(run, 1);
testMemory(run);
testConfigurations(run, 0.25);
testVectors(run, 40);
