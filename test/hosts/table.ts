/** The table of cases on wazero, in an order that a seed picks, several times in one guest for each gate. */
import { after, before, describe, test } from "node:test";
import { type Case, MADE, verify, wireOf } from "../cases/case.ts";
import { writeFiles } from "../cases/files.ts";
import { ENVIRONMENT, type GateName, GATES, STATE } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { fileForm } from "../support/forms.ts";
import type { Run } from "./run.ts";
import { Twins } from "./twins.ts";

export function testTable(run: Run, rounds: number): void {
  const twins = new Map<GateName, Twins>();

  async function attempt(it: Case, id: string): Promise<void> {
    const result = await twins.get(it.gate)!.handle(wireOf(it, id), () => ({ body: "upstream" }));
    verify(it, id, {
      status: result.response.status,
      headers: result.response.headers,
      body: result.response.body.toString("latin1"),
      upstream: result.forwarded,
      lines: result.logs.flatMap(({ data }) => (data?.request === id ? [data] : [])),
    });
  }

  describe(`the table of cases, rounds: ${rounds}`, () => {
    before(async () => {
      const options = { mount: STATE, files: writeFiles, env: ENVIRONMENT, now: () => MADE };
      for (const [name, config] of Object.entries(GATES)) {
        twins.set(name as GateName, await Twins.load(run.host, fileForm(config), options));
      }
    });
    after(async () => {
      for (const it of twins.values()) await it.close();
    });
    for (let round = 1; round <= rounds; round++) {
      run
        .dice(`table ${round}`)
        .shuffled(CASES)
        .forEach((it, number) => {
          test(it.name, () => attempt(it, `case-${round}-${number}`));
        });
    }
  });
}
