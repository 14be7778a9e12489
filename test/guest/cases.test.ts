/** The table of cases on the Node host. */
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGuest } from "../../src/guest/load.ts";
import { verify, wireOf } from "../cases/case.ts";
import { writeFiles } from "../cases/files.ts";
import { ENVIRONMENT, type GateName, GATES, STATE } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { fileForm } from "../support/forms.ts";

const folder = temporaryFolder("cases");
const guests = new Map<GateName, Guest>();

before(async () => {
  writeFiles(folder.path);
  for (const [name, config] of Object.entries(GATES)) {
    const guest = await loadGuest({
      wasm: join(root, "plugin.wasm"),
      config: fileForm(config),
      mounts: [`${folder.path}:${STATE}`],
      env: ENVIRONMENT,
    });
    guests.set(name as GateName, guest);
  }
});
after(() => folder.remove());

describe("cases", () => {
  CASES.forEach((it, number) => {
    test(it.name, async () => {
      const id = `case-${number}`;
      const result = await guests
        .get(it.gate)!
        .handle(wireOf(it, id), () => ({ body: "upstream" }));
      if (result.trap) throw result.trap;
      verify(it, id, {
        status: result.response.status,
        headers: result.response.headers,
        body: result.response.body.toString("latin1"),
        upstream: result.forwarded,
        lines: result.logs.flatMap(({ data }) => (data?.request === id ? [data] : [])),
      });
    });
  });
});
