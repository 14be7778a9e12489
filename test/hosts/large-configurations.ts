/** Large configurations. Each is read by a guest of its own, of which the last rule decides. */
import assert from "node:assert/strict";
import { GOOD } from "../cases/configurations.ts";
import { fileForm } from "../support/forms.ts";
import { token } from "../support/tokens.ts";
import type { Group } from "./memory.ts";
import { Twins } from "./twins.ts";

/** More are refused; see assembly/limits.ts. */
const RULES = 512;

const rules = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `rule-${i}`,
    match: `PathPrefix(\`/application-${i}/{item}\`) && Method(\`GET\`, \`HEAD\`)`,
    allow: "Role(`app-viewer`) || Scope(`admin`)",
  }));

export const CONFIGURATIONS: Group = {
  name: "configurations of N rules",
  sizes: [1, 2, 20, 64, 100, 200, 300, 400, RULES, RULES + 1],
  async open(host) {
    const headers = { Authorization: `Bearer ${await token()}` };
    const now = Date.now();
    return {
      async attempt(size) {
        const config = fileForm({ ...GOOD, default: "deny", rules: rules(size) });
        const twins = await Twins.load(host, config, { now: () => now });
        const { errors } = await twins.check();
        assert.equal(errors, size > RULES ? 1 : 0);
        for (const [number, status] of [
          [size - 1, 200],
          [0, 200],
          [size, 403],
        ] as const) {
          const target = `/application-${number}/a`;
          const { response } = await twins.handle({ target, headers });
          assert.equal(response.status, errors > 0 ? 500 : status);
        }
        await twins.close();
      },
      close: async () => {},
    };
  },
};
