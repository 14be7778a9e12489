/** The tables of configurations on wazero, in every form that Traefik delivers: what a guest says of them is the same. */
import { test } from "node:test";
import { BAD_CONFIGURATIONS, WARNED_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { NO_MAPS } from "../cases/bad-settings.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { GOOD_SIGN_IN } from "../cases/sign-in.ts";
import { fileForm, labelForm } from "../support/forms.ts";
import type { Run } from "./run.ts";
import { Twins } from "./twins.ts";

/** What is refused for its size has been read by then. */
const PAGES = 56;
const FORMS: Record<string, (config: unknown) => unknown> = {
  "CRD JSON": (config) => config,
  "file provider": fileForm,
  labels: labelForm,
};
const TABLE: [name: string, config: unknown][] = [
  ...Object.entries({ ...GOOD_CONFIGURATIONS, ...GOOD_SIGN_IN }),
  ...[...BAD_CONFIGURATIONS, ...WARNED_CONFIGURATIONS].map(
    ({ name, config }): [string, unknown] => [name, config],
  ),
];
const CASES = [
  ...Object.entries(FORMS).flatMap(([form, deliver]) =>
    TABLE.map(([name, config]) => ({ name: `${form}: ${name}`, config: deliver(config) })),
  ),
  ...Object.entries(NO_MAPS).map(([name, text]) => ({ name, config: Buffer.from(text, "latin1") })),
];

/** `share`: of the tables; 1 is all. */
export function testConfigurations(run: Run, share = 1): void {
  const order = run.dice("configurations").shuffled(CASES);
  for (const { name, config } of order.slice(0, Math.ceil(order.length * share))) {
    test(name, async () => {
      const twins = await Twins.load(run.host, config, { mount: "/state", pages: PAGES });
      await twins.check();
      await twins.handle({ target: "/" });
      await twins.close();
    });
  }
}
