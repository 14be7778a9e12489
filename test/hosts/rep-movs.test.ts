/** Wazero on amd64 where Go's memmove takes REP MOVS, as on Intel's newer processors. */
import { testConfigurations } from "./configurations.ts";
import { testFuzz } from "./fuzz.ts";
import { testMemory } from "./memory.ts";
import { Run } from "./run.ts";
import { testTable } from "./table.ts";
import { testVectors } from "./vectors.ts";

const run = new Run("amd64 with REP MOVS");
testTable(run, 3);
testMemory(run);
testConfigurations(run);
testVectors(run);
testFuzz(run, 4_000);
