/** Wazero on amd64 with Go as this machine's processor has it. */
import { testMemory } from "./memory.ts";
import { Run } from "./run.ts";
import { testTable } from "./table.ts";

const run = new Run("amd64");
testTable(run, 1);
testMemory(run);
