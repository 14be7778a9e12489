/** What executes flows: workers, served flows, task workers, flows that are run by hand; and that all is reported. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { prefectRules } from "../../src/presets/prefect/document.ts";
import { defaults } from "../../src/presets/prefect/preset.ts";
import { replaced } from "../../src/presets/text.ts";
import { until } from "../browser/until.ts";
import { customHeaders, prefect, program, runClient, startClient } from "./client.ts";
import type { Setting } from "./setting.ts";
import { Viewers } from "./viewers.ts";

interface FlowRun {
  id: string;
  state_type: string;
  created: string;
}

/** What python/flows.py's hello does: three tasks of its own, one of its subflow's, and the subflow itself. */
const taskRuns = 5;
const withKey = (setting: Setting) => customHeaders(setting.workerKey);
const worker = [...prefect, "worker", "start", "--pool", "p1", "--run-once"];

export function workerTests(setting: Setting): void {
  const list = async <T>(path: string, body: object): Promise<T[]> => {
    const answer = await setting.ask("viewer", "POST", path, body);
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body) as T[];
  };
  const runsOf = (flow: string) =>
    list<FlowRun>("/api/flow_runs/filter", { flows: { name: { any_: [flow] } } });
  const ofRuns = (runs: FlowRun[]) => ({ flow_runs: { id: { any_: runs.map(({ id }) => id) } } });

  /** Events are worked off after they came in: asks until there are as many, for up to 20 seconds. */
  async function tasksOf(runs: FlowRun[], count: number): Promise<string[]> {
    let found: { state_type: string }[] = [];
    for (let turn = 0; turn < 100 && found.length < count; turn++, await sleep(200)) {
      found = await list("/api/task_runs/filter", ofRuns(runs));
    }
    return found.map(({ state_type }) => state_type);
  }

  /** What Prefect says to a caller who may. */
  async function told<T>(caller: "runner" | "viewer", ...request: [string, string, unknown?]) {
    const answer = await setting.ask(caller, ...request);
    assert.ok(answer.status < 300, `${request[1]}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  }

  async function startHello(): Promise<FlowRun> {
    const { id } = await told<FlowRun>("runner", "GET", "/api/deployments/name/hello/d");
    const path = `/api/deployments/${id}/create_flow_run`;
    return told("runner", "POST", path, { state: { type: "SCHEDULED" } });
  }

  const helloAgain = (id: string) => told<FlowRun>("viewer", "GET", `/api/flow_runs/${id}`);

  before(async () => {
    const { status } = await setting.ask("viewer", "GET", "/api/work_pools/p1");
    assert.equal(status, 200);
  });

  test("a worker with an API key, while 50 viewers poll: nobody is refused, all is reported", async () => {
    const { id } = await startHello();
    const viewers = new Viewers(setting, 50);
    try {
      const { code, output } = await runClient(setting, withKey(setting), worker);
      assert.equal(code, 0, output);
      const run = await helloAgain(id);
      assert.equal(run.state_type, "COMPLETED", output);
      const states = await tasksOf([run], taskRuns - 1);
      assert.equal(states.length, taskRuns - 1, output);
      assert.deepEqual([...new Set(states)], ["COMPLETED"]);
      const logs = await list<{ message: string }>("/api/logs/filter", {
        logs: { flow_run_id: { any_: [id] } },
      });
      const printed = logs.find(({ message }) => message.startsWith("variable one"));
      assert.equal(printed?.message, "variable one, secret of 9 characters");
      const artifacts = await list<{ key: string }>("/api/artifacts/filter", ofRuns([run]));
      assert.ok(artifacts.some(({ key }) => key === "report"));
      assert.ok((await runsOf("child")).length >= 2, "the subflow, and the run of a deployment");
      assert.doesNotMatch(output, /401 Unauthorized|403 Forbidden|HTTP 40[13]|Unable to connect/);
      // A fast machine's worker is done before they have asked often.
      await until("200 answers to viewers", () => viewers.answered > 200);
    } finally {
      await viewers.stop();
    }
    assert.deepEqual(Object.keys(viewers.counts), ["200"], JSON.stringify(viewers.counts));
  });

  test("a worker with a token by client credentials", async () => {
    const { id } = await startHello();
    const { code, output } = await runClient(setting, "worker", worker);
    assert.equal(code, 0, output);
    assert.equal((await helloAgain(id)).state_type, "COMPLETED", output);
  });

  test("worker-strict: no channel, no change of the pool, and the worker works all the same", async () => {
    const { configuration } = setting.stack;
    const strict = prefectRules({ ...defaults, variants: ["worker-strict"] });
    await setting.traefik.configure(replaced("prefect", configuration, strict));
    try {
      const pause = { is_paused: true };
      const { status } = await setting.ask("worker", "PATCH", "/api/work_pools/p1", pause);
      assert.equal(status, 403);
      const { id } = await startHello();
      const { code, output } = await runClient(setting, withKey(setting), worker);
      assert.equal(code, 0, output);
      assert.equal((await helloAgain(id)).state_type, "COMPLETED", output);
    } finally {
      await setting.traefik.configure(configuration);
    }
  });

  test("a worker with a runner's credential says why it does not start", async () => {
    const { code, output } = await runClient(setting, "runner", worker);
    assert.notEqual(code, 0);
    assert.match(output, /403 Forbidden/);
    assert.match(output, /Your roles do not allow \w+: it takes the role worker/);
  });

  test("flow.serve, developer: until Ctrl-C, which pauses the deployment", async () => {
    const credential = customHeaders(setting.token("developer"));
    const client = await startClient(setting, credential, program("serve.py"));
    const served = async () => {
      const found = await setting.ask("viewer", "GET", "/api/deployments/name/local/served");
      return JSON.parse(found.body) as { paused: boolean; status: string };
    };
    // It is ready once it has been polled for.
    for (let turn = 0; turn < 300 && (await served()).status !== "READY"; turn++) await sleep(100);
    const { output } = await client.interrupt();
    assert.match(output, /All deployments have been paused/);
    assert.equal((await served()).paused, true);
  });

  test("flow.serve, runner: refused", async () => {
    const { code, output } = await runClient(setting, "runner", program("serve.py"));
    assert.notEqual(code, 0);
    assert.match(output, /403 Forbidden/);
  });

  test("prefect deploy, runner: refused", async () => {
    const { code, output } = await runClient(setting, "runner", program("prepare.py"));
    assert.notEqual(code, 0);
    assert.match(output, /403 Forbidden/);
  });

  test("a flow that is run by hand, worker: its task runs are reported", async () => {
    const before = (await runsOf("local")).map(({ id }) => id);
    const { code, output } = await runClient(setting, "worker", program("run.py"));
    assert.equal(code, 0, output);
    const made = (await runsOf("local")).filter(({ id }) => !before.includes(id));
    assert.deepEqual(
      made.map(({ state_type }) => state_type),
      ["COMPLETED"],
    );
    assert.deepEqual(await tasksOf(made, 2), ["COMPLETED", "COMPLETED"]);
  });

  test("a flow that is run by hand, runner: refused", async () => {
    const { code, output } = await runClient(setting, "runner", program("run.py"));
    assert.notEqual(code, 0);
    assert.match(output, /403 Forbidden/);
  });

  test("a task worker, and work for it", async () => {
    // Parameters go by files that both can read.
    const files = temporaryFolder("files");
    const who = {
      ...customHeaders(setting.token("worker")),
      PREFECT_LOCAL_STORAGE_PATH: files.path,
    };
    const tasks = await startClient(setting, who, [...program("tasks.py"), "serve"]);
    try {
      await tasks.says("Starting task worker");
      const { output } = await runClient(setting, who, [...program("tasks.py"), "delay"]);
      assert.match(output, /state COMPLETED/);
      assert.match(tasks.output(), /Received task run/);
    } finally {
      await tasks.interrupt();
      files.remove();
    }
  });

  test("a task worker with a viewer's credential gets nothing", async () => {
    const credential = customHeaders(setting.token("viewer"));
    const client = await startClient(setting, credential, [...program("tasks.py"), "serve"]);
    try {
      await client.says("403");
    } finally {
      await client.child.stop();
    }
  });
}
