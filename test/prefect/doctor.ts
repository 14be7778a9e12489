/** What `rolegate doctor` says of the servers as they stand. */
import assert from "node:assert/strict";
import { rolegate } from "../cli/run.ts";
import type { Caller } from "../presets/prefect/gate.ts";
import type { Setting } from "./setting.ts";

/** Codes of its findings; `more`: further arguments. */
export async function findings(
  setting: Setting,
  caller: Caller,
  ...more: string[]
): Promise<string[]> {
  const token = setting.token(caller);
  const { stdout, stderr } = await rolegate([
    ...["doctor", "--json", setting.publicUrl, "--preset", "prefect"],
    ...(token === "" ? [] : ["--token", token]),
    ...more,
  ]);
  assert.equal(stderr, "");
  const { findings: found } = JSON.parse(stdout) as { findings: { code: string }[] };
  return found.map(({ code }) => code);
}

/** Those that a pitfall has, among what else it brings with it. */
export async function expectFindings(
  setting: Setting,
  caller: Caller,
  codes: string[],
  ...more: string[]
): Promise<void> {
  const found = await findings(setting, caller, ...more);
  const missing = codes.filter((code) => !found.includes(code));
  assert.deepEqual(missing, [], `doctor found ${found.join(", ") || "nothing"}`);
}
