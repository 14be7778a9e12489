/** People with a page open: what Prefect's dashboard and the page of a run ask for, over and over. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Setting } from "./setting.ts";

const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();

const asked: [string, string, unknown?][] = [
  ["POST", "/api/flow_runs/filter", { limit: 20, sort: "START_TIME_DESC" }],
  ["POST", "/api/flow_runs/count", {}],
  [
    "POST",
    "/api/ui/task_runs/dashboard/counts",
    { task_runs: { start_time: { after_: anHourAgo } } },
  ],
  ["POST", "/api/deployments/paginate", { limit: 10 }],
  ["POST", "/api/work_pools/filter", {}],
  ["POST", "/api/logs/filter", { limit: 50 }],
  ["GET", "/api/admin/version"],
  ["GET", "/ui-settings"],
];

export class Viewers {
  /** Answers by status. */
  counts: Record<string, number> = {};
  #running = true;
  #pages: Promise<void>[];

  /** Each asks for one thing after the other, with a pause as a page has it. */
  constructor(setting: Setting, count: number, pause = 2_000) {
    this.#pages = Array.from({ length: count }, async (_, index) => {
      await sleep((index * pause) / count);
      for (let turn = index; this.#running; turn++) {
        const [method, path, body] = asked[turn % asked.length]!;
        const status = await setting.ask("viewer", method, path, body).then(
          (answer) => String(answer.status),
          (error: Error) => error.message,
        );
        this.counts[status] = (this.counts[status] ?? 0) + 1;
        await sleep(pause);
      }
    });
  }

  /** All answers until now. */
  get answered(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#pages);
  }
}
