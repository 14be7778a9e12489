/** What the six callers may do through Prefect's SDK and command line. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Caller, callers } from "../presets/prefect/gate.ts";
import { prefect, program, runClient } from "./client.ts";
import type { Setting } from "./setting.ts";

/** Action of python/actions.py -> who may: viewer, runner, worker, developer, owner. Nobody may without a credential. */
const actions: Record<string, string> = {
  lists: "VRWDO",
  masked: "VRWDO",
  secret: "WDO",
  events_out: "VRWDO",
  emit: "WDO",
  start_run: "RWDO",
  cancel: "WDO",
  delete_run: "DO",
  get_variable: "VRWDO",
  set_variable: "DO",
  unset_variable: "DO",
  create_pool: "WDO",
  pause_pool: "WDO",
  delete_pool: "DO",
  schedule: "DO",
  pause_deployment: "DO",
  automate: "DO",
  limit: "DO",
  settings: "VRWDO",
  storage: "O",
};

/** Of a run that nobody executes, and of its deployment. */
async function idleRun(setting: Setting): Promise<[string, string]> {
  const found = await setting.ask("viewer", "GET", "/api/deployments/name/local/idle");
  const { id } = JSON.parse(found.body) as { id: string };
  const path = `/api/deployments/${id}/create_flow_run`;
  const made = await setting.ask("runner", "POST", path, { state: { type: "SCHEDULED" } });
  assert.equal(made.status, 201, made.body);
  return [(JSON.parse(made.body) as { id: string }).id, id];
}

export function actionTests(setting: Setting): void {
  for (const caller of callers) {
    describe(caller, () => {
      const results = new Map<string, string>();
      before(async () => {
        const args = [...program("actions.py"), caller, ...(await idleRun(setting))];
        const { output } = await runClient(setting, caller, args);
        for (const line of output.split("\n").filter((text) => text.startsWith("{"))) {
          const { action, result } = JSON.parse(line) as Record<"action" | "result", string>;
          results.set(action, result);
        }
      });

      for (const [action, who] of Object.entries(actions)) {
        const allowed = who.includes(caller === "anonymous" ? "-" : caller[0]!.toUpperCase());
        test(`${allowed ? "may" : "may not"} ${action}`, () => {
          const result = results.get(action) ?? "did not run";
          if (allowed) return assert.equal(result, "ok");
          assert.match(result, caller === "anonymous" ? /\b401\b/ : /\b403\b/);
          if (caller !== "anonymous" && action === "secret")
            assert.match(result, /Your roles do not allow see_secret_blocks/);
        });
      }
    });
  }

  const commands: [Caller, string, number, RegExp][] = [
    ["viewer", "version", 0, /Server type: +server/],
    ["viewer", "flow ls", 0, /hello/],
    [
      "viewer",
      "deployment run local/idle",
      1,
      /do not allow run_deployments: it takes the role runner/,
    ],
    ["viewer", "work-pool create p9 --type process", 1, /do not allow write_work_pools/],
    ["anonymous", "flow ls", 1, /401 Unauthorized/],
    // It asks for the secrets as well, whoever calls it.
    ["viewer", "block ls", 1, /403 Forbidden/],
    ["worker", "block ls", 0, /s1/],
  ];
  for (const [caller, command, code, says] of commands) {
    test(`prefect ${command}, ${caller}`, async () => {
      const run = await runClient(setting, caller, [...prefect, ...command.split(" ")]);
      assert.equal(run.code, code, run.output);
      assert.match(run.output, says);
    });
  }

  test("prefect deployment run --watch, runner: logs and events come over WebSockets", async () => {
    const command = "deployment run local/idle --watch --watch-timeout 5";
    const { output } = await runClient(setting, "runner", [...prefect, ...command.split(" ")]);
    // Nobody executes it.
    assert.match(output, /exceeded watch timeout/);
    assert.doesNotMatch(output, /401 Unauthorized|403 Forbidden|HTTP 40[13]|Unable to connect/);
  });

  test("PREFECT_API_AUTH_STRING with an API key as password: HTTP", async () => {
    const who = { PREFECT_API_AUTH_STRING: `worker:${setting.workerKey}` };
    const { code, output } = await runClient(setting, who, [...prefect, "flow", "ls"]);
    assert.equal(code, 0, output);
    assert.match(output, /hello/);
  });

  describe("PREFECT_API_KEY in place of the header", () => {
    const key = () => ({ PREFECT_API_KEY: setting.token("worker") });

    test("HTTP alone needs no more", async () => {
      const { code, output } = await runClient(setting, key(), [...prefect, "flow", "ls"]);
      assert.equal(code, 0, output);
    });

    test("WebSockets get no credential from it: events are refused", async () => {
      const args = [...program("actions.py"), "key", ...(await idleRun(setting))];
      const { output } = await runClient(setting, key(), args);
      const line = (action: string) =>
        output.split("\n").find((text) => text.includes(`"action": "${action}"`)) ?? output;
      assert.match(line("lists"), /"ok"/);
      assert.match(line("emit"), /\b401\b/);
      assert.match(line("events_out"), /\b401\b|closed|Unable/);
    });
  });
}
